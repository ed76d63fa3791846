"""The linker: normal values, what speaks for and against, guards, and clusters that do not hang on one link."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.engine.records.duplicates.linking import cleaning
from rapport.engine.records.duplicates.linking.grouping import LARGEST, clusters
from rapport.engine.records.duplicates.linking.guards import THRESHOLD
from rapport.engine.records.duplicates.linking.kinds import LEVELS
from rapport.engine.records.duplicates.linking.link import clusters_of, link
from rapport.engine.records.duplicates.linking.model import Model, read_model
from rapport.engine.records.duplicates.linking.shape import Column, Shape
from rapport.engine.records.duplicates.linking.store import opened

PEOPLE = Shape([Column(kind, kind) for kind in ("given", "family", "emails", "phones", "street", "city", "date")])
KARI = {"given": "Kari", "family": "Hansen", "street": "Storgata 12", "city": "Oslo", "phones": ["+4722334455"]}


@pytest.mark.parametrize(
    ("clean", "given", "wanted"),
    [
        (cleaning.email, "Amara.Okafor+news@GoogleMail.com", "amaraokafor@gmail.com"),
        (cleaning.email, "a.b+c@firma.no", "a.b@firma.no"),
        (cleaning.email, "nonsense", ""),
        (cleaning.phone, "+47 777 60 12 34", "777601234"),
        (cleaning.phone, "12", ""),
        (cleaning.domain, "https://www.Fjell.no/om?x=1", "fjell.no"),
        (cleaning.domain, "kari@gmail.com", ""),
        (cleaning.organisation, "The Fjell & Fjord A.S.", "fjell fjord"),
        (cleaning.organisation, "Müller GmbH", "muller"),
        (cleaning.organisation, "AS", "as"),
        (cleaning.street, "12 North Street", "12 n st"),
        (cleaning.day, "1965-03-14", "19650314"),
        (cleaning.day, "soon", ""),
    ],
)
def test_values_become_normal(clean, given, wanted):
    assert clean(given) == wanted


def chance(**changes):
    other = {**KARI, **changes}
    return Model(PEOPLE).score(PEOPLE.normal(KARI), PEOPLE.normal(other)).probability


def test_exchanged_names_are_the_same():
    assert chance(given="Hansen", family="Kari") >= THRESHOLD


def test_colleagues_and_relatives_are_not():
    shared = {"emails": ["info@firma.no"]}
    assert chance(given="Ola", family="Berg", **shared) < THRESHOLD
    assert chance(given="Ola") < THRESHOLD


def test_father_and_son_are_not():
    son = PEOPLE.normal({**KARI, "date": "1990-05-05"})
    father = PEOPLE.normal({**KARI, "date": "1962-11-20"})
    assert Model(PEOPLE).score(father, son).probability < THRESHOLD


def test_a_role_box_weighs_less_than_a_box_of_ones_own():
    model = Model(Shape([Column("emails", "emails")]))
    role, own = (model.shape.normal({"emails": [box]}) for box in ("info@firma.no", "kari.hansen@firma.no"))
    assert model.score(role, role).reasons["emails"][1] + 10 < model.score(own, own).reasons["emails"][1]


def test_missing_says_nothing():
    assert Model(PEOPLE).score({}, {}).probability < 0.01


def test_one_weak_link_joins_nothing():
    strong = {(1, 2): 1.0, (3, 4): 1.0}
    assert [list(one.members) for one in clusters({**strong, (2, 3): 0.91})] == [[1, 2], [3, 4]]
    assert [list(one.members) for one in clusters({(1, 2): 0.99, (2, 3): 0.99, (1, 3): 0.2})] == [[1, 2, 3]]
    assert [list(one.members) for one in clusters({(1, 2): 0.99, (2, 3): 0.95, (1, 3): 0.0})] == [[1, 2]]
    assert [list(one.members) for one in clusters({(1, 2): 0.99, (1, 3): 0.95, (2, 3): 0.95}, {(1, 2)})] == [[1, 3]]


def test_clusters_stay_small():
    everybody = {(a, b): 1.0 for a in range(40) for b in range(a + 1, 40)}
    assert max(len(one.members) for one in clusters(everybody)) <= LARGEST


@pytest.mark.parametrize("rows", [[], [{"given": "Kari"}], [{"given": None}, {"given": ""}]])
def test_next_to_nothing_is_linked(rows):
    shape = Shape([Column("given", "given")])
    with opened(shape) as store:
        assert list(store.load((str(n), shape.normal(row)) for n, row in enumerate(rows))) in ([], [len(rows)])
        link(store)
        assert list(clusters_of(store)) == []


def test_a_model_is_kept_as_json():
    model = Model(PEOPLE, records=5, learned=["given"], common=frozenset({-3, 7}))
    assert read_model(PEOPLE, model.as_json()).as_json() == model.as_json()


texts = st.none() | st.text("abcdeøé -12", max_size=12)
lists = st.none() | st.lists(st.sampled_from(["a", "b", "c d", "ø"]), max_size=3, unique=True)
AGREEMENTS = [level.agreement for levels in LEVELS.values() for level in levels if level.agreement]
COLUMNS = sorted({name for one in AGREEMENTS for name in one.sql().split('"')[1::2]})
LISTED = {"emails", "boxes", "phones", "domains", "labels", "links", "words", "parts"}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_python_and_sql_give_one_answer(data):
    names = sorted({name.rsplit("_", 1)[0] for name in COLUMNS})
    rows = [{name: data.draw(lists if name in LISTED else texts) or None for name in names} for _side in "lr"]
    columns, values = [], []
    for side, row in zip("lr", rows, strict=True):
        for name in names:
            columns.append(f'CAST(? AS VARCHAR{"[]" if name in LISTED else ""}) AS "{name}_{side}"')
            values.append(row[name])
    asked = ", ".join(f"coalesce({one.sql()}, FALSE)" for one in AGREEMENTS)
    with duckdb.connect() as db:
        given_ = ", ".join(columns)
        found = db.execute(f"SELECT {asked} FROM (SELECT {given_})", values).fetchone()  # noqa: S608  our own names
    assert list(found) == [one.holds(*rows) for one in AGREEMENTS]
