"""What users are told of: what others share with them."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications import notify
from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.models import Share
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.sharing import HOLDERS
from rapport.engine.records.showing import record_url


@when("created", about=[type_name(Share)], values=False, label=__("News of what is shared"))
def tell_of_shares(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Tell whomever a record was shared with, all of a team but the one who did it."""
    check_again()
    by = {entry.about_id: entry for entry in entries}
    for share in Share.objects.filter(pk__in=[key for key in by if key], deleted_at=None):
        entry = by[share.pk]
        for user in _told(share, besides=entry.user_id):
            _tell(user, share, entry.actor_name)


def _told(share: Share, *, besides: UUID | None) -> Iterator[User]:
    people = HOLDERS[share.kind].people(share.holder) if share.kind in HOLDERS else ()
    yield from User.objects.active().filter(pk__in=[one for one in people if one != besides])


def _tell(user: User, share: Share, who: str) -> None:
    """A record by its title, where the user's role shows it; nothing where it lets them see no such record."""
    rtype, actor = find_record_type(share.record_type), user.actor
    row = visible(actor, rtype).filter(pk=share.record_id).first() if rtype else None
    if rtype is None or row is None:
        return
    title = rtype.title_of(row) if mask(actor, rtype).shows(rtype.title) else ""
    said = _("%(who)s shared %(what)s with you") % {"who": who, "what": title or rtype.label}
    notify(user.pk, title=said, url=record_url(rtype, row.pk), key=f"share {share.pk}")
