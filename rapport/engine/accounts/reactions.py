"""What the bell tells when something happened elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.models import Notification, User
from rapport.engine.accounts.notifications import Notice, Told, notify_all, register_teller
from rapport.engine.accounts.notifications.telling import titles_of
from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.definitions import check_again
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import HOLDERS, shares_in_force
from rapport.engine.records.sharing.journal import SHARES

SHARE = "share"


@when("created", about=[SHARES], values=False, label=__("Notices of shares"))
def tell_of_shares(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Whoever can see a record by a new share learns of it, but for who shared it."""
    check_again()
    shares = shares_in_force({entry.about_id for entry in entries if entry.about_id})
    told = [(entry, shares[entry.about_id]) for entry in entries if entry.about_id in shares]
    notify_all([notice for entry, share in told for notice in _notices(share, entry)])


def _notices(share: Any, entry: JournalEntry) -> Iterator[Notice]:
    """One for each user who can see the record; no word of the record is kept."""
    people = set(HOLDERS[share.kind].people(share.holder)) - {entry.user_id}
    for user in User.objects.active().filter(pk__in=people):
        if titles_of(user.actor, [(share.record_type, share.record_id)]):
            yield Notice(
                user_id=user.pk,
                key=f"share {share.pk}",
                kind=SHARE,
                record_type=share.record_type,
                record_id=share.record_id,
                source_id=share.pk,
                who_id=entry.user_id,
                data={"who": entry.actor_name},
            )


def words_of_shares(actor: Actor, notices: Sequence[Notification]) -> Mapping[int, Told]:
    """Who shared what. It names what the reader may see."""
    titles = titles_of(actor, [(one.record_type, one.record_id) for one in notices if one.record_id])
    return {
        one.pk: Told(_title(one, titles[one.record_type, one.record_id]))
        for one in notices
        if one.record_id and (one.record_type, one.record_id) in titles
    }


def _title(notice: Notification, name: str) -> str:
    who = notice.data.get("who", "")
    if name:
        return _("%(who)s shared %(name)s with you") % {"who": who, "name": name}
    what = record_type(notice.record_type).label
    return _("%(who)s shared something with you (%(what)s)") % {"who": who, "what": what}


register_teller(SHARE, words_of_shares)
