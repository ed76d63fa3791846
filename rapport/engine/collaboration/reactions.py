"""Who is told of what is said about records, and of what becomes of them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.notifications import notify_all, wake_record
from rapport.engine.collaboration.following import TURN
from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.notices import changes, comments
from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.events.turns import take_turns
from rapport.engine.records.definitions import check_again

COMMENTS = type_name(Comment)


@when("created", "changed", "deleted", "restored", about=[COMMENTS], values=False, label=__("Notices of what is said"))
def tell_of_comments(act: Act, entries: Sequence[JournalEntry]) -> None:
    """Tell whom comments concern, once for each, and have open pages show them."""
    check_again()
    take_turns(TURN)
    kinds = {kind: {one.about_id for one in entries if one.kind == kind} for kind in ("created", "changed")}
    found = list(Comment._default_manager.filter(pk__in={one.about_id for one in entries}))
    new = [one for one in found if one.pk in kinds["created"]]
    edited = [one for one in found if one.pk in kinds["changed"] - kinds["created"]]
    notices, follows = comments.notices_of(new, edited)
    act.create(follows)
    notify_all(notices)
    wake_record(*{one.about_id for one in found})


@when(
    "changed",
    "deleted",
    "restored",
    "records.merged",
    "records.unmerged",
    label=__("Notices of changes"),
)
def tell_of_changes(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Tell those who follow records what became of them, and new owners what is theirs now."""
    check_again()
    notify_all(changes.notices_of(entries))


@when("created", values=False, label=__("Notices of new records"))
def tell_of_new_records(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Tell users which records somebody else made for them."""
    check_again()
    notify_all(changes.notices_of_new(entries))
