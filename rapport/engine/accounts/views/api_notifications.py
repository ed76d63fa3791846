"""One's own notifications over the API, and how one is told of them by mail.

What is read, done or snoozed are marks of their own, which the journal does not keep; settings it does.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications.listing import notices_of, place_text, read_moment, read_number, read_place
from rapport.engine.accounts.notifications.snoozing import LONGEST
from rapport.engine.accounts.notifications.states import IS_READ, STATES, Which, mark_done, put_in
from rapport.engine.accounts.notifications.telling import Reading, read_out
from rapport.engine.accounts.views.api_notification_settings import put_settings, show_settings
from rapport.engine.accounts.views.api_notifications_described import paths, schemas
from rapport.engine.accounts.views.api_own import own_actor, user_behind
from rapport.engine.api.additions import Addition, add_addresses
from rapport.engine.api.asking import read_limit, refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.api.endpoint import endpoint
from rapport.engine.api.problems import bad_parameter, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.errors import ValidationFailed

Json = dict[str, Any]
ASKED = STATES | {"read": IS_READ}
ONES = ("unread", "read", "done", "snoozed")


def list_notifications(call: Call) -> HttpResponse:
    """One's own notices in a state, the newest first; those neither snoozed nor done where none is named."""
    given, user = call.request.GET, user_behind(call)
    refuse_unknown(call.request, {"state", "limit", "cursor"})
    state, cursor = given.get("state", "all"), given.get("cursor", "")
    if state not in ASKED:
        raise bad_parameter("state", _("Choose one of: %(states)s.") % {"states": ", ".join(ASKED)})
    after = read_place(cursor)
    if cursor and after is None:
        raise bad_parameter("cursor", _("This list did not give out this cursor."))
    rows, beyond = notices_of(user, ASKED[state], after=after, limit=read_limit(given.get("limit")))
    reading = read_out(own_actor(call, user), rows)
    items = [_item(one, reading) for one in rows if one.pk in reading.told]
    return answer({"items": items, "next": place_text(beyond) if beyond else None})


def change_notification(call: Call, key: str) -> HttpResponse:
    """Put one notice into a state: unread, read, done, or snoozed until a moment."""
    refuse_unknown(call.request, set())
    user, number = user_behind(call), read_number(key)
    body = _known(call.body, {"state", "until"})
    state = body.get("state")
    if state not in ONES:
        raise ValidationFailed({"state": _("Choose one of: %(states)s.") % {"states": ", ".join(ONES)}})
    until = _until(body, str(state))
    if number is None or not put_in(Which(user.pk, Q(), notice=number), str(state), until=until):
        raise not_found()
    row = Notification.objects.get(pk=number)
    reading = read_out(own_actor(call, user), [row])
    if row.pk not in reading.told:
        raise not_found()
    return answer(_item(row, reading))


def done_with(call: Call) -> HttpResponse:
    """Be done with all that is neither snoozed nor done, or with what is about one record."""
    refuse_unknown(call.request, set())
    user, body = user_behind(call), _known({} if call.body is None else call.body, {"record_type", "record_id"})
    record = None
    if body:
        key = read_id(body.get("record_id"))
        if key is None or not isinstance(body.get("record_type"), str):
            raise ValidationFailed({"record_id": _("Name a record by record_type and record_id, or neither.")})
        record = (str(body["record_type"]), key)
    count, moment = mark_done(Which(user.pk, record=record))
    return answer({"done": count, "done_at": moment})


def _known(body: Any, names: set[str]) -> Json:
    found = object_of(body)
    for name in found:
        if name not in names:
            raise ValidationFailed({name: _("There is no such field.")})
    return found


def _until(body: Json, state: str) -> datetime | None:
    """Until when something is snoozed. Raises ValidationFailed."""
    if state != "snoozed":
        return None
    until, now = read_moment(str(body.get("until", ""))), timezone.now()
    if until is None or not now < until <= now + LONGEST:
        raise ValidationFailed({"until": _("Name a moment within a year from now, with its zone.")})
    return until


def _item(notice: Notification, reading: Reading) -> Json:
    told, key = reading.told[notice.pk], notice.record_id
    title = reading.titles.get((notice.record_type, key), "") if key else ""
    record = {"type": notice.record_type, "id": str(key), "title": title} if key else None
    return {
        "id": str(notice.pk),
        "state": notice.state,
        "kind": notice.kind,
        "title": told.title,
        "body": told.body,
        "url": reading.url_of(notice),
        "record": record,
        "source": str(notice.source_id) if notice.source_id else None,
        "who": str(notice.who_id) if notice.who_id else None,
        "important": notice.is_important,
        "came_at": notice.came_at,
        "until": notice.snoozed_until,
    }


add_addresses(
    Addition(
        [
            path("notifications", endpoint(get=list_notifications), name="notifications"),
            path("notifications/done", endpoint(post=done_with), name="notifications-done"),
            path("notifications/<str:key>", endpoint(patch=change_notification), name="notification"),
            path("notification-settings", endpoint(get=show_settings, put=put_settings), name="notification-settings"),
        ],
        paths,
        schemas,
    )
)
