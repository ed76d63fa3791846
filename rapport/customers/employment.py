"""Where a person works: the relation `company` of a person, kept as memberships with their dates."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models

from rapport.customers.models import Membership
from rapport.engine.events.act import Act
from rapport.engine.events.blank import blank
from rapport.engine.events.keeping import Keeping
from rapport.engine.events.models import Journaled
from rapport.engine.records.fields import Through


class PrimaryMembership(Through):
    """The company of a person is that of the primary membership. Another company begins another membership."""

    def keeping(self, model: type[Journaled], slug: str) -> Keeping:
        return Keeping(model=model, name=slug, table=Membership, record="person_id", value="company_id", when="primary")

    def load(self, ids: Sequence[UUID]) -> dict[UUID, UUID]:
        primary = Membership.objects.filter(person_id__in=ids, primary=True, deleted_at=None)
        return dict(primary.values_list("person_id", "company_id"))

    def assign(self, act: Act, pairs: Sequence[tuple[Any, UUID | None]]) -> None:
        """End the primary memberships that point elsewhere, today, and begin the new ones."""
        wanted = {row.pk: target for row, target in pairs}
        current = Membership.objects.filter(person_id__in=wanted, primary=True, deleted_at=None)
        elsewhere = [one for one in current if wanted[one.person_id] != one.company_id]
        staying = {one.person_id for one in current} - {one.person_id for one in elsewhere}
        act.change_each([(one, {"primary": False, "until": _end(one, act)}) for one in elsewhere])
        self.begin(act, [(row, target) for row, target in pairs if row.pk not in staying])

    def begin(self, act: Act, pairs: Sequence[tuple[Any, UUID | None]]) -> None:
        wanted = {row.pk: target for row, target in pairs}
        act.create([_membership(person, company) for person, company in wanted.items() if company])

    def matching(self, targets: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        return Membership.objects.filter(company__in=targets, primary=True, deleted_at=None).values("person_id")


def _membership(person: UUID, company: UUID) -> Membership:
    row = blank(Membership)
    row.person_id, row.company_id, row.primary = person, company, True
    return row


def _end(membership: Membership, act: Act) -> Any:
    """Today, or the first day if that lies in the future."""
    today = act.now.date()
    return max(today, membership.since) if membership.since else today
