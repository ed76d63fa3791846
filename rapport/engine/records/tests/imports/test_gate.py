"""An import makes and changes what the role of its sender reaches, and refuses the rest row by row."""

import pytest

from rapport.engine.records import gate
from rapport.engine.records.models import ImportProblem
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import make_user

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "Name,Owner,Source\nMine,charlie@northwind.example,Fair\nHers,alice@northwind.example,Fair\nNobody's,,Web\n"


def names():
    return {one.name: str(one.owner or "") for one in record_type("people").rows()}


@pytest.fixture
def sender(monkeypatch):
    """Somebody whose role reaches so far: `sender({"create": "own"})`."""

    def made(reach, where=None):
        every = {**dict.fromkeys(gate.EVERY_VERB, "all"), **reach}
        monkeypatch.setitem(gate.POLICIES, "sender", {"*": gate.Policy(every, where=where or {})})
        return make_user("Charlie", "sender")

    return made


@pytest.mark.parametrize("verb", ["create", "import"])
def test_who_may_create_only_their_own_imports_only_their_own(alice, sender, imported, verb):
    charlie = sender({verb: "own"})
    run = imported(charlie, "people", FILE)
    assert names() == {"Mine": "Charlie", "Nobody's": "Charlie"}
    (problem,) = ImportProblem.objects.filter(run_id=run.pk, code="refused")
    assert "for yourself only" in problem.message


@pytest.mark.parametrize("verb", ["create", "import"])
def test_a_filter_says_what_may_be_imported(alice, sender, imported, verb):
    charlie = sender({verb: "filter"}, {verb: "source = Fair"})
    run = imported(charlie, "people", FILE)
    assert set(names()) == {"Mine", "Hers"}
    assert "does not let you create such" in ImportProblem.objects.get(run_id=run.pk, code="refused").message


def test_who_may_not_create_changes_only(alice, sender, imported):
    charlie = sender({"create": "none"})
    run = imported(charlie, "people", FILE)
    assert names() == {}
    assert ImportProblem.objects.filter(run_id=run.pk, code="refused").count() == 3


def test_what_an_import_does_not_reach_it_does_not_change(alice, sender, imported, make):
    charlie = sender({"import": "own"})
    make(alice, "people", name="Hers", emails="hers@x.example", owner="me")
    imported(charlie, "people", "Name,E-mail,Source\nHers,hers@x.example,Changed\n", mode="upsert")
    assert record_type("people").rows().get(name="Hers").source == ""
