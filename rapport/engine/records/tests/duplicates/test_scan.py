"""A scan finds what means the same, and following the journal comes to the same."""

import pytest

from rapport.engine.records.duplicates.doors import clusters_for
from rapport.engine.records.duplicates.following import follow
from rapport.engine.records.duplicates.scanning import scan
from rapport.engine.records.models import DuplicateCluster, DuplicateKey, DuplicatePair
from rapport.engine.records.registry import record_type

AMARA = {"first_name": "Amara", "last_name": "Okafor", "emails": ["amara@fjellfjord.no"], "phones": ["+4777601234"]}


def found():
    return {tuple(one.members): round(one.score, 6) for one in DuplicateCluster.objects.all()}


@pytest.fixture
def people(alice, make):
    return [
        make(alice, "people", **AMARA),
        make(alice, "people", **{**AMARA, "first_name": "Okafor", "last_name": "Amara"}),
        make(alice, "people", first_name="Kari", last_name="Hansen", emails=["kari@fjellfjord.no"]),
    ]


def test_a_scan_finds_the_two(alice, people):
    kept = scan(record_type("people"))
    assert list(found()) == [tuple(sorted(one.pk for one in people[:2]))]
    assert kept.records == 3
    assert kept.figures["learned"] == []
    shown = clusters_for(alice.actor, record_type("people")).items
    assert [one.name for one in shown[0].records] == ["Amara Okafor", "Okafor Amara"]
    assert shown[0].pairs[0].reasons["emails"][0] == "same"


def test_following_comes_to_the_same(alice, people):
    scan(record_type("people"))
    before = found()
    pairs = list(DuplicatePair.objects.values_list("one", "other", "reasons"))
    keys = {one.pk: sorted(one.keys) for one in DuplicateKey.objects.all()}
    DuplicateCluster.objects.all().delete()
    follow(record_type("people"), [one.pk for one in people])
    assert found() == before
    assert list(DuplicatePair.objects.values_list("one", "other", "reasons")) == pairs
    assert {one.pk: sorted(one.keys) for one in DuplicateKey.objects.all()} == keys
