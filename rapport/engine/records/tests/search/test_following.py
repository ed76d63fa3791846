"""The index follows the journal, and is then the same as one made anew."""

import contextlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.activities.actions import write_note
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.ids import uuid7
from rapport.engine.events.reactions import run_reactions
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.actions import change_record, create_record, delete_records, restore_records
from rapport.engine.records.definitions import forget
from rapport.engine.records.gate import visible
from rapport.engine.records.models import CustomField, ExternalId, SearchDocument
from rapport.engine.records.registry import record_type
from rapport.engine.records.search import search
from rapport.engine.records.search.rebuilding import rebuild, rebuild_type

pytestmark = pytest.mark.django_db(transaction=True)

People, Companies = record_type("people"), record_type("companies")


def index():
    """Everything in the index, but for when it was written."""
    return {row["record_id"]: row for row in SearchDocument.objects.values()}


def reindex():
    call_command("reindex", stdout=StringIO())


def titles(user, text):
    return [result.title for group in search(user.actor, text).groups for result in group.results]


def test_a_new_record_is_found_and_a_changed_one_by_its_new_name_only(alice, make):
    person = make(alice, "people", name="Amara Okafor", emails="amara@x.no")
    run_reactions()
    assert titles(alice, "amara") == ["Amara Okafor"]
    with open_act(alice.actor) as act:
        change_record(act, People, person, {"name": "Chiara Bellini", "emails": "chiara@x.no"})
    run_reactions()
    assert titles(alice, "amara") == titles(alice, "amara@x.no") == titles(alice, "okafor") == []
    assert titles(alice, "chiara") == titles(alice, "chiara@x.no") == ["Chiara Bellini"]


def test_an_id_of_another_system_comes_and_goes(alice, make):
    person = make(alice, "people", name="Amara Okafor")
    with open_act(alice.actor) as act:
        known = act.create(ExternalId(source="hubspot", value="1042-9", record_type="people", record_id=person.pk))
    run_reactions()
    assert titles(alice, "1042-9") == ["Amara Okafor"]
    with open_act(alice.actor) as act:
        act.delete(known)
    run_reactions()
    assert titles(alice, "1042-9") == []


def test_a_field_that_becomes_searchable_is_searched(alice, make):
    with open_act(SYSTEM) as act:
        field = act.create(CustomField(record_type="people", slug="x_card", label="Card", type="text"))
    forget()
    make(alice, "people", name="Kim Berg", x_card="canary")
    run_reactions()
    assert titles(alice, "canary") == []
    with open_act(SYSTEM) as act:
        act.change(field, searchable=True)
    forget()
    run_reactions()
    assert rebuild_type.defer_once("people", "people") is None, "a rebuild waits already"
    reindex()
    assert titles(alice, "canary") == ["Kim Berg"]


def test_a_chunk_costs_the_same_for_few_records_and_many(alice, make):
    costs = []
    for count in (10, 10, 40):
        for number in range(count):
            make(alice, "companies", name=f"Company {number}")
        with CaptureQueriesContext(connection) as queries:
            run_reactions()
        costs.append(len(queries))
    # The first time some is read that is then remembered.
    assert costs[1] == costs[2]
    assert SearchDocument.objects.count() == 60


def test_a_rebuild_drops_what_is_not_there_and_mends_what_is_wrong(alice, make):
    person = make(alice, "people", name="Amara Okafor")
    run_reactions()
    right = index()
    SearchDocument.objects.filter(pk=person.pk).update(names="wrong")
    ghost = SearchDocument.objects.get(pk=person.pk)
    ghost.pk = uuid7()
    ghost.save(force_insert=True)
    reindex()
    assert index() == right


def test_a_slow_rebuild_does_not_overwrite_what_is_newer(alice, make):
    person = make(alice, "people", name="Amara Okafor")
    run_reactions()
    SearchDocument.objects.filter(pk=person.pk).update(version=99, names="newer")
    list(rebuild(People))
    assert SearchDocument.objects.get(pk=person.pk).names == "newer"


VERBS = st.lists(
    st.tuples(st.sampled_from(["create", "change", "delete", "restore", "note", "undo"]), st.integers(0, 9)),
    min_size=3,
    max_size=14,
)


@given(deeds=VERBS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_following_the_journal_gives_what_a_rebuild_gives(alice, deeds):
    batches = []
    for verb, number in deeds:
        batches += _do(alice, verb, number, batches)
        if number % 3 == 0:
            run_reactions()
    run_reactions()
    followed = index()
    SearchDocument.objects.all().delete()
    reindex()
    assert followed == index()
    live = {
        key
        for rtype in (People, record_type("notes"))
        for key in rtype.rows().filter(deleted_at=None).values_list("pk", flat=True)
    }
    assert followed.keys() == live


def _do(user, verb, number, batches):
    if verb == "undo":
        if batches:
            with contextlib.suppress(CannotUndo), open_act(user.actor) as act:
                undo_batch(act, batches[number % len(batches)])
                return [act.batch]
        return []
    live = list(visible(user.actor, People).order_by("pk"))
    gone = list(visible(user.actor, People, deleted=True).order_by("pk"))
    with open_act(user.actor) as act:
        if verb == "create" or not live:
            create_record(act, People, {"name": f"Åse {number}", "emails": f"a{number}@x.no"})
        elif verb == "change":
            change_record(act, People, live[number % len(live)], {"name": f"Ødegård {number}"})
        elif verb == "delete":
            delete_records(act, People, [live[number % len(live)]])
        elif verb == "restore" and gone:
            restore_records(act, People, [gone[number % len(gone)]])
        elif verb == "note":
            write_note(act, People, live[number % len(live)], text=f"Said {number} things")
    return [act.batch]
