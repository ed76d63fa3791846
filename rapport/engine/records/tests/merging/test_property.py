"""Un-merge ∘ merge = identity in any small world, whatever happens in between: only what was edited later differs."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.activities.models import Note
from rapport.customers.models import Company, Membership, Person
from rapport.engine.events.act import open_act
from rapport.engine.events.undo import undo_batch
from rapport.engine.records import merging
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import ExternalId, Share, Thing
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.merging.support import part, world

pytestmark = pytest.mark.django_db

WHICH = st.integers(0, 3)
WORDS = st.sampled_from("abcde")
TAGS = st.lists(WORDS, max_size=3, unique=True)
MAILS = st.lists(WORDS.map("{}@fjord.no".format), max_size=3, unique=True)
EDITS = st.one_of(
    st.tuples(st.just("people"), WHICH, st.fixed_dictionaries({}, optional={
        "name": WORDS, "source": WORDS, "tags": TAGS, "emails": MAILS, "x_words": TAGS, "x_mails": MAILS,
        "company": WHICH, "x_friend": WHICH, "x_client": WHICH,
    })),
    st.tuples(st.just("companies"), WHICH, st.fixed_dictionaries({}, optional={
        "name": WORDS, "industry": st.just(""), "tags": TAGS, "parent": WHICH, "x_rank": st.integers(1, 9),
    })),
    st.tuples(st.just("memberships"), WHICH, st.fixed_dictionaries({}, optional={"title": WORDS})),
    st.tuples(st.just("notes"), WHICH, st.fixed_dictionaries({"text": WORDS})),
    st.tuples(st.just("projects"), WHICH, st.fixed_dictionaries({}, optional={"name": WORDS, "x_client": WHICH})),
)  # fmt: skip
NEW = st.one_of(
    st.tuples(st.just("new membership"), WHICH, WHICH, WORDS),
    st.tuples(st.just("new note"), st.sampled_from(["people", "companies"]), WHICH),
    st.tuples(st.just("new project"), WHICH),
    st.tuples(st.just("new share"), st.sampled_from(["people", "companies"]), WHICH, WHICH),
    st.tuples(st.just("new name"), st.sampled_from(["people", "companies"]), WHICH),
)
GOING = st.tuples(st.just("delete"), st.sampled_from(["memberships", "notes", "projects"]), WHICH)
STEPS = st.one_of(EDITS, EDITS, NEW, NEW, GOING)
MODELS = {"people": Person, "companies": Company, "memberships": Membership, "notes": Note, "projects": Thing}
POINTING = {"company": "companies", "x_friend": "people", "x_client": "companies", "parent": "companies"}


def some(slug, number):
    """One of the live records of a type; None where there are fewer."""
    rows = MODELS[slug].objects.filter(deleted_at=None).order_by("id")
    return next(iter(rows[number : number + 1]), None)


def read(values):
    """Numbers as the ids of the records that they mean."""
    found = {}
    for name, value in values.items():
        row = some(POINTING[name], value) if name in POINTING else None
        found[name] = (str(row.pk) if row else None) if name in POINTING else value
    return found


def new_membership(act, person, company, title):
    ends = some("people", person), some("companies", company)
    if all(ends):
        values = {"person": str(ends[0].pk), "company": str(ends[1].pk), "title": title}
        create_record(act, record_type("memberships"), values)


def new_note(act, slug, number):
    if row := some(slug, number):
        create_record(act, record_type("notes"), {"text": "New", "about_type": slug, "about_id": str(row.pk)})


def new_project(act, number):
    row = some("companies", number)
    create_record(act, record_type("projects"), {"name": "New", "x_client": str(row.pk) if row else None})


def new_share(act, slug, number, holder):
    if row := some(slug, number):
        key = UUID(int=holder % 2)  # any id stands for a user here
        act.create(Share(record_type=slug, record_id=row.pk, kind="user", holder=key, level="read"))


def new_name(act, slug, number):
    if row := some(slug, number):
        name = str(ExternalId.objects.count())
        act.create(ExternalId(source="shop", value=name, record_type=slug, record_id=row.pk))


def delete(act, slug, number):
    if row := some(slug, number):
        delete_records(act, record_type(slug), [row])


DEEDS = {
    "new membership": new_membership, "new note": new_note, "new project": new_project, "new share": new_share,
    "new name": new_name, "delete": delete,
}  # fmt: skip


def step(act, kind, *told):
    if kind in DEEDS:
        DEEDS[kind](act, *told)
    elif row := some(kind, told[0]):
        change_record(act, record_type(kind), row, read(told[1]))


def play(user, steps):
    """Each step is an act of its own; one that is refused changes nothing."""
    for each in steps:
        try:
            with open_act(user.actor) as act:
                step(act, *each)
        except (IntegrityError, ValidationFailed):
            continue


def begin(user, steps):
    with open_act(user.actor) as act:
        for n in range(4):
            create_record(act, record_type("people"), {"name": f"P{n}", "x_code": f"P{n}"})
            create_record(act, record_type("companies"), {"name": f"C{n}", "x_number": f"C{n}"})
    play(user, steps)


def merged(user, slug, numbers, choices):
    rtype = record_type(slug)
    rows = [some(slug, number) for number in numbers]
    fields = [one.field.slug for one in merging.propose(user.actor, rtype, rows, survivor=rows[0].pk).choices]
    takes = {fields[at % len(fields)]: rows[who % len(rows)].pk for at, who in choices}
    with open_act(user.actor) as act:
        return merging.merge_records(act, rtype, rows, survivor=rows[0].pk, takes=takes)


def flat(image):
    """A row by column, custom fields each for itself."""
    custom = image.get("custom") or {}
    return {**{name: value for name, value in image.items() if name != "custom"}, **custom}


def entries(value):
    """The entries of a list by what they are; their order and which is first is told elsewhere."""
    return {one if isinstance(one, str) else one["id"] for one in value or ()}


def wrong(before, after, later, end):
    """Every place that un-merge left otherwise than the rule says."""
    for key in before.keys() | later.keys():
        if key not in before:
            if end[key] != later[key] and later[key]["table"] != "customers.Membership":
                yield key, "came later", later[key], end[key]
            continue
        images = [flat(one[key]) for one in (before, after, later, end)]
        for name in {name for image in images for name in image} - FOLLOWING:
            was, did, came, now = (image.get(name) for image in images)
            if not as_the_rule_says(was, did, came, now):
                yield key, name, was, did, came, now


# Who holds the primary membership follows from the company of the person, which is looked at by itself.
FOLLOWING = {"primary", "until"}


def as_the_rule_says(was, did, came, now):
    if came == did:
        return now == was
    if any(isinstance(value, list) for value in (was, did, came)):
        ours, taken = entries(did) - entries(was), entries(was) - entries(did)
        return (entries(came) - ours - taken) <= entries(now) <= entries(came) | taken
    return now == came


STORIES = st.fixed_dictionaries({
    "first": st.lists(STEPS, max_size=10),
    "slug": st.sampled_from(["people", "companies"]),
    "numbers": st.lists(WHICH, min_size=2, max_size=3, unique=True),
    "choices": st.lists(st.tuples(st.integers(0, 30), WHICH), max_size=4),
    "then": st.lists(STEPS, max_size=8),
    "by_undo": st.booleans(),
})  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
def test_unmerge_gives_back_the_world(alice, kinds, own_fields, story):
    with transaction.atomic():
        try:
            tell(alice, **story)
        finally:
            transaction.set_rollback(True)


def tell(user, *, first, slug, numbers, choices, then, by_undo):
    begin(user, first)
    before = world()
    try:
        merge = merged(user, slug, numbers, choices)
    except ValidationFailed as refused:
        assume_fair(refused)
        return
    after = world()
    assert not [key for key, image in after.items() if image["is live"] and points_at(image, merge.losers)]
    play(user, then)
    later = world()
    try:
        parted(user, merge, by_undo=by_undo)
    except ValidationFailed as refused:
        assume_fair(refused)
        return
    end = world()
    assert [end[loser] for loser in merge.losers] == [before[loser] for loser in merge.losers]
    assert not list(wrong(before, after, later, end))
    if later == after:
        assert end == before
        again(user, merge, after, before)


def assume_fair(refused):
    """A company would stand above itself, or a field that must be filled would be empty."""
    assert any(words in str(refused) for words in ("its own parent", "above itself", "cannot be empty"))


def parted(user, merge, *, by_undo):
    if not by_undo:
        part(user, merge)
        return
    with open_act(user.actor) as act:
        undo_batch(act, merge.batch)


def again(user, merge, after, before):
    """Taken back, the un-merge has merged again; and that is parted again."""
    merge.refresh_from_db()
    with open_act(user.actor) as act:
        undo_batch(act, merge.deleted_batch)
    assert world() == after
    merge.refresh_from_db()
    part(user, merge)
    assert world() == before


def points_at(image, losers):
    keys = {str(loser) for loser in losers}
    return any(isinstance(value, str) and value in keys for value in flat(image).values())
