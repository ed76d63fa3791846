"""The board: lanes with what they come to, cards by keyset, and what it costs."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Company, Person
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records import gate
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import Choice
from rapport.engine.web import boards
from rapport.engine.web.tests.boards import PART, lanes_of, titles_in
from rapport.engine.web.tests.making import make_field

BOARD = "/people/?layout=board"
COMPANIES = "/companies/?layout=board"
STAGES = ["lead", "qualified", "customer", ""]


@pytest.fixture
def people(alice, make):
    """40 in each of three stages and 40 in none, of whom the latest few work somewhere."""
    company = make(alice, "companies", name="Fjell & Fjord AS")
    people = [Person(name=f"Person {n:03}", stage=STAGES[n % 4], owner=alice if n % 3 else None) for n in range(156)]
    with open_act(alice.actor) as act:
        act.create(people)
    for n in range(156, 160):
        make(alice, "people", name=f"Person {n}", stage=STAGES[n % 4], owner="me", company=str(company.pk))


@pytest.fixture
def firms(alice, make):
    industries = ("retail", "retail", "software", "")
    return [
        make(
            alice, "companies", name=f"Firm {index}", industry=industries[index % 4], size=index,
            revenue={"amount": str(Decimal(index * 1000) + Decimal("0.25")), "currency": "EUR" if index % 5 else "NOK"},
        )
        for index in range(1, 13)
    ]  # fmt: skip


def test_lanes_are_the_options_in_their_order_then_those_without(alice, browse, people):
    lanes = lanes_of(browse(alice).get(BOARD))
    assert [lane.label for lane in lanes.values()] == [
        "Subscriber", "Lead", "Qualified", "Customer", "At risk", "Lost", "No stage",
    ]  # fmt: skip
    assert {name: lane.figures for name, lane in lanes.items() if lane.titles} == {
        "lead": "40", "qualified": "40", "customer": "40", "~": "40",
    }  # fmt: skip
    assert lanes["subscriber"].figures == "0"
    assert not lanes["~"].is_hidden


def test_the_lane_of_those_without_a_value_stands_there_when_it_is_asked_for(alice, browse, make):
    make(alice, "people", name="Amara", stage="lead")
    assert lanes_of(browse(alice).get(BOARD))["~"].is_hidden
    assert not lanes_of(browse(alice).get(f"{BOARD}&blank=1"))["~"].is_hidden


def test_counts_and_sums_are_those_of_the_whole_filter(alice, browse, firms):
    lanes = lanes_of(browse(alice).get(COMPANIES, {"layout": "board", "where": "size > 2"}))
    for industry in ("retail", "software", ""):
        among = [firm for firm in firms if firm.industry == industry and firm.size > 2]
        total = sum((firm.revenue_house or 0) for firm in among)
        shown = lanes[industry or "~"].figures
        assert shown == f"{len(among)} · €{total:,}".removesuffix(".00"), industry


def test_the_amount_is_chosen_and_none_too(alice, browse, firms):
    client = browse(alice)
    assert lanes_of(client.get(f"{COMPANIES}&sum=size"))["retail"].figures == "6 · " + str(
        sum(firm.size for firm in firms if firm.industry == "retail")
    )
    assert lanes_of(client.get(f"{COMPANIES}&sum=~"))["retail"].figures == "6"
    assert "€" in lanes_of(client.get(f"{COMPANIES}&sum=nonsense"))["retail"].figures


def test_cards_go_on_by_keyset_over_ties_with_and_without_script(alice, browse, people):
    client = browse(alice)
    Person.objects.update(created_at=Person.objects.first().created_at)
    first = lanes_of(client.get(BOARD))
    wanted = list(Person.objects.filter(stage="lead").order_by("-created_at", "-id").values_list("name", flat=True))
    assert first["lead"].titles == wanted[:25]
    page = lanes_of(client.get(first["lead"].more))
    assert page["lead"].titles == wanted[25:]
    assert page["qualified"].titles == first["qualified"].titles
    assert page["lead"].more == ""
    assert "From the start" in page["lead"].html
    part = client.get(first["lead"].more_part, headers=PART).content.decode()
    assert titles_in(part) == wanted[25:]


@pytest.mark.parametrize("order", ["name", "-name", "emails", "-owner", "changed_at", "owner"])
def test_cards_stand_in_the_order_of_the_list(alice, browse, people, order):
    client, seen = browse(alice), []
    lane = lanes_of(client.get(f"{BOARD}&order={order}"))["customer"]
    listed = client.get("/people/", {"where": "stage = customer", "order": order}).content.decode()
    titles = [Person.objects.get(pk=key).name for key in lane.ids]
    seen = [listed.index(f">{title}</a>") for title in titles]
    assert len(seen) == 25
    assert seen == sorted(seen)


def test_a_retired_option_that_is_still_in_use_has_a_lane_that_takes_nothing(alice, browse, make):
    make(alice, "people", name="Amara", stage="lost")
    with open_act(SYSTEM) as act:
        act.delete(Choice.objects.filter(list="people.stage", value__in=["lost", "at-risk"]))
    check_again()
    answer = browse(alice).get(BOARD)
    lanes = lanes_of(answer)
    assert list(lanes) == ["subscriber", "lead", "qualified", "customer", "~", "lost"]
    assert lanes["lost"].titles == ["Amara"]
    assert 'data-lane="lost">' in answer.content.decode()
    assert 'data-lane="lead" data-takes' in answer.content.decode()


def test_by_a_custom_choice_and_by_owner(admin, dana, alice, make):
    field = make_field(admin, "choice", "Mood")
    make(alice, "people", name="Amara", x_mood="calm", owner="me")
    make(alice, "people", name="Bruno", x_mood="very-keen")
    make(alice, "people", name="Chiara")
    moods = lanes_of(admin.get(f"{BOARD}&board={field.slug}"))
    assert {lane.label: lane.titles for lane in moods.values()} == {
        "Very keen": ["Bruno"], "Calm": ["Amara"], "No mood": ["Chiara"],
    }  # fmt: skip
    owners = lanes_of(admin.get(f"{BOARD}&board=owner"))
    assert {lane.label: lane.titles for lane in owners.values()} == {
        "Alice": ["Amara"], "Dana": [], "No owner": ["Chiara", "Bruno"],
    }  # fmt: skip


def test_a_card_says_whose_what_and_for_how_long(alice, browse, make):
    company = make(alice, "companies", name="Fjell & Fjord AS")
    make(alice, "people", name="Amara <b>", stage="lead", company=str(company.pk), owner="me")
    lead = lanes_of(browse(alice).get(BOARD))["lead"].html
    assert "Fjell &amp; Fjord AS" in lead
    assert 'title="Alice"' in lead
    assert "new today" in lead
    assert "Amara &lt;b&gt;" in lead


def test_how_long_is_since_the_last_change_of_the_field(alice, browse, make, age_of):
    amara = make(alice, "people", name="Amara", stage="lead")
    age_of(amara, days=40)
    assert "40 d in stage" in lanes_of(browse(alice).get(BOARD))["lead"].html
    with open_act(alice.actor) as act:
        act.change(amara, source="Fair")
    assert "40 d in stage" in lanes_of(browse(alice).get(BOARD))["lead"].html
    with open_act(alice.actor) as act:
        act.change(amara, stage="customer")
    assert "new today" in lanes_of(browse(alice).get(BOARD))["customer"].html


@pytest.fixture
def age_of():
    """Make a record look older than it is."""

    def made(row, days):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE person SET created_at = created_at - make_interval(days => %s) WHERE id = %s", [days, row.pk]
            )

    return made


def test_a_stranger_sees_the_lanes_of_what_is_theirs(charlie, browse, people, make):
    make(charlie, "people", name="Mine alone", stage="lead", owner="me")
    lanes = lanes_of(browse(charlie).get(BOARD))
    assert (lanes["lead"].titles, lanes["lead"].figures) == (["Mine alone"], "1")
    assert [name for name, lane in lanes.items() if lane.titles] == ["lead"]


def test_who_reads_all_but_changes_own_moves_own_cards_only(alice, browse, make, role):
    policy = gate.Policy({**gate.FULL.reach, "change": "own"})
    rita = role(policy)
    make(alice, "people", name="Not hers", stage="lead", owner="me")
    make(rita, "people", name="Hers", stage="lead", owner="me")
    lead = lanes_of(browse(rita).get(BOARD))["lead"]
    assert lead.titles == ["Hers", "Not hers"]
    assert lead.html.count('draggable="true"') == 1
    assert 'aria-label="Move Hers"' in lead.html


def test_a_hidden_field_makes_no_board_and_a_locked_one_no_moves(alice, browse, make, role):
    make(alice, "people", name="Amara", stage="lead", owner="me")
    hidden = browse(role(gate.Policy(gate.FULL.reach, hidden=frozenset({"stage", "owner"})))).get(BOARD)
    assert "<tr data-url" in hidden.content.decode()
    assert "layout=board" not in hidden.content.decode().partition('class="layouts"')[2].partition("</nav>")[0]
    other = lanes_of(browse(role(gate.Policy(gate.FULL.reach, hidden=frozenset({"stage"})))).get(BOARD))
    assert [lane.titles for lane in other.values() if lane.titles] == [["Amara"]]
    assert "Lead" not in [lane.label for lane in other.values()]
    locked = browse(role(gate.Policy(gate.FULL.reach, locked=frozenset({"stage"})))).get(BOARD).content.decode()
    assert "Amara" in locked
    assert 'draggable="true"' not in locked
    assert "data-takes" not in locked


def test_a_hidden_amount_is_not_summed_up(browse, firms, role):
    rita = role(gate.Policy(gate.FULL.reach, hidden=frozenset({"revenue", "size"})), "companies")
    page = browse(rita).get(f"{COMPANIES}&sum=revenue")
    assert lanes_of(page)["retail"].figures == "6"
    assert "€" not in page.content.decode()


def test_deleted_records_stand_on_a_board_and_cannot_be_moved(alice, browse, make):
    gone = make(alice, "people", name="Gone", stage="lead")
    with open_act(alice.actor) as act:
        act.delete(gone)
    answer = browse(alice).get(f"{BOARD}&deleted=1")
    assert lanes_of(answer)["lead"].titles == ["Gone"]
    assert "data-takes" not in answer.content.decode()


def test_an_empty_board_teaches_and_a_filter_that_cannot_be_read_says_so(alice, browse):
    client = browse(alice)
    assert "No people yet" in client.get(BOARD).content.decode()
    assert "Nothing matches" in client.get(BOARD, {"layout": "board", "where": "name = x"}).content.decode()
    broken = client.get(BOARD, {"layout": "board", "where": "stage = nonsense"})
    assert broken.status_code == 400
    assert 'role="alert"' in broken.content.decode()


def test_records_for_whose_lanes_there_is_no_room_are_spoken_of(alice, browse):
    with open_act(alice.actor) as act:
        act.create([Person(name=f"Person {n}", stage=f"odd-{n:02}") for n in range(13)])
        act.create([Person(name="One more", stage="odd-00")])
    answer = browse(alice).get(BOARD)
    assert len([name for name in lanes_of(answer) if name.startswith("odd")]) == 10
    assert lanes_of(answer)["odd-00"].figures == "2"
    assert "3 more stand in columns for which there is no room" in answer.content.decode()


def test_figures_of_a_large_board_are_remembered_until_a_card_is_moved(alice, browse, make, monkeypatch):
    monkeypatch.setattr(boards, "CAP", 1)
    people = [make(alice, "people", name=name, stage="lead") for name in ("Amara", "Bruno")]
    client = browse(alice)
    assert lanes_of(client.get(BOARD))["lead"].figures == "2"
    with open_act(SYSTEM) as act:
        act.change(people[0], stage="lost")
    assert lanes_of(client.get(BOARD))["lead"].figures == "2"
    assert lanes_of(client.get(f"{BOARD}&where=owner+is+empty"))["lead"].figures == "1"
    client.post(f"/people/{people[1].pk}/move/stage?layout=board", {"to": "customer"}, headers=PART)
    assert lanes_of(client.get(BOARD))["lead"].figures == "0"


def test_a_hidden_title_is_hidden_on_cards_and_in_words(browse, alice, make, role):
    amara = make(alice, "people", name="Amara Okafor", stage="lead")
    client = browse(role(gate.Policy(gate.FULL.reach, hidden=frozenset({"name", "first_name", "last_name"}))))
    pages = [client.get(BOARD), client.get(f"/people/{amara.pk}/move/stage?layout=board")]
    pages.append(client.post(f"/people/{amara.pk}/move/stage?layout=board", {"to": "lost"}, headers=PART))
    assert [page.status_code for page in pages] == [200] * 3
    assert not [page for page in pages if "Amara" in page.content.decode()]


def test_a_new_record_begins_in_its_lane(alice, browse, people):
    client = browse(alice)
    lane = lanes_of(client.get(BOARD))["qualified"].html
    assert "/people/new?stage=qualified" in lane
    assert '<option value="qualified" selected>' in client.get("/people/new?stage=qualified").content.decode()


@pytest.mark.parametrize("query", ["board=name", "board=~", "lane=nope&cursor=x", "lane=lead&cursor=x", "sum=%00"])
def test_a_strange_address_shows_the_board(alice, browse, people, query):
    assert lanes_of(browse(alice).get(f"{BOARD}&{query}"))["lead"].figures == "40"


def test_the_cost_does_not_grow_with_the_cards(alice, browse, people, pinned_queries):
    client = browse(alice)
    client.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        client.get(BOARD, {"layout": "board", "where": 'name ~ "Person 159"'})
    with CaptureQueriesContext(connection) as many:
        client.get(BOARD)
    assert len(many) == len(few)
    pinned_queries("board of people", len(many))


@pytest.fixture
def role(db, monkeypatch):
    """Somebody whose role has this policy on a type, and may do everything else."""
    from tests.fixtures.cast import make_user

    made = []

    def user(policy, slug="people"):
        made.append(policy)
        monkeypatch.setitem(gate.POLICIES, f"reader{len(made)}", {"*": gate.FULL, slug: policy})
        return make_user(f"Rita{len(made)}", f"reader{len(made)}")

    return user


def test_companies_have_a_board_of_their_own(alice, browse, firms):
    assert lanes_of(browse(alice).get(COMPANIES))["software"].titles
    assert Company.objects.count() == 12
