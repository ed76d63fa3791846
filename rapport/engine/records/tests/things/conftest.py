"""Two record types that are only data, known to the registry while a test runs."""

from collections.abc import Iterator

import pytest

from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.declare import field
from rapport.engine.records.definitions import forget
from rapport.engine.records.models import Choice, Thing
from rapport.engine.records.registry import RecordType, register, unregister
from rapport.engine.records.tests.conftest import _nothing_remembered, alice, charlie, dana, make
from tests.fixtures.cast import browse

__all__ = ["_nothing_remembered", "alice", "browse", "charlie", "dana", "make"]


def kind(slug: str, label: str) -> RecordType:
    """As an administrator might have it made: two fields of every thing, and two of its own beside the custom ones."""
    return RecordType(
        slug=slug,
        model=Thing,
        label=label,
        label_plural=slug,
        icon="spark",
        section="keep",
        fields=[
            field("name", "Name", "text", required=True, fold="name_fold", sort=True, search=True),
            field("summary", "Summary", "text", custom=True),
            field("phase", "Phase", "choice", options=f"{slug}.phase", custom=True),
            field("owner", "Owner", "user", column="owner_id", sort=True),
            field("tags", "Tags", "tags"),
        ],
        columns=("name", "summary", "phase", "x_code", "owner", "created_at"),
        phone_columns=("phase", "owner"),
        chips=("phase",),
    )


@pytest.fixture
def kinds(dana: User) -> Iterator[tuple[RecordType, RecordType]]:
    """Projects and vehicles, each with the same custom fields."""
    both = kind("projects", "project"), kind("vehicles", "vehicle")
    for one in both:
        register(one)
    with open_act(SYSTEM) as act:
        act.create([Choice(list=f"{one.slug}.phase", value="begun", label="Begun") for one in both])
    for one in both:
        with open_act(dana.actor) as act:
            create_field(act, one, {"label": "Code", "type": "text", "unique": True, "searchable": True})
            create_field(act, one, {"label": "Mails", "type": "emails"})
            create_field(act, one, {"label": "Client", "type": "relation", "target": "companies"})
            create_field(act, one, {"label": "Budget", "type": "money"})
    forget()
    yield both
    for one in both:
        unregister(one.slug)
