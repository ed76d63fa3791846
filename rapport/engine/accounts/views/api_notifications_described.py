"""What the description of the API says of notifications."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Mails
from rapport.engine.api.openapi.fields import FLAG, TEXT, operation
from rapport.engine.events.actor import Actor

Json = dict[str, Any]
KEY: Json = {"type": ["string", "null"], "format": "uuid"}
TIME: Json = {"type": "string", "format": "date-time"}
CLOCK: Json = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
ONE: Json = {"$ref": "#/components/schemas/Notification"}
SETTINGS: Json = {"$ref": "#/components/schemas/NotificationSettings"}
STATES = ["unread", "read", "done", "snoozed"]


def paths(_actor: Actor) -> Json:
    """Everybody has their own."""
    listed_items: Json = {"type": "array", "items": ONE}
    items: Json = {"type": "object", "properties": {"items": listed_items, "next": {"type": ["string", "null"]}}}
    done: Json = {"type": "object", "properties": {"done": {"type": "integer"}, "done_at": TIME}}
    place = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    asked: list[Json] = [
        {"name": "state", "in": "query", "schema": {"enum": [*STATES, "all"], "default": "all"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
        {"name": "cursor", "in": "query", "schema": TEXT},
    ]
    listed = _operation("notifications.list", _("Your notifications, the newest first"), {"200": items})
    changed = _operation("notifications.change", _("Put one into a state"), {"200": ONE}, body="Notification.change")
    words = _("Be done with all, or with those about a record")
    finished = _operation("notifications.done", words, {"200": done}, body="Notifications.done")
    shown = _operation("notification-settings.show", _("How you are told by mail"), {"200": SETTINGS})
    put = _operation(
        "notification-settings.put", _("Set how you are told"), {"200": SETTINGS}, body="NotificationSettings"
    )
    return {
        "/notifications": {"get": {**listed, "parameters": asked}},
        "/notifications/{id}": {"parameters": [place], "patch": changed},
        "/notifications/done": {"post": finished},
        "/notification-settings": {"get": shown, "put": put},
    }


def schemas() -> Json:
    """A notice as it is answered, what is sent to change it, and the settings."""
    record: Json = {"type": ["object", "null"], "properties": {"type": TEXT, "id": TEXT, "title": TEXT}}
    shown: Json = {
        "id": TEXT, "state": {"enum": STATES}, "kind": TEXT, "title": TEXT, "body": TEXT, "url": TEXT,
        "record": record, "source": KEY, "who": KEY, "important": FLAG, "came_at": TIME,
        "until": {**TIME, "type": ["string", "null"]},
    }  # fmt: skip
    change: Json = {"state": {"enum": STATES}, "until": {**TIME, "description": _("Until when it is snoozed")}}
    about: Json = {"record_type": TEXT, "record_id": {"type": "string", "format": "uuid"}}
    maybe: Json = {**CLOCK, "type": ["string", "null"]}
    settings: Json = {
        "mails": {"enum": list(Mails.values)}, "everything": FLAG, "not_on_weekends": FLAG,
        "daily_at": CLOCK, "quiet_from": maybe, "quiet_until": maybe,
    }  # fmt: skip
    return {
        "Notification": {"type": "object", "required": list(shown), "properties": shown},
        "Notification.change": {"type": "object", "required": ["state"], "properties": change},
        "Notifications.done": {"type": "object", "properties": about},
        "NotificationSettings": {"type": "object", "properties": settings},
    }


def _operation(name: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    return {**operation(name, summary, answers, body=body), "tags": ["notifications"]}
