"""What the bell tells when something happened elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications import notify
from rapport.engine.events.act import Act
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.sharing import HOLDERS, shares_in_force
from rapport.engine.records.sharing.journal import SHARES
from rapport.engine.records.showing import record_url


@when("created", about=[SHARES], values=False, label=__("Notices of shares"))
def tell_of_shares(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Whoever can see a record by a new share learns of it, but for who shared it."""
    check_again()
    shares = shares_in_force({entry.about_id for entry in entries if entry.about_id})
    for entry in entries:
        share = shares.get(entry.about_id) if entry.about_id else None
        for user in _told_of(share, entry) if share else ():
            with translation.override(user.language or translation.get_language()):
                _tell(user, share, entry.actor_name)


def _told_of(share: Any, entry: JournalEntry) -> Iterator[User]:
    people = set(HOLDERS[share.kind].people(share.holder)) - {entry.user_id}
    yield from User.objects.active().filter(pk__in=people)


def _tell(user: User, share: Any, who: str) -> None:
    """A line in the bell, if the user can open the record. It names what the user may see."""
    rtype = find_record_type(share.record_type)
    row = visible(user.actor, rtype).filter(pk=share.record_id).first() if rtype else None
    if rtype is None or row is None:
        return
    name = rtype.title_of(row) if mask(user.actor, rtype).shows(rtype.title) else ""
    if name:
        title = _("%(who)s shared %(name)s with you") % {"who": who, "name": name}
    else:
        title = _("%(who)s shared something with you (%(what)s)") % {"who": who, "what": rtype.label}
    notify(user.pk, title=title, url=record_url(rtype, row.pk), key=f"share {share.pk}")
