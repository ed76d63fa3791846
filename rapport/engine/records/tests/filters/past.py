"""A past for the small world: more memberships, notes, mentors, companies under others, and changes over some weeks."""

import datetime as dt
from dataclasses import replace
from typing import Any

from rapport.activities.record_types import NoteType
from rapport.customers.record_types import CompanyType, MembershipType, PersonType
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import ADMIN, Actor
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.journal.partitions import make_partitions
from rapport.engine.events.models import JournalEntry, JournalSubject
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.definitions import forget
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.gate import visible
from rapport.engine.records.models import CustomField
from rapport.engine.records.registry import RecordType
from rapport.engine.records.tests.filters.oracle import World

TYPES = (PersonType, CompanyType, MembershipType, NoteType)


class Past:
    """Told through the engine's own actions, at moments so many days ago."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people, self.companies = (
            sorted(world.rows[slug].values(), key=lambda row: (row.created_at, row.pk))
            for slug in ("people", "companies")
        )
        self.bob = Actor("user", "Bob", world.users["bob@x.example"], frozenset({ADMIN}))
        self.robot = Actor("import", "File", None, frozenset({ADMIN}), on_behalf_of=world.actor.user_id)
        make_partitions(world.now - dt.timedelta(days=200), world.now)

    def lived(self) -> World:
        """The world with its past, all rows and entries read anew."""
        self.find_mentors()
        self.work_elsewhere()
        self.write_notes()
        self.change()
        self.hang_below_what_is_gone()
        self.grow_old()
        rows = {rtype.slug: {row.pk: row for row in visible(self.world.actor, rtype)} for rtype in TYPES}
        scope = scope_for(self.world.actor, PersonType)
        return replace(self.world, rows=rows, journal=entries(), scope=scope, known={})

    def when(self, days: int, actor: Actor | None = None, reason: str = "") -> Any:
        return open_act(actor or self.world.actor, now=self.world.now - dt.timedelta(days=days), reason=reason)

    def find_mentors(self) -> None:
        with self.when(0) as act:
            act.create(
                CustomField(record_type="people", slug="x_mentor", label="Mentor", type="relation", target="people")
            )
        forget()
        with self.when(0) as act:
            for row, mentor in ((1, 0), (2, 0), (3, 1), (4, 4)):
                change_record(act, PersonType, self.people[row], {"x_mentor": str(self.people[mentor].pk)})

    def work_elsewhere(self) -> None:
        for index, (days, title) in enumerate([(120, "Buyer"), (50, "Owner"), (40, ""), (3, "Co-owner")]):
            tie = {"person": self.people[index % 3].pk, "company": self.companies[index % 3].pk, "primary": False}
            with self.when(days) as act:
                create_record(act, MembershipType, tie | {"title": title, "since": f"20{19 + index}-07-01"})

    def write_notes(self) -> None:
        first, second = self.people[:2]
        for days, about, text, actor in (
            (100, first, "Likes snow", self.bob),
            (5, first, "More snow", None),
            (2, second, "Deleted", self.bob),
        ):
            with self.when(days, actor) as act:
                values = {"text": text, "about_type": "people", "about_id": str(about.pk)}
                note = create_record(act, NoteType, values)
                if text == "Deleted":
                    delete_records(act, NoteType, [note])
        with self.when(9) as act:
            about = {"about_type": "companies", "about_id": str(self.companies[0].pk)}
            create_record(act, NoteType, {"text": "Firm", **about})

    def change(self) -> None:
        changes: list[tuple[int, RecordType, Any, dict[str, Any], Actor | None, str]] = [
            (50, PersonType, self.people[0], {"stage": "customer", "x_text": "new"}, None, "met at a fair"),
            (10, PersonType, self.people[0], {"stage": "lead", "emails": "ase@fjord.no"}, self.robot, ""),
            (6, PersonType, self.people[1], {"company": str(self.companies[2].pk)}, None, ""),
            (30, PersonType, self.people[3], {"name": "Berglind", "x_number": "7"}, self.bob, "Fair"),
            (20, CompanyType, self.companies[0], {"industry": "travel", "size": 12}, None, ""),
        ]
        for days, rtype, row, values, actor, reason in changes:
            with self.when(days, actor, reason) as act:
                change_record(act, rtype, row, values)

    def hang_below_what_is_gone(self) -> None:
        """A company lies under a deleted one, which lies under the first: nothing leads there any more."""
        gone = CompanyType.rows().get(name="Deleted")
        with self.when(0) as act:
            act.change(gone, parent_id=self.companies[0].pk)
            lost = create_record(act, CompanyType, {"name": "Lost"})
            act.change(lost, parent_id=gone.pk)
            create_record(act, CompanyType, {"name": "Lost too", "parent": str(lost.pk)})

    def grow_old(self) -> None:
        """Some records are as old as a year."""
        old = self.world.now - dt.timedelta(days=400)
        for rows in (self.people, self.companies):
            type(rows[0]).objects.filter(pk__in=sorted(row.pk for row in rows)[:3]).update(created_at=old)


def entries() -> list[Any]:
    """The whole journal with what it says, and `told`, whom else each entry is about."""
    found: list[Any] = with_payloads(list(JournalEntry.objects.order_by("id")))
    for entry in found:
        entry.told = list(JournalSubject.objects.filter(entry_id=entry.pk))
    return found
