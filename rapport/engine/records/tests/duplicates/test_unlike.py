"""Who is said to be another one stays so: through scans, undo and merges; and only who may change them says so."""

from uuid import UUID

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.reactions import run_reactions
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.actions import delete_records
from rapport.engine.records.duplicates.doors import clusters_for, follow_merge, not_the_same, set_merging
from rapport.engine.records.duplicates.said import unlike
from rapport.engine.records.duplicates.scanning import scan
from rapport.engine.records.duplicates.similar import similar_to
from rapport.engine.records.models import DuplicateCluster
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db(transaction=True)
People = record_type("people")
AMARA = {"first_name": "Amara", "last_name": "Okafor", "emails": ["amara@fjellfjord.no"], "phones": ["+4777601234"]}


@pytest.fixture
def three(alice, make):
    rows = [make(alice, "people", **AMARA) for _n in range(3)]
    run_reactions()
    return sorted(row.pk for row in rows)


def members():
    return [tuple(row.members) for row in DuplicateCluster.objects.order_by("id")]


def test_new_records_are_found_without_a_scan(three):
    assert members() == [tuple(three)]


def test_not_the_same_splits_and_survives_scans(alice, three):
    one, two, _third = three
    with open_act(alice.actor) as act:
        not_the_same(act, People, [one, two])
    assert len(members()) == 1
    assert not {one, two} <= set(members()[0])
    scan(People)
    assert len(members()) == 1
    assert not {one, two} <= set(members()[0])


def test_undo_lets_them_be_suggested_again(alice, three):
    with open_act(alice.actor) as act:
        not_the_same(act, People, three[:2])
    with open_act(alice.actor) as undoing:
        undo_batch(undoing, act.batch)
    run_reactions()
    assert members() == [tuple(three)]


def test_only_who_may_change_them_says_so(alice, charlie, three):
    with pytest.raises(NotAllowed), open_act(charlie.actor) as act:
        not_the_same(act, People, three)
    assert not unlike(People)


def test_what_was_said_follows_a_merge(alice, three):
    one, two, third = three
    with open_act(alice.actor) as act:
        not_the_same(act, People, [one, third])
        follow_merge(act, People, two, [one])
    assert (two, third) in unlike(People)


def test_who_is_deleted_leaves_the_cluster(alice, three):
    with open_act(alice.actor) as act:
        delete_records(act, People, [People.rows().get(pk=three[0])])
    run_reactions()
    assert members() == [tuple(three[1:])]


def test_only_what_is_seen_is_shown(alice, charlie, three):
    assert len(clusters_for(alice.actor, People).items[0].records) == 3
    assert clusters_for(charlie.actor, People).items == []
    values = {"first_name": "Amara", "last_name": "Okafor", "emails": [{"email": "amara@fjellfjord.no"}]}
    assert len(similar_to(alice.actor, People, values)) == 3
    assert similar_to(charlie.actor, People, values) == []


def test_only_administrators_let_certain_ones_be_merged(alice, dana):
    with pytest.raises(NotAllowed), open_act(alice.actor) as act:
        set_merging(act, People, merges=True)
    with open_act(dana.actor) as act:
        assert set_merging(act, People, merges=True).merges_certain


def test_the_lesser_id_is_first(alice, three):
    with open_act(alice.actor) as act:
        not_the_same(act, People, reversed(three))
    assert all(isinstance(one, UUID) and one < other for one, other in unlike(People))
    assert members() == []
