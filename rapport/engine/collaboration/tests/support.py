"""What tests of following and telling share."""

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications.telling import tell
from rapport.engine.collaboration.following import follow
from rapport.engine.events.act import open_act
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.definitions import check_again
from rapport.engine.records.registry import record_type

People = record_type("people")


def make(user, slug="people", **values):
    with open_act(user.actor) as act:
        return create_record(act, record_type(slug), values)


def change(user, row, slug="people", **values):
    row.refresh_from_db()
    with open_act(user.actor) as act:
        change_record(act, record_type(slug), row, values)


def say(user, row, text, slug="people", **more):
    return make(user, "comments", text=text, about_type=slug, about_id=str(row.pk), **more)


def hear(user, row, level, slug="people"):
    with open_act(user.actor) as act:
        return follow(act, record_type(slug), row, level)


def kinds():
    """(user, kind) of all notices, once the reactions have run."""
    run_reactions()
    rows = Notification.objects.select_related("user").order_by("user__name", "kind")
    return [(one.user.name, one.kind) for one in rows]


def words():
    """(user, title, body) of what is told, for those who may be told."""
    run_reactions()
    check_again()
    found = []
    for one in Notification.objects.select_related("user").order_by("user__name", "pk"):
        found += [(one.user.name, told.title, told.body) for told in tell(one.user.actor, [one]).told.values()]
    return found


def nothing_told_yet():
    run_reactions()
    Notification.objects.all().delete()
