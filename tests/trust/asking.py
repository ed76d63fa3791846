"""How each route is asked so that only the gate can refuse: what its address takes and what its form or body says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from rapport.engine.records.definitions import forget
from tests.trust.routes import Route
from tests.trust.traces import fingerprint
from tests.trust.world import CHILDREN, NO_ID, PARENTS, TARGETS, TEAM_TARGETS, World

IN_A_MONTH = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
HOUSE = {"name": "Northwind", "country": "NO", "currency": "NOK", "time_zone": "Europe/Oslo"}
SELF = {"name": "Somebody", "language": "", "time_zone": "", "theme": "dark"}
# Which of what somebody has is meant by the `key` of an address; without a line, a record.
KEYS = {
    "accounts:revoke_token": "token",
    "accounts:change_role": "user",
    "accounts:make_link": "user",
    "accounts:deactivate": "user",
    "accounts:access": "user",
    "accounts:view_as": "user",
    "accounts:reactivate": "user",
    "accounts:take_second_factor": "user",
    "accounts:end_place": "place",
    "accounts:passkey": "passkey",
    "accounts:remove_passkey": "passkey",
    "api:audit-report": "audit",
    "accounts:audit": "audit",
    "accounts:audit_file": "audit",
    "accounts:team": "team",
    "accounts:team_deed": "team",
    "accounts:team_member": "team",
    "collaboration:conversation": "conversation",
    "collaboration:leave": "conversation",
    "collaboration:edit-comment": "comment",
    "collaboration:assign": "comment",
    "collaboration:delete-comment": "comment",
    "web:custom-field": "field",
    "web:custom-field-options": "field",
    "web:custom-field-deed": "field",
    "api:field": "field",
    "api:notification": "notice",
    "api:role": "role",
    "api:field-rule": "field",
    "api:restore-field": "field",
    "web:view": "view",
    "web:change-view": "view",
    "web:view-deed": "view",
    "api:view": "view",
    "api:restore-view": "view",
    "api:undo": "batch",
    "api:file": "file_id",
    "api:import": "import",
    "api:steer-import": "import",
    "api:bulk-run": "bulk",
    "api:steer-bulk": "bulk",
    "activities:finish-task": "task",
    "activities:reopen-task": "task",
    "activities:delete-task": "task",
    "collaboration:rename-file": "attachment",
    "collaboration:delete-file": "attachment",
    "collaboration:call": "call",
    "collaboration:new-page": "space",
    "collaboration:pin-view": "view",
    "collaboration:pin-deed": "pin",
    **dict.fromkeys(
        (f"collaboration:{name}" for name in ("page", "page-history", "bring-page-back", "delete-page")), "page"
    ),
}
IMPORTS, BULK = "web:import-", "web:bulk-"
PLAIN = {"secret": "unknown", "uidb36": "1", "key": "unknown", "job": "1", "field_slug": "", "deed": "delete",
         "format_": "csv", "word": "cancel", "kind": "required", "role": "member",
         "message": NO_ID, "merge": NO_ID}  # fmt: skip
EDITED = {"people": "source", "companies": "vat_number", "notes": "text", "memberships": "role"}
# The field whose value is a lane of a board.
MOVED = {"web:move": "stage"}
# Routes that name records in what is sent to them.
IN_BODY = frozenset({"web:bulk", "api:bulk", "api:records", "api:batch", "api:merge", "api:not-same", "web:not-same"})
FORMS: dict[str, dict[str, Any]] = {
    "web:create": {"name": "Somebody new"},
    "web:move": {"to": "lead"},
    "activities:write-note": {"text": "A word"},
    "collaboration:write-comment": {"text": "A word"},
    "collaboration:follow": {"level": "all"},
    "collaboration:edit-comment": {"text": "Another word"},
    "collaboration:new-conversation": {"text": "A word"},
    "activities:add-task": {"title": "Call"},
    "collaboration:call-rules": {"address": "https://meet.example.com/{room}"},
    "collaboration:new-page": {"title": "Plan"},
    "collaboration:page": {"text": "Words"},
    "collaboration:rename-file": {"name": "Renamed"},
    "accounts:invite": {"email": "frank@northwind.example", "name": "Frank", "role": "member"},
    "accounts:change_role": {"role": "admin"},
    "accounts:profile": SELF,
    "accounts:theme": {"theme": "dark"},
    "accounts:tokens": {"name": "Another", "scope": "read"},
    "accounts:passkey": {"name": "Renamed"},
    "accounts:teams": {"name": "East"},
    "accounts:my_teams": {"name": "Spring fair", "ends_on": IN_A_MONTH},
    "accounts:team": {"purpose": "Tents"},
    "accounts:bell_deed": {"up_to": "2099-01-01T00:00:00+00:00"},
    "accounts:notification_settings": {"mails": "daily", "daily_at": "07:30"},
    "web:change-share": {"level": "change"},
    "web:save-view": {"name": "Another", "part.where": "stage = lead"},
    "web:change-view": {"name": "Renamed"},
    "web:organisation": HOUSE,
    "web:new-field": {"type": "text", "label": "Shoe size"},
    "web:custom-field": {"label": "Temper"},
    "web:custom-field-options": {"option.0.label": "Calm", "option.0.value": "calm", "option.1.label": "New"},
    "web:field-rule": {"where": "stage = lost"},
    "web:new-role": {"name": "Scout"},
    "web:new-quality-rule": {"label": "Sourced", "field": "source", "kind": "complete", "weight": "1", "save": "1"},
    "web:confirm": {"field": "source"},
    "web:role": {"purpose": "Works here", "save": "1"},
    "web:layout-of": {"hide": "colleagues"},
    "account_login": {"login": "alice@northwind.example", "password": "wrong"},
    "account_change_password": {"oldpassword": "wrong", "password1": "x", "password2": "x"},
    "account_set_password": {"password1": "a long enough secret", "password2": "a long enough secret"},
    "account_reset_password": {"email": "alice@northwind.example"},
}


def slugs_of(route: Route) -> tuple[str, ...]:
    """The record types in whose name a route is asked."""
    if "slug" not in route.takes:
        return ("notes",) if route.name == "activities:delete-note" else ("people",)
    return (*PARENTS, *CHILDREN) if route.is_api else ("people",)


def targets_of(route: Route, who: str) -> tuple[str, ...]:
    """Whose things a route is asked about: everybody's, where it names one."""
    names_one = {"key", "batch", "file_id"} & set(route.takes) or route.name in IN_BODY
    if not names_one or who == "eve":
        return TARGETS[:1]
    return TEAM_TARGETS if who == "bob" else TARGETS


def given_to(route: Route, world: World, who: str, target: str, slug: str) -> dict[str, str]:
    """What the address of a route takes."""
    given = world.given(who, target, slug)
    machine = {IMPORTS: "import", BULK: "bulk"}
    meant = KEYS.get(route.name, next((key for name, key in machine.items() if route.name.startswith(name)), "key"))
    key = PLAIN["key"] if route.name.startswith("account_") else given[meant]
    if route.name == "files:content":
        given["token"] = "unknown"
    if route.name == "collaboration:pin-deed":
        given["deed"] = "unpin"
    if route.name == "accounts:team_member":
        given["deed"] = "remove"
    if route.name == "accounts:bell_deed":
        given["deed"] = "done"
    if route.name == "web:bulk":
        given["word"] = "delete"
    return {**PLAIN, **given, "key": key, "field_slug": MOVED.get(route.name, EDITED[slug])}


def ask(world: World, route: Route, method: str, who: str, target: str, slug: str) -> HttpResponse:
    """Send one request as somebody, about somebody's."""
    path = route.path(given_to(route, world, who, target, slug))
    if route.is_api:
        body = _body(route, method, world, who, target, slug)
        sent = b"" if body is None else orjson.dumps(body)
        headers = world.programs.get(who, {})
        return Client().generic(method, path, sent, content_type="application/json", headers=headers)
    browser = world.browser(who)
    if method == "GET":
        return browser.get(path)
    return browser.post(path, _form(route, world, who, target, slug))


def taken_back(world: World, *question: Any) -> tuple[str, HttpResponse]:
    """What came of a request: its status, or `sign-in` for the way to the door, and `wrote` where a row changed."""
    cache.clear()
    with transaction.atomic():
        answer = ask(world, *question)
        wrote = fingerprint() != world.untouched
        transaction.set_rollback(True)
    forget()
    to_door = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?")
    said = "sign-in" if to_door else str(answer.status_code)
    return f"{said} wrote" if wrote else said, answer


def _form(route: Route, world: World, who: str, target: str, slug: str) -> dict[str, Any]:
    if route.name == "web:bulk":
        return {"id": str(world.record(who, target, slug).pk)}
    if route.name == "web:not-same":
        return {"id": [str(world.record(who, target, slug).pk), _twin(world, who, target, slug)]}
    if route.name == "web:share":
        return {"holder": f"user:{world.users['erin'].pk}"}
    if route.name in ("collaboration:pin", "collaboration:pin-view"):
        return {"workspace": world.given(who, "own", slug)["space"]}
    if route.name == "collaboration:files":
        return {"file": SimpleUploadedFile("words.txt", b"words")}
    if route.name == "collaboration:assign":
        return {"who": str(world.users["alice"].pk)}
    if route.name == "web:edit":
        return {EDITED[slug]: "changed"}
    return FORMS.get(route.name, {})


def _body(route: Route, method: str, world: World, who: str, target: str, slug: str) -> Any:
    if method not in {"POST", "PATCH", "PUT"}:
        return None
    changed = {EDITED[slug]: "changed"}
    record = world.record(who, target, slug)
    bodies: dict[str, Any] = {
        "api:records": _new(world, who, target, slug),
        "api:record": changed,
        "api:bulk": {"ids": [str(record.pk)], "set": changed},
        "api:batch": {"mode": "update", "items": [{"id": str(record.pk), **changed}]},
        "api:merge": {"survivor": str(record.pk), "records": [_twin(world, who, target, slug)]},
        "api:not-same": {"records": [str(record.pk), _twin(world, who, target, slug)]},
        "api:shares": {"holder": str(world.users["erin"].pk)},
        "api:share": {"level": "change"},
        "api:follow": {"level": "all"},
        "api:confirm": {"fields": [EDITED[slug]]},
        "api:notification": {"state": "read"},
        "api:notification-settings": {"mails": "daily"},
        "api:fields": {"record_type": "people", "label": "Shoe size", "type": "text"},
        "api:field": {"label": "Temper"},
        "api:views": {"record_type": "people", "name": "Another"},
        "api:view": {"name": "Renamed"},
        "api:field-rules": {
            "record_type": "people",
            "field": "source",
            "kind": "required",
            "condition": "stage = lost",
        },
    }
    return bodies.get(route.name)


def _twin(world: World, who: str, target: str, slug: str) -> str:
    """Another record of the same owner; of a child none."""
    return world.things[world.owner(who, target)].twins.get(slug, NO_ID)


def _new(world: World, who: str, target: str, slug: str) -> dict[str, str]:
    """A new record: a child belongs to the target's person."""
    person = str(world.record(who, target, "people").pk)
    company = str(world.record(who, target, "companies").pk)
    return {
        "notes": {"about_type": "people", "about_id": person, "text": "A word"},
        "memberships": {"person": person, "company": company, "title": "Post"},
    }.get(slug, {"name": "Somebody new"})
