"""A bulk edit is the same as the single edits, one by one."""

import pytest

from rapport.customers.models import Membership, Person
from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.bulk.conftest import done

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_fields")]
People = record_type("people")
EMPTY, FULL, OTHER = (
    {"name": "Empty"},
    {
        "name": "Full Fuller", "emails": "a@x.no; b@x.no", "phones": "+47 77 60 12 34", "stage": "lead",
        "source": "Fair",
        "tags": "tents; boots", "birthday": "1990-03-14", "do_not_contact": True, "addresses": [{"city": "Oslo"}],
        "x_score": "4.5", "x_budget": "100 EUR", "x_moods": "Calm; Keen", "x_seen": "2026-01-02 03:04",
        "x_story": "Once", "x_must": "one",
    },
    {"name": "Other", "emails": "c@x.no", "tags": "boots", "x_score": "-1", "x_budget": "5 NOK", "x_moods": "Gone"},
)  # fmt: skip


def without(old, *words):
    return [one for one in old if one not in words]


def joined(old, *words):
    return list(dict.fromkeys([*old, *words]))


def entries(old, key):
    return [one[key] for one in old]


# What is asked in bulk, and what the same edit is on one record, from what it holds.
CASES = {
    "text": ({"source": ("set", "Letter")}, lambda one: {"source": "Letter"}),
    "text, cleared": ({"source": ("clear", None)}, lambda one: {"source": ""}),
    "a name that is split": ({"name": ("set", "Ada Lovelace")}, lambda one: {"name": "Ada Lovelace"}),
    "a name that is put together": ({"first_name": ("set", "Ada")}, lambda one: {"first_name": "Ada"}),
    "choice": ({"stage": ("set", "customer")}, lambda one: {"stage": "customer"}),
    "choice, cleared": ({"stage": ("clear", None)}, lambda one: {"stage": ""}),
    "user": ({"owner": ("set", "me")}, lambda one: {"owner": "me"}),
    "date": ({"birthday": ("set", "2001-02-03")}, lambda one: {"birthday": "2001-02-03"}),
    "yes or no": ({"do_not_contact": ("set", "no")}, lambda one: {"do_not_contact": "no"}),
    "tags, added": ({"tags": ("add", "boots, ice")}, lambda one: {"tags": joined(one.tags, "boots", "ice")}),
    "tags, removed": ({"tags": ("remove", "boots")}, lambda one: {"tags": without(one.tags, "boots")}),
    "tags, replaced": ({"tags": ("set", "ice")}, lambda one: {"tags": ["ice"]}),
    "e-mails, added": (
        {"emails": ("add", "b@x.no; new@x.no")},
        lambda one: {"emails": joined(entries(one.emails, "email"), "b@x.no", "new@x.no")},
    ),
    "e-mails, the first one removed": (
        {"emails": ("remove", "a@x.no")},
        lambda one: {"emails": without(entries(one.emails, "email"), "a@x.no")},
    ),
    "e-mails, replaced": ({"emails": ("set", "b@x.no")}, lambda one: {"emails": "b@x.no"}),
    "phones, cleared": ({"phones": ("clear", None)}, lambda one: {"phones": ""}),
    "addresses, added": (
        {"addresses": ("add", [{"city": "Bergen"}])},
        lambda one: {"addresses": [*({"city": a["city"]} for a in one.addresses), {"city": "Bergen"}]},
    ),
    "number": ({"x_score": ("set", "7")}, lambda one: {"x_score": "7"}),
    "number, increased": (
        {"x_score": ("increase", "2.25")},
        lambda one: {"x_score": str(float(one.custom["x_score"]) + 2.25)} if "x_score" in one.custom else {},
    ),
    "money": ({"x_budget": ("set", "12 EUR")}, lambda one: {"x_budget": "12 EUR"}),
    "choices, added": (
        {"x_moods": ("add", ["gone"])},
        lambda one: {"x_moods": joined(one.custom.get("x_moods", ()), "gone")},
    ),
    "choices, removed": (
        {"x_moods": ("remove", ["calm"])}, lambda one: {"x_moods": without(one.custom.get("x_moods", []), "calm")},
    ),
    "moment": ({"x_seen": ("set", "2026-05-05 10:00")}, lambda one: {"x_seen": "2026-05-05 10:00"}),
    "long text": ({"x_story": ("set", "Two\nlines")}, lambda one: {"x_story": "Two\nlines"}),
    "several fields": (
        {"stage": ("set", "customer"), "tags": ("add", "ice"), "x_score": ("clear", None)},
        lambda one: {"stage": "customer", "tags": joined(one.tags, "ice"), "x_score": ""},
    ),
    "unique": ({"x_code": ("set", "A-1")}, lambda one: {"x_code": "A-1"}),
}  # fmt: skip


def made(user):
    with open_act(user.actor) as act:
        return [create_record(act, People, values) for values in (EMPTY, FULL, OTHER)]


def image(row):
    """All that a record holds, entries without the ids that each has for itself."""
    held = {one.slug: one.get(row) for one in People.all_fields() if one.slug not in ("created_at", "changed_at")}
    return {
        slug: [{k: v for k, v in one.items() if k != "id"} if isinstance(one, dict) else one for one in value]
        if isinstance(value, list)
        else value
        for slug, value in held.items()
    }


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("in_slices", [False, True], ids=["at once", "in slices"])
def test_bulk_is_the_single_edits(alice, case, in_slices, request):
    asked, alone = CASES[case]
    if in_slices:
        request.getfixturevalue("few_are_many")
    together, apart = made(alice), made(alice)
    refused = set()
    for index, row in enumerate(apart):
        if case == "unique":
            break
        try:
            with open_act(alice.actor) as act:
                change_record(act, People, row, alone(row))
        except ValidationFailed:
            refused.add(index)
    run = done(alice, keys=[row.pk for row in together], **asked)
    assert (run.state, run.error) == ("done", "")
    fresh = [Person.objects.get(pk=row.pk) for row in together]
    if case == "unique":
        assert sorted(one.custom.get("x_code", "") for one in fresh) == ["", "", "A-1"]
        assert run.counts == {"changed": 1, "refused": 2}
        return
    singles = [Person.objects.get(pk=row.pk) for row in apart]
    assert [image(one) for one in fresh] == [image(one) for one in singles]
    assert [one.version for one in fresh] == [one.version for one in singles]
    assert run.counts.get("refused", 0) == len(refused)
    assert run.counts.get("changed", 0) == sum(one.version > 1 for one in fresh)
    entries = JournalEntry.objects.filter(batch=run.batch)
    assert {(one.reason, one.user_id) for one in entries} <= {("Bulk edit", alice.pk)}
    keys = [one.pk for one in fresh if one.version > 1]
    assert sorted(entries.filter(kind="changed", about_id__in=keys).values_list("about_id", flat=True)) == sorted(keys)


def test_every_kind_of_field_has_a_case():
    asked = {slug for changes, _alone in CASES.values() for slug in changes}
    kinds = {one.type.name for one in People.all_fields() if one.slug in asked}
    every = {one.type.name for one in People.all_fields() if not one.readonly}
    assert every - kinds <= {"relation", "text", "choice"}


def test_a_relation_that_lives_elsewhere(alice, make):
    first, second = (make(alice, "companies", name=name) for name in ("Fjell", "Fjord"))
    rows = made(alice)
    with open_act(alice.actor) as act:
        change_record(act, People, rows[1], {"company": str(first.pk)})
        change_record(act, People, rows[2], {"company": str(second.pk)})
    run = done(alice, keys=[row.pk for row in rows], company=("set", str(second.pk)))
    assert run.counts == {"changed": 2, "same": 1}
    held = Membership.objects.filter(primary=True, deleted_at=None).values_list("person_id", "company_id")
    assert dict(held) == {row.pk: second.pk for row in rows}
