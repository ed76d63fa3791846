"""A small place in which everybody owns something: the ground on which routes are asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts import actions as accounts
from rapport.engine.accounts.audit import make_report
from rapport.engine.accounts.audit.keeping import keep_report
from rapport.engine.accounts.factors import actions as factors
from rapport.engine.accounts.factors.queries import factors_of
from rapport.engine.accounts.models import Place, Scope, User
from rapport.engine.accounts.teams import gather_team
from rapport.engine.events.act import open_act
from rapport.engine.files.actions import keep_file
from rapport.engine.files.store import receive
from rapport.engine.records.actions import create_record, delete_records
from rapport.engine.records.custom import actions as custom
from rapport.engine.records.definitions import today
from rapport.engine.records.imports import doors
from rapport.engine.records.models import BulkRun
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.actions import create_view
from rapport.engine.records.sharing import share_record
from tests.fixtures.passkeys import SoftKey
from tests.trust.traces import fingerprint

PARENTS = ("people", "companies")
CHILDREN = ("notes", "memberships")
TARGETS = ("own", "other", "own deleted", "other deleted")
NO_ID = "01a20153-1d69-70c5-a94f-5721a05ce8b4"
TEAM_TARGETS = (*TARGETS, "team", "team deleted")


@dataclass
class Belongings:
    """What one user has: records by slug, alive and deleted, and the few things that are not records."""

    records: dict[tuple[str, bool], Any] = field(default_factory=dict)
    batches: dict[bool, str] = field(default_factory=dict)
    token: str = ""
    passkey: str = ""
    place: str = ""
    file: str = ""
    import_: str = ""
    view: str = ""
    bulk: str = ""
    team: str = ""
    member: str = ""
    conversation: str = ""
    comment: str = ""
    shares: dict[str, str] = field(default_factory=dict)
    # A second live record of each type that is merged.
    twins: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """Everybody, their browsers, their programs, and what is theirs."""

    users: dict[str, User]
    sessions: dict[str, str] = field(default_factory=dict)
    programs: dict[str, dict[str, str]] = field(default_factory=dict)
    things: dict[str, Belongings] = field(default_factory=dict)
    field_id: str = ""
    audit_id: str = ""
    untouched: dict[str, str] = field(default_factory=dict)

    def browser(self, who: str, **options: Any) -> Client:
        """A fresh browser, in which somebody is signed in; an unknown name is signed out."""
        client = Client(**options)
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def owner(self, who: str, target: str) -> str:
        """Whose thing this is to somebody: their own, or that of another."""
        if target.startswith("own"):
            return who if who in self.users else "alice"
        if target.startswith("team"):
            return "alice"
        return "charlie" if who in ("alice", "bob") else "alice"

    def record(self, who: str, target: str, slug: str) -> Any:
        return self.things[self.owner(who, target)].records[slug, "deleted" in target]

    def given(self, who: str, target: str, slug: str) -> dict[str, str]:
        """What the addresses of this site take, for somebody who asks after a target."""
        owner = self.owner(who, target)
        theirs = self.things[owner]
        key = str(theirs.records[slug, "deleted" in target].pk) if (slug, False) in theirs.records else ""
        return {
            "slug": slug,
            "key": key,
            "batch": theirs.batches["deleted" in target],
            "token": theirs.token,
            "passkey": theirs.passkey,
            "place": theirs.place,
            "file_id": theirs.file,
            "import": theirs.import_,
            "view": theirs.view,
            "bulk": theirs.bulk,
            "team": theirs.team,
            "conversation": theirs.conversation,
            "comment": theirs.comment,
            "member": theirs.member,
            "share": theirs.shares.get(slug, NO_ID),
            "field": self.field_id,
            "audit": self.audit_id,
            "role": "member",
            "user": str(self.users[owner].pk),
        }


def build(users: dict[str, User], browse: Callable[[User], Client]) -> World:
    """Fill the place. The administrator makes a custom field of people."""
    world = World(users)
    for name, user in users.items():
        world.sessions[name] = browse(user).cookies[settings.SESSION_COOKIE_NAME].value
        with open_act(user.actor) as act:
            _token, secret = accounts.create_token(act, user, name="program", scope=Scope.WRITE)
            factors.add_passkey(act, user, name=f"Key of {name}", credential=SoftKey().register())
        world.programs[name] = {"Authorization": f"Bearer {secret}"}
        world.things[name] = belongings(user, name)
        world.things[name].place = elsewhere(browse(user), user)
    for name, user in users.items():
        share_all(user, world.things[name], users["alice" if name == "dana" else "dana"])
    with open_act(users["dana"].actor) as act:
        raw = {"label": "Mood", "type": "choice", "options": [{"label": "Calm"}, {"label": "Keen"}]}
        world.field_id = str(custom.create_field(act, record_type("people"), raw).pk)
        world.audit_id = str(keep_report(act, make_report()).pk)
    world.untouched = fingerprint()
    return world


def elsewhere(browser: Client, user: User) -> str:
    """Another browser in which somebody is signed in."""
    now = timezone.now()
    key = browser.session.session_key or ""
    return str(Place.objects.create(user=user, session_key=key, begun_at=now, seen_at=now).pk)


def share_all(user: User, mine: Belongings, other: User) -> None:
    """Share what somebody has with a user who sees it anyway."""
    for slug in PARENTS:
        with open_act(user.actor) as act:
            made = share_record(act, record_type(slug), mine.records[slug, False], {"holder": str(other.pk)})
        mine.shares[slug] = str(made.pk)


def belongings(user: User, name: str) -> Belongings:
    mine = Belongings()
    with open_act(user.actor) as act:
        for deleted in (False, True):
            word = f"{name}{'gone' if deleted else ''}"
            person = create_record(act, record_type("people"), {"name": f"Person of {word}", "owner": "me"})
            company = create_record(act, record_type("companies"), {"name": f"Firm of {word}", "owner": "me"})
            mine.records |= {("people", deleted): person, ("companies", deleted): company}
    mine.batches[False] = str(act.batch)
    with open_act(user.actor) as act:
        for slug in PARENTS:
            twin = create_record(act, record_type(slug), {"name": f"Twin of {name}", "owner": "me"})
            mine.twins[slug] = str(twin.pk)
    person, company = mine.records["people", False], mine.records["companies", False]
    with open_act(user.actor) as act:
        for deleted in (False, True):
            about = {"about_type": "people", "about_id": str(person.pk), "text": f"Word of {name}"}
            mine.records["notes", deleted] = create_record(act, record_type("notes"), about)
            work = {"person": str(person.pk), "company": str(company.pk), "title": f"Post of {name}"}
            mine.records["memberships", deleted] = create_record(act, record_type("memberships"), work)
    with open_act(user.actor) as act:
        talk = create_record(act, record_type("conversations"), {"name": f"Talk of {name}", "members": ["me"]})
        about = {"about_type": "conversations", "about_id": str(talk.pk), "text": f"Thought of {name}"}
        mine.conversation = str(talk.pk)
        mine.comment = str(create_record(act, record_type("comments"), about).pk)
    with open_act(user.actor) as act:
        for slug in (*PARENTS, *CHILDREN):
            delete_records(act, record_type(slug), [mine.records[slug, True]])
    mine.batches[True] = str(act.batch)
    mine.token = str(user.tokens.get().pk)
    mine.passkey = str(factors_of(user).passkeys[0].id)
    with receive(BytesIO(b"words"), name=f"{name}.txt") as incoming, open_act(user.actor) as act:
        mine.file = str(keep_file(act, incoming).pk)
    run = doors.begin(user.actor, record_type("people"), BytesIO(b"Name\nFrom a file\n"), name=f"{name}.csv")
    mine.import_ = str(run.pk)
    with open_act(user.actor) as act:
        mine.view = str(create_view(act, record_type("people"), {"name": f"View of {name}"}).pk)
        team = gather_team(act, {"name": f"Team of {name}", "ends_on": today().isoformat()}, [])
        mine.team, mine.member = str(team.pk), str(team.members.get().pk)
    done = BulkRun(record_type="people", user_id=user.pk, deed="edit", state="done", created_at=run.created_at)
    done.save()
    mine.bulk = str(done.pk)
    return mine
