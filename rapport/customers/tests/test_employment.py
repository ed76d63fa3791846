"""A person's company is a field like any other, although memberships keep it: versions, conflicts, journal, undo."""

import re
import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Membership, Person
from rapport.engine.api.tests.conftest import Api, make_token
from rapport.engine.events import keeping
from rapport.engine.events.act import open_act
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.tests.support import at_once, somebody_waits, wait_until
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.registry import record_type

PART = {"HX-Request": "true"}


@pytest.fixture
def api(alice):
    return Api(make_token(alice))


@pytest.fixture
def other(dana):
    return Api(make_token(dana))


@pytest.fixture
def firms(api):
    return {name: api.new("/companies", name=name)["id"] for name in ("Acme", "Fjell", "Huber")}


@pytest.fixture
def amara(api, firms):
    return api.new(name="Amara Okafor", company=firms["Acme"])["id"]


def company_of(person):
    return Membership.objects.filter(person=person, primary=True, deleted_at=None).values_list(
        "company__name", flat=True
    ).first()  # fmt: skip


def version_of(person):
    return Person.objects.get(pk=person).version


def moves(person):
    """What the journal says of the person's company, oldest first."""
    entries = JournalEntry.objects.filter(about_id=person, kind="changed").order_by("id")
    told = with_payloads(list(entries))
    return [(one.before["company"], one.after["company"]) for one in told if "company" in one.after]


def membership(person):
    return Membership.objects.get(person=person, primary=True, deleted_at=None)


class TestVersions:
    """Whatever moves a person raises the version once; nothing else does."""

    def test_a_new_person_with_a_company_is_at_version_one(self, api, amara, firms):
        sent = {"mode": "create", "items": [{"name": "B", "company": firms["Acme"]}]}
        [made] = api.post("/people/batch", sent).data["results"]
        assert [version_of(amara), version_of(made["id"]), made["version"]] == [1, 1, 1]
        assert moves(amara) == []

    def test_moving_is_one_change_of_the_field(self, api, amara, firms):
        answer = api.patch(f"/people/{amara}", {"company": firms["Fjell"]})
        assert (answer.data["version"], version_of(amara)) == (2, 2)
        assert moves(amara) == [(firms["Acme"], firms["Fjell"])]
        assert Person.objects.get(pk=amara).changed_by == Person.objects.get(pk=amara).created_by

    def test_the_same_company_again_changes_nothing(self, api, browse, alice, amara, firms):
        assert api.patch(f"/people/{amara}", {"company": firms["Acme"]}).data["version"] == 1
        part = browse(alice).post(f"/people/{amara}/edit/company", {"company": "Acme", "version": "1"}, headers=PART)
        assert "/undo" not in part.content.decode()

    def test_a_batch_of_many_moves_each_once(self, api, amara, firms):
        second = api.new(name="Bo", company=firms["Huber"])["id"]
        items = [{"id": amara, "company": firms["Fjell"]}, {"id": second, "company": firms["Huber"], "source": "web"}]
        results = api.post("/people/batch", {"mode": "update", "match_on": "id", "items": items}).data["results"]
        assert [(one["status"], one["version"]) for one in results] == [("updated", 2), ("updated", 2)]
        assert (moves(amara), moves(second)) == ([(firms["Acme"], firms["Fjell"])], [])

    def test_the_membership_itself_counts(self, api, amara, firms):
        path = f"/memberships/{membership(amara).pk}"
        assert api.patch(path, {"title": "Buyer", "role": "buyer"}).status_code == 200
        assert version_of(amara) == 1
        api.patch(path, {"company": firms["Fjell"]})
        api.delete(path)
        api.post(f"{path}/restore")
        api.patch(path, {"primary": False})
        made = api.post("/memberships", {"person": amara, "company": firms["Huber"], "primary": True})
        api.post("/memberships", {"person": amara, "company": firms["Fjell"]})
        assert made.status_code == 201
        assert version_of(amara) == 6
        acme, fjell, huber = firms.values()
        assert moves(amara) == [(acme, fjell), (fjell, None), (None, fjell), (fjell, None), (None, huber)]

    def test_a_membership_given_to_somebody_else_moves_both(self, api, amara, firms):
        second = api.new(name="Bo")["id"]
        api.patch(f"/memberships/{membership(amara).pk}", {"person": second})
        assert (moves(amara), moves(second)) == ([(firms["Acme"], None)], [(None, firms["Acme"])])
        assert (company_of(amara), company_of(second)) == (None, "Acme")


class TestConflicts:
    """Somebody moves a person to Fjell; then comes an edit that is based on the version before."""

    @pytest.fixture
    def moved(self, other, amara, firms):
        assert other.patch(f"/people/{amara}", {"company": firms["Fjell"]}).status_code == 200

    def test_another_move_is_409_with_both_values(self, api, amara, firms, moved):
        answer = api.patch(f"/people/{amara}", {"company": firms["Huber"], "source": "web"}, If_Match='"1"')
        assert (answer.status_code, answer.data["version"]) == (409, 2)
        [conflict] = answer.data["errors"]
        assert (conflict["pointer"], conflict["theirs"]["name"], conflict["yours"]["name"]) == (
            "/company", "Fjell", "Huber",
        )  # fmt: skip
        assert (company_of(amara), Person.objects.get(pk=amara).source) == ("Fjell", "")

    def test_nobody_in_place_of_a_company_is_a_conflict_too(self, api, amara, moved):
        [conflict] = api.patch(f"/people/{amara}", {"company": None}, If_Match='"1"').data["errors"]
        assert (conflict["theirs"]["name"], conflict["yours"]) == ("Fjell", None)

    def test_the_same_move_and_another_field_are_merged(self, api, amara, firms, moved):
        assert api.patch(f"/people/{amara}", {"company": firms["Fjell"]}, If_Match='"1"').status_code == 200
        merged = api.patch(f"/people/{amara}", {"source": "web"}, If_Match='"1"').data
        assert (merged["company"]["name"], merged["source"]) == ("Fjell", "web")

    def test_a_move_is_merged_with_another_field(self, api, other, amara, firms):
        other.patch(f"/people/{amara}", {"source": "web"})
        merged = api.patch(f"/people/{amara}", {"company": firms["Huber"]}, If_Match='"1"').data
        assert (merged["company"]["name"], merged["source"], merged["version"]) == ("Huber", "web", 3)

    def test_a_membership_changed_directly_is_seen(self, api, other, amara, firms):
        other.patch(f"/memberships/{membership(amara).pk}", {"company": firms["Fjell"]})
        assert api.patch(f"/people/{amara}", {"company": firms["Huber"]}, If_Match='"1"').status_code == 409

    def test_on_the_page_both_companies_are_shown(self, alice, browse, amara, moved):
        sent = {"company": "Huber", "version": "1"}
        for headers in (PART, {}):
            answer = browse(alice).post(f"/people/{amara}/edit/company", sent, headers=headers)
            assert answer.status_code == 409
            assert "Fjell" in answer.content.decode()
            assert "Huber" in answer.content.decode()
        assert company_of(amara) == "Fjell"
        browse(alice).post(f"/people/{amara}/edit/company", sent | {"version": "2", "overwrite": "1"})
        assert company_of(amara) == "Huber"

    def test_who_moves_twice_in_place_meets_no_conflict_with_themselves(self, alice, browse, amara):
        client = browse(alice)
        for place in ("Fjell", "Huber"):
            form = client.get(f"/people/{amara}/edit/company", headers=PART).content.decode()
            version = re.search(r'name="version" value="(\d+)"', form).group(1)
            sent = {"company": place, "version": version}
            assert client.post(f"/people/{amara}/edit/company", sent, headers=PART).status_code == 200
        assert company_of(amara) == "Huber"


class TestUndo:
    """Taking a move back moves the person back, and is a change of the person in turn."""

    def undo(self, api, answer):
        return api.post(f"/batches/{answer['Rapport-Batch']}/undo")

    def test_there_and_back_again(self, api, amara, firms):
        acme, fjell, _huber = firms.values()
        moved = api.patch(f"/people/{amara}", {"company": fjell, "source": "web"})
        undone = self.undo(api, moved)
        assert (company_of(amara), Person.objects.get(pk=amara).source, undone.data["kept"]) == ("Acme", "", 0)
        assert Membership.objects.get(person=amara, company=acme).until is None
        assert self.undo(api, undone).data["kept"] == 0
        assert company_of(amara) == "Fjell"
        assert moves(amara) == [(acme, fjell), (fjell, acme), (acme, fjell)]
        assert api.patch(f"/people/{amara}", {"company": acme}, If_Match='"3"').status_code == 409

    @pytest.mark.parametrize("later", ["Huber", None])
    def test_a_later_move_by_others_stays(self, api, other, amara, firms, later):
        moved = api.patch(f"/people/{amara}", {"company": firms["Fjell"], "source": "web"})
        other.patch(f"/people/{amara}", {"company": firms.get(later)})
        undone = self.undo(api, moved).data
        assert (company_of(amara), Person.objects.get(pk=amara).source) == (later, "")
        [told] = [one for one in undone["conflicts"] if one["type"] == "people"]
        assert (told["field"], told["why"], told["ours"]["name"]) == ("company", "changed", "Fjell")
        assert told["theirs"] == ({"id": firms[later], "name": later} if later else None)
        assert len(moves(amara)) == 2

    def test_a_membership_changed_and_deleted_comes_back_with_the_company(self, api, amara, firms):
        path = f"/memberships/{membership(amara).pk}"
        changed = api.patch(path, {"company": firms["Fjell"]})
        deleted = api.delete(path)
        assert company_of(amara) is None
        self.undo(api, deleted)
        assert company_of(amara) == "Fjell"
        self.undo(api, changed)
        assert (company_of(amara), version_of(amara)) == ("Acme", 5)

    def test_a_person_made_with_a_company_goes_with_it(self, api, firms):
        made = api.post("/people", {"name": "Bo", "company": firms["Acme"]})
        assert self.undo(api, made).data["conflicts"] == []
        assert not Membership.objects.filter(deleted_at=None).exists()
        assert api.get(f"/people/{made.data['id']}").status_code == 404


def test_the_timeline_tells_a_move_once(alice, browse, api, amara, firms):
    api.patch(f"/people/{amara}", {"company": firms["Fjell"]})
    page = browse(alice).get(f"/people/{amara}/").content.decode()
    line = page[page.index('<ol class="line') :]
    assert line.count("works at Fjell") == 1
    assert line.count("left Acme") == 1
    assert "Amara Okafor</b> changed" not in line
    assert line.count("<li") == 4


def test_the_timeline_tells_the_way_back_in_words(alice, browse, api, amara, firms):
    moved = api.patch(f"/people/{amara}", {"company": firms["Fjell"]})
    api.post(f"/batches/{moved['Rapport-Batch']}/undo")
    line = browse(alice).get(f"/people/{amara}/").content.decode()
    assert "took back that Amara Okafor works at Fjell" in line
    assert line.count("noted that Amara Okafor works at Acme") == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_move_somebody_at_once_do_not_both_win(api, amara, firms):
    answers = []

    def send(path, body, **headers):
        answers.append(Api(api.headers["Authorization"].removeprefix("Bearer ")).patch(path, body, **headers))
        connections.close_all()

    sends = [
        threading.Thread(target=send, args=(f"/people/{amara}", {"company": firms[name]}), kwargs={"If_Match": '"1"'})
        for name in ("Fjell", "Huber")
    ]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SELECT 1 FROM person FOR UPDATE")
        for one in sends:
            one.start()
        sends[0].join(0.5)
        assert not answers
        cursor.execute("COMMIT")
    for one in sends:
        one.join(20)
    assert sorted(one.status_code for one in answers) == [200, 409]


@pytest.mark.django_db(transaction=True)
def test_a_person_and_their_membership_changed_at_once_wait_for_each_other(alice, api, amara, firms):
    """Both lock the person first, so that neither holds what the other needs."""
    people, memberships = record_type("people"), record_type("memberships")
    begun = threading.Event()

    def move_the_person():
        with open_act(alice.actor) as act:
            person = act.lock(Person.objects.get(pk=amara))
            begun.set()
            wait_until(somebody_waits, "the other one waits")
            change_record(act, people, person, {"company": firms["Fjell"]})

    def end_the_membership():
        begun.wait(20)
        with open_act(alice.actor) as act:
            change_record(act, memberships, membership(amara), {"primary": False, "title": "Buyer"})

    at_once(move_the_person, end_the_membership)
    assert company_of(amara) == "Fjell"
    assert Membership.objects.get(person=amara, primary=False).title == "Buyer"


class TestMadeInOneAct:
    """People whom nobody else knows yet need no lock and no second version, however many there are."""

    PEOPLE = tuple({"name": f"Person {number}"} for number in range(6))

    @pytest.mark.parametrize("remembered", [0, 3, 10_000])
    def test_they_begin_at_one_version(self, alice, firms, monkeypatch, remembered):
        monkeypatch.setattr(keeping, "MOST_REMEMBERED", remembered)
        people, memberships = record_type("people"), record_type("memberships")
        with open_act(alice.actor) as act:
            made = [create_record(act, people, one) for one in self.PEOPLE]
            for person in made:
                create_record(act, memberships, {"person": person.pk, "company": firms["Acme"], "primary": True})
        assert {(company_of(one.pk), version_of(one.pk)) for one in made} == {("Acme", 1)}
        assert [moves(one.pk) for one in made] == [[]] * 6

    def test_they_are_not_locked(self, alice, firms):
        with open_act(alice.actor) as act, CaptureQueriesContext(connection) as captured:
            made = act.create([Person(name=one["name"]) for one in self.PEOPLE])
            pairs = [(person, firms["Acme"]) for person in made]
            record_type("people").field("company").through.begin(act, pairs)
            act.settle(made)
        assert not [one["sql"] for one in captured.captured_queries if "FOR NO KEY UPDATE" in one["sql"]]
