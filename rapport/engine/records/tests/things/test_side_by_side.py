"""Two types in one table never see each other's rows, by whichever door."""

from collections import Counter
from datetime import UTC

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.engine.api.tests.conftest import Api, make_token
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.journal import Subject
from rapport.engine.events.models import JournalEntry, JournalSubject
from rapport.engine.events.reactions import run_reactions, when
from rapport.engine.events.reactions.registry import REACTIONS
from rapport.engine.events.undo import undo_batch
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate, registry
from rapport.engine.records.actions import create_record, delete_records
from rapport.engine.records.custom.actions import change_field
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.exports import export
from rapport.engine.records.gate import visible
from rapport.engine.records.models import CustomField, ExternalId, SearchDocument, Thing
from rapport.engine.records.queries.sharing import sharing
from rapport.engine.records.registry import by_journal_type, record_type
from rapport.engine.records.search import search
from rapport.engine.records.timeline import timeline
from tests.fixtures.cast import make_user

SLUGS = ("projects", "vehicles")


@pytest.fixture
def api(alice):
    return Api(make_token(alice))


@pytest.fixture
def both(kinds, alice, make):
    """A project and a vehicle that say the same."""
    said = {"name": "Nordlys", "x_code": "N-1", "x_mails": ["n@x.no"], "phase": "begun"}
    return [make(alice, slug, **said) for slug in SLUGS]


def keys(rows):
    return {row.pk for row in rows}


def test_rows_carry_their_kind_and_types_see_their_own(kinds, alice, both):
    assert [row.kind for row in both] == list(SLUGS)
    for rtype, row in zip(kinds, both, strict=True):
        assert keys(rtype.rows()) == keys(visible(alice.actor, rtype)) == {row.pk}
        assert rtype.new().kind == rtype.slug


def test_list_count_export_and_api_show_their_own(kinds, alice, browse, api, both):
    for rtype, own in zip(kinds, both, strict=True):
        found = api.get(f"/{rtype.slug}", {"where": "x_code = N-1 and phase = begun", "count": "1"}).data
        assert [one["id"] for one in found["items"]] == [str(own.pk)]
        assert found["count"]["value"] == 1
        page = browse(alice).get(f"/{rtype.slug}/").content.decode()
        assert str(own.pk) in page
        assert not any(str(row.pk) in page for row in both if row is not own)
        made = export(alice.actor, rtype, where="", order="", format_="csv", now=timezone.now(), zone=UTC)
        assert b"".join(made.pieces).count(b"Nordlys") == 1


def test_the_journal_names_kinds_and_undo_takes_back_its_own(kinds, alice, make):
    with open_act(alice.actor) as act:
        mixed = [create_record(act, rtype, {"name": "Both", "x_code": "B"}) for rtype in kinds]
        act.change(mixed, name="Both at once")
    named = Counter(JournalEntry.objects.filter(batch=act.batch).values_list("about_type", "kind"))
    assert named == {(f"records.thing:{slug}", kind): 1 for slug in SLUGS for kind in ("created", "changed")}
    assert [by_journal_type(f"records.thing:{slug}") for slug in SLUGS] == list(kinds)
    assert by_journal_type("records.thing") is None
    other = make(alice, "vehicles", name="Stays")
    with open_act(alice.actor) as undoing:
        assert undo_batch(undoing, act.batch).conflicts == []
    assert keys(visible(alice.actor, kinds[0])) == set()
    assert keys(visible(alice.actor, kinds[1])) == {other.pk}


def test_a_queryset_over_several_kinds_notes_each_by_its_name(alice, both):
    with open_act(alice.actor) as act:
        act.delete(Thing.objects.order_by("pk"))
    named = JournalEntry.objects.filter(batch=act.batch).values_list("about_id", "about_type")
    assert dict(named) == {row.pk: f"records.thing:{row.kind}" for row in both}


def test_a_timeline_tells_kinds_apart_and_asks_the_gate_for_each(kinds, alice, make, monkeypatch):
    company = make(alice, "companies", name="Fjord")
    about = {rtype.journal_type: "x_client" for rtype in kinds}
    for name in about:
        subjects = lambda rows: {row.pk: [Subject("customers.company", company.pk, "client")] for row in rows}  # noqa: E731
        monkeypatch.setitem(registry.subjects_of, name, subjects)
    for slug in SLUGS:
        make(alice, slug, name="Nordlys", x_client=str(company.pk))
    told = {item.rtype.slug: item for item in timeline(alice.actor, company.pk).items}
    assert set(told) == {"companies", *SLUGS}
    assert [one.field.slug for one in told["projects"].changes] == ["name", "x_client"]
    monkeypatch.setitem(gate.POLICIES, "reader", {"*": gate.FULL, "vehicles": gate.NOTHING})
    reader = make_user("Rita", "reader")
    assert {item.rtype.slug for item in timeline(reader.actor, company.pk).items} == {"companies", "projects"}


def test_subjects_of_one_kind_are_not_asked_of_the_other(kinds, alice, both, monkeypatch):
    asked = []
    monkeypatch.setitem(registry.subjects_of, kinds[0].journal_type, lambda rows: asked.extend(rows) or {})
    with open_act(alice.actor) as act:
        act.change(both, name="Both at once")
    assert [row.kind for row in asked] == ["projects"]


def test_notes_belong_to_the_record_of_their_kind(alice, browse, both):
    project, vehicle = both
    browse(alice).post(f"/projects/{project.pk}/notes", {"text": "Seen on the fjord"})
    [subject] = JournalSubject.objects.filter(subject_id=project.pk)
    assert subject.type == "records.thing:projects"
    assert "Seen on the fjord" in browse(alice).get(f"/projects/{project.pk}/").content.decode()
    assert "Seen on the fjord" not in browse(alice).get(f"/vehicles/{vehicle.pk}/").content.decode()


def test_an_action_on_a_row_of_another_kind_is_refused(kinds, alice, both):
    with pytest.raises(NotAllowed), open_act(alice.actor) as act:
        delete_records(act, kinds[0], [both[1]])
    assert Thing.objects.filter(deleted_at=None).count() == 2


def test_what_must_be_unique_is_so_within_its_kind(alice, make, both):
    for slug in SLUGS:
        with pytest.raises(ValidationFailed, match="unique"):
            make(alice, slug, name="Again", x_code="N-1")


def test_ids_of_other_systems_are_apart(kinds, api, both):
    item = {"name": "From a shop", "external_id": {"source": "shop", "id": "1"}}
    made = [
        api.post(f"/{slug}/batch", {"mode": "upsert", "match_on": "external_id", "items": [item]}).data["results"][0]
        for slug in SLUGS
    ]
    assert [one["status"] for one in made] == ["created", "created"]
    assert Counter(ExternalId.objects.values_list("record_type", flat=True)) == dict.fromkeys(SLUGS, 1)


def test_records_are_matched_within_their_kind_also_by_custom_lists(kinds, both):
    for rtype, row in zip(kinds, both, strict=True):
        field = rtype.field("x_mails")
        assert sharing(rtype, field, field.type.key, ["n@x.no", "other@x.no"]) == {"n@x.no": [row.pk]}


def test_an_import_finds_and_changes_its_own_kind_alone(dana, both):
    api = Api(make_token(dana))
    content = "Name,Code,Summary\nNordlys,N-1,From a file\nNew one,N-2,Also new\n"
    body = {"record_type": "projects", "content": content, "match": "name", "mode": "upsert", "run": True}
    sent = api.post("/imports", body)
    run_waiting_jobs()
    assert api.get(f"/imports/{sent.data['id']}").data["state"] == "done"
    project, vehicle = (Thing.objects.get(pk=row.pk) for row in both)
    assert (project.custom["summary"], "summary" in vehicle.custom) == ("From a file", False)
    assert Counter(Thing.objects.values_list("kind", flat=True)) == {"projects": 2, "vehicles": 1}
    api.post(f"/imports/{sent.data['id']}/undo")
    run_waiting_jobs()
    project.refresh_from_db()
    assert "summary" not in project.custom
    assert Thing.objects.filter(deleted_at=None).count() == 2


def test_relations_lead_to_their_kind_alone(dana, alice, kinds, make, both):
    project, vehicle = both
    asked = {"record_type": "vehicles", "label": "Trip", "type": "relation", "target": "projects"}
    assert Api(make_token(dana)).post("/fields", asked).status_code == 201
    check_again()
    assert make(alice, "vehicles", name="Van", x_trip=str(project.pk)).custom["x_trip"] == str(project.pk)
    assert make(alice, "vehicles", name="Car", x_trip="nordlys").custom["x_trip"] == str(project.pk)
    with pytest.raises(ValidationFailed, match="no such record"):
        make(alice, "vehicles", name="Bus", x_trip=str(vehicle.pk))


def test_a_role_may_see_one_kind_and_not_the_other(both, browse, monkeypatch):
    monkeypatch.setitem(gate.POLICIES, "reader", {"*": gate.FULL, "vehicles": gate.NOTHING})
    rita = make_user("Rita", "reader")
    theirs = Api(make_token(rita))
    assert theirs.get(f"/projects/{both[0].pk}").status_code == 200
    assert theirs.get(f"/vehicles/{both[1].pk}").status_code == 404
    assert browse(rita).get(f"/vehicles/{both[1].pk}/").status_code in (403, 404)


def test_a_list_of_things_costs_what_a_list_of_companies_costs(kinds, alice, browse, make, both):
    make(alice, "companies", name="Fjord", owner="me")
    client = browse(alice)

    def cost(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    assert cost("/projects/") <= cost("/companies/")


def test_two_types_cannot_have_one_name_in_the_journal(kinds):
    with pytest.raises(ValueError, match="twice"):
        registry.register(registry.RecordType(
            slug="customers", model=record_type("companies").model, label="", label_plural="", icon="", fields=[],
        ))  # fmt: skip
    assert registry.find_record_type("customers") is None


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestBehindTheScenes:
    """What follows the journal in its own time."""

    def test_search_follows_each_kind(self, both, alice, kinds):
        run_reactions()
        found = dict(SearchDocument.objects.filter(record_id__in=keys(both)).values_list("record_id", "record_type"))
        assert found == {row.pk: row.kind for row in both}
        with open_act(alice.actor) as act:
            delete_records(act, kinds[0], [both[0]])
        run_reactions()
        groups = search(alice.actor, "nordlys").groups
        assert [(group.type, [one.id for one in group.results]) for group in groups] == [("vehicles", [both[1].pk])]

    def test_a_reaction_may_listen_to_one_kind(self, kinds, alice, make):
        heard = []

        @when("created", about=["records.thing:projects"])
        def listen(_act, entries):
            heard.extend(entry.about_id for entry in entries)

        name = next(name for name, one in REACTIONS.items() if one.listener is listen)
        try:
            run_reactions()
            project, _vehicle = (make(alice, slug, name="Nordlys") for slug in SLUGS)
            run_reactions()
        finally:
            del REACTIONS[name]
        assert heard == [project.pk]

    def test_an_index_holds_its_kind_alone(self, kinds, dana, both):
        row = CustomField.objects.get(record_type="projects", slug="x_code")
        with open_act(dana.actor) as act:
            change_field(act, row, {"indexed": True})
        while run_reactions():
            pass
        run_waiting_jobs()
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE %s", [f"cf_{row.pk.hex}_%"])
            built = dict(cursor.fetchall())
            for name in built:
                cursor.execute(f'DROP INDEX "{name}"')
        connections["owner"].close()
        assert len(built) == 3
        assert all("kind)::text = 'projects'" in definition for definition in built.values()), built
