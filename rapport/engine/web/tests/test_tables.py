"""The table: columns in their order and width, sorting, groups and totals, and what each costs."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.tests.support import as_owner
from rapport.engine.records.queries.summing import GROUPS
from rapport.engine.records.registry import record_type
from rapport.engine.web import totals
from rapport.engine.web.tests.making import make_field, page_of
from rapport.engine.web.tests.markup import Page
from rapport.engine.web.views.layouts import grouped

PART = {"HX-Request": "true"}
CELLS = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)


@pytest.fixture
def firms(alice, make):
    """Seven companies: three in retail, two in software, two nowhere; one amount in a foreign currency."""
    values = [
        ("Atlas", "retail", "5", "100 EUR", "Oslo"), ("Burren", "retail", "7", "70 USD", "Bari"),
        ("Cirrus", "retail", "", "50.50 EUR", "Oslo"), ("Delta", "software", "9", "", ""),
        ("Erie", "software", "1", "1 EUR", "bergen"), ("Fjell", "", "3", "", ""), ("Gobi", "", "", "9 EUR", "Oslo"),
    ]  # fmt: skip
    return [
        make(alice, "companies", name=name, industry=industry, size=size, revenue=revenue, addresses=[{"city": city}])
        for name, industry, size, revenue, city in values
    ]


def heads(page):
    return re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([A-Z][\w ]+)', page)


def link(page, words):
    """Where a link of a menu leads."""
    [found] = re.findall(rf'href="([^"]*)"[^>]*>(?:<svg.*?</svg>)?(?:<span class="name">)?{re.escape(words)}<', page)
    return found.replace("&amp;", "&")


def titles(page):
    return re.findall(r'<td class="title"[^>]*>.*?<a href="[^"]*">([^<]*)</a>', page)


def groups(page):
    """What stands in the line of each group: its name, how many, its totals."""
    lines = re.findall(r'<tr class="grouphead">(.*?)</tr>', page, re.DOTALL)
    names = [re.sub(r"<[^>]*>", " ", line.partition("</th>")[0]).split() for line in lines]
    cells = [[re.sub(r"<[^>]*>", "", cell).strip() for cell in CELLS.findall(line)] for line in lines]
    return [(" ".join(name), [one for one in cell if one]) for name, cell in zip(names, cells, strict=True)]


FOOT = re.compile(r'data-total="(\w+)">(.*?)</span>(?=</span></td>|<span data-total|\s*$)', re.DOTALL)


def feet(page):
    """The totals at the foot, by their fields."""
    return {slug: " ".join(re.sub(r"<[^>]*>", " ", text).split()) for slug, text in FOOT.findall(page.strip())}


def test_columns_stand_in_the_order_of_the_address_and_the_title_first(alice, browse, firms):
    client = browse(alice)
    page = page_of(client, "/companies/?columns=size,city&columns=name,industry,nonsense&group=industry")
    assert heads(page) == ["Name", "Employees", "City", "Industry"]
    assert heads(page_of(client, link(page, "As it was")))[1] == "Industry"
    assert "group=industry" in link(page, "As it was")
    [up] = re.findall(r'data-move="-1" href="([^"]*)" aria-label="Move City up"', page)
    assert heads(page_of(client, up.replace("&amp;", "&"))) == ["Name", "City", "Employees", "Industry"]
    [first] = re.findall(r'data-move="-1" href="([^"]*)" aria-label="Move Employees up"', page)
    assert heads(page_of(client, first.replace("&amp;", "&"))) == ["Name", "Employees", "City", "Industry"]
    assert page.index('value="size" checked') < page.index('value="city" checked') < page.index('value="country"')


def test_widths_stand_in_the_address_and_need_no_style(alice, browse, firms):
    page = page_of(browse(alice), "/companies/?columns=size,city&widths=name:300,size:9,city:999999,x:,nonsense")
    assert re.findall(r"<col(?: width=\"(\d+)\")?>", page) == ["44", "300", "64", ""]
    assert 'class="grid sized" width="588"' in page
    assert Page(page).all_faults() == []
    assert "widths=name%3A300" in link(page, "No groups") if "No groups" in page else True
    for nothing in ("", "nonsense", "city:wide", "nobody:100", "city:-5", "city:\u0663"):
        assert "sized" not in page_of(browse(alice), "/companies/", widths=nothing).partition("<table")[2][:40]


def test_the_menu_of_sorting_offers_what_sorts_and_both_ways(alice, browse, firms):
    client = browse(alice)
    page = page_of(client, "/companies/?columns=size&where=size+>+2")
    assert "Sort: Created" in page
    menu = page.partition("Sort: Created")[2].partition("</details>")[0]
    assert {"Name", "Employees", "Owner", "Changed"} <= set(re.findall(r">([^<]+)<", menu))
    assert "Phone" not in menu
    assert titles(page_of(client, link(menu, "Oldest first"))) == ["Atlas", "Burren", "Delta", "Fjell"]
    by_size = page_of(client, link(menu, "Employees"))
    assert titles(by_size) == ["Fjell", "Atlas", "Burren", "Delta"]
    assert titles(page_of(client, link(by_size, "Largest first"))) == ["Delta", "Burren", "Atlas", "Fjell"]


def test_groups_stand_as_they_are_declared_with_their_counts_and_totals_the_empty_one_last(alice, browse, firms):
    page = page_of(browse(alice), "/companies/?group=industry&totals=size:sum,revenue:sum&order=name")
    words = "1 amount in another currency has no known rate and is not in it."
    assert groups(page) == [
        ("Retail 3", ["12", f"€150.50 without 1 {words}"]),
        ("Software 2", ["10", "€1.00"]),
        ("No industry 2", ["3", "€9.00"]),
    ]
    assert titles(page) == ["Atlas", "Burren", "Cirrus", "Delta", "Erie", "Fjell", "Gobi"]
    turned = page_of(browse(alice), "/companies/?group=-industry")
    assert [name for name, _cells in groups(turned)] == ["Software 2", "Retail 3", "No industry 2"]
    assert Page(page).all_faults() == []


def test_choices_stand_as_they_are_declared_and_not_by_their_letters(alice, browse, make):
    for industry in ("manufacturing", "wholesale", "retail"):
        make(alice, "companies", name=industry, industry=industry)
    page = page_of(browse(alice), "/companies/?group=industry")
    assert [name for name, _cells in groups(page)] == ["Retail 1", "Wholesale 1", "Manufacturing 1"]


def test_only_the_first_groups_stand_open_and_more_is_loaded_by_keyset(alice, browse, firms, monkeypatch):
    monkeypatch.setattr(grouped, "OPEN", 1)
    monkeypatch.setattr(grouped, "AT_ONCE", 2)
    client = browse(alice)
    page = page_of(client, "/companies/?group=industry&order=-name")
    assert titles(page) == ["Cirrus", "Burren"]
    assert re.findall(r'data-group="[^"]*" aria-expanded="(\w+)"', page) == ["true", "false", "false"]
    [more] = re.findall(r'data-more="([^"]*)"', page)
    part = client.get(more.replace("&amp;", "&"), headers=PART).content.decode()
    assert titles(part) == ["Atlas"]
    assert "data-more" not in part
    software = re.findall(r'data-group="([^"]*)"', page)[1].replace("&amp;", "&")
    assert titles(client.get(software, headers=PART).content.decode()) == ["Erie", "Delta"]
    assert client.get(software).status_code == 302


def test_the_address_names_the_groups_that_stand_open_and_not_more_than_so_many(alice, browse, firms, monkeypatch):
    client = browse(alice)
    page = page_of(client, "/companies/?group=industry")
    tokens = re.findall(r'<tbody data-token="(\w+)"', page)
    assert stand_open(page) == [True, True, True]
    assert stand_open(page_of(client, "/companies/", group="industry", open=tokens[1])) == [False, True, False]
    assert stand_open(page_of(client, "/companies/", group="industry", open="none")) == [False] * 3
    assert stand_open(page_of(client, "/companies/", group="industry", open="nonsense")) == [True] * 3
    monkeypatch.setattr(grouped, "MOST_OPEN", 1)
    assert stand_open(page_of(client, "/companies/", group="industry", open=".".join(tokens))) == [True, False, False]
    long = page_of(client, "/companies/", group="industry", open="a" * 5_000)
    assert "a" * 181 not in long


def stand_open(page):
    """Of each group whether it stands open."""
    return [one == "true" for one in re.findall(r'data-group="[^"]*" aria-expanded="(\w+)"', page)]


@pytest.mark.parametrize("slug", ["people", "companies"])
def test_every_field_groups_and_without_script_each_group_leads_to_its_records(dana, admin, make, slug):
    company = make(dana, "companies", name="Fjell", domains="fjell.no", industry="retail", size="5", tags="VIP")
    for kind in ("text", "number", "date", "datetime", "bool", "choice", "choices", "email", "phones", "tags"):
        make_field(admin, kind, f"Own {kind}")
    values = {"x_own_number": "1.50", "x_own_date": "2026-03-29", "x_own_datetime": "2026-03-29T01:30:00Z",
              "x_own_bool": "yes", "x_own_choice": "Calm", "x_own_choices": ["Calm", "Very keen"], "x_own_tags": "a; b",
              "x_own_email": "a@b.no", "x_own_phones": "+4777601234", "x_own_text": 'say "no"'}  # fmt: skip
    make(dana, "people", name="Amara", company=str(company.pk), stage="lead", owner="me", birthday="2000-02-29",
         addresses=[{"city": "Oslo", "country": "NO"}], tags="gold; VIP", **values)  # fmt: skip
    make(dana, "people", name="Bruno")
    make(dana, "companies", name="Gobi", parent=str(company.pk))
    rtype, checked = record_type(slug), 0
    for field in [*rtype.all_fields(), rtype.field("created_at"), rtype.field("created_by")]:
        if field.type.name not in GROUPS:
            continue
        page = page_of(admin, f"/{slug}/", group=field.slug, columns="name")
        lines = re.findall(r'<tr class="grouphead">.*?href="([^"]*)".*?<span class="dim num">(\d+)<', page)
        assert lines, field.slug
        for address, count in lines:
            alone = page_of(admin, address.replace("&amp;", "&"))
            assert len(titles(alone)) == int(count), (field.slug, address)
            checked += 1
        assert Page(page).all_faults() == [], field.slug
    assert checked > len(rtype.fields)


def test_a_record_with_several_tags_stands_in_several_groups_and_has_an_id_of_its_own_in_each(alice, browse, make):
    make(alice, "companies", name="Atlas", tags="gold; VIP")
    page = page_of(browse(alice), "/companies/?group=tags")
    assert [name for name, _cells in groups(page)] == ["gold 1", "VIP 1"]
    assert titles(page) == ["Atlas", "Atlas"]
    assert Page(page).all_faults() == []


def test_dates_are_grouped_by_the_stretch_that_is_asked_for(alice, browse, make):
    for name, day in (("A", "2026-01-31"), ("B", "2026-02-01"), ("C", "2025-12-31")):
        make(alice, "people", name=name, birthday=day)
    client = browse(alice)
    page = page_of(client, "/people/?group=birthday")
    assert [name for name, _cells in groups(page)] == ["December 2025 1", "January 2026 1", "February 2026 1"]
    for words, wanted in (
        ("By year", ["2025 1", "2026 2"]), ("By quarter", ["Q4 2025 1", "Q1 2026 2"]),
        ("By week", ["Week of 29 Dec 2025 1", "Week of 26 Jan 2026 2"]),
        ("By day", ["31 Dec 2025 1", "31 Jan 2026 1", "1 Feb 2026 1"]),
    ):  # fmt: skip
        shown = page_of(client, link(page, words))
        assert [name for name, _cells in groups(shown)] == wanted
    by_year = page_of(client, link(page, "By year")).partition("Group: ")[2]
    newest = page_of(client, link(by_year, "Newest first"))
    assert [name for name, _cells in groups(newest)] == ["2026 2", "2025 1"]


def test_more_groups_than_are_shown_is_said(alice, browse, firms, monkeypatch):
    monkeypatch.setattr(grouped, "MOST_GROUPS", 2)
    page = page_of(browse(alice), "/companies/?group=industry")
    assert "There are more than 2 groups; here are the largest of them." in page
    assert len(groups(page)) == 2
    page = page_of(browse(alice), "/companies/?group=size")
    assert [name for name, _cells in groups(page)] == ["1 1", "3 1"]
    assert "here are the first of them" in page


@pytest.mark.parametrize(
    "query", ["group=nonsense", "group=phones:month", "group=-", "group=addresses", "totals=city:sum", "totals=name"]
)
def test_what_cannot_be_grouped_or_added_up_is_told_and_left_out(alice, browse, firms, query):
    page = page_of(browse(alice), f"/companies/?{query}")
    assert 'role="alert"' in page
    assert len(titles(page)) == 7
    assert query.partition("=")[2] not in link(page, "All companies")


def test_a_field_that_a_role_hides_is_refused_as_if_there_were_none(charlie, browse, make):
    make(charlie, "people", name="Mine", owner="me")
    client = browse(charlie)
    for query in ("group=phones", "totals=phones:filled"):
        page = page_of(client, f"/people/?{query}")
        assert "There is no field “phones” here." in page
        assert "Group: Phone" not in page
    assert ">Phone<" not in page
    for address in ("/people/totals?totals=phones:filled", "/people/group?group=phones&only=none"):
        answer = client.get(address, headers=PART)
        assert (answer.status_code, "There is no field “phones” here." in answer.content.decode()) == (400, True)


def test_a_filter_that_cannot_be_read_or_matches_nothing_has_no_groups_and_no_totals(alice, browse, firms):
    client, more = browse(alice), "&group=industry&totals=size:sum"
    answer = client.get(f"/companies/?where=contry+=+NO{more}")
    assert (answer.status_code, groups(answer.content.decode())) == (400, [])
    for part in ("totals", "group"):
        assert client.get(f"/companies/{part}?where=contry+=+NO{more}&only=none", headers=PART).status_code == 400
    assert "Nothing matches" in page_of(client, f"/companies/?where=name+=+nobody{more}")
    empty = client.get(f"/companies/totals?where=name+=+nobody{more}", headers=PART).content.decode()
    assert feet(empty) == {"size": "—"}


def test_groups_and_totals_of_a_stranger_are_of_what_is_theirs(alice, charlie, browse, make, firms):
    make(charlie, "companies", name="Mine", industry="retail", owner="me", size="4")
    client = browse(charlie)
    assert groups(page_of(client, "/companies/?group=industry&totals=size:sum")) == [("Retail 1", ["4"])]
    assert feet(client.get("/companies/totals?totals=size:sum", headers=PART).content.decode()) == {"size": "4"}


def test_what_a_relation_points_at_and_may_not_be_seen_is_nobody(charlie, alice, browse, make):
    theirs = make(alice, "companies", name="Secret AS", owner="me")
    make(
        charlie, "people", name="Amara", owner="me", company=str(make(charlie, "companies", name="Mine", owner="me").pk)
    )
    bruno = make(charlie, "people", name="Bruno", owner="me")
    with open_act(SYSTEM) as act:
        record_type("people").field("company").through.assign(act, [(bruno, theirs.pk)])
    page = page_of(browse(charlie), "/people/?group=company")
    assert [name for name, _cells in groups(page)] == ["MI Mine 1", "No company 1"]
    assert "Secret" not in page
    assert str(theirs.pk) not in page


@pytest.mark.parametrize("only", ["", "none", "is:nonsense", "is:\x00", "lead"])
def test_a_group_that_there_is_not_is_a_sentence_or_empty(alice, browse, firms, only):
    answer = browse(alice).get("/companies/group", {"group": "size", "only": only}, headers=PART)
    assert answer.status_code == (200 if only == "none" else 400)
    assert browse(alice).get("/companies/group", {"only": only}, headers=PART).status_code == 400


def test_the_foot_adds_up_the_whole_filter(alice, browse, firms):
    client = browse(alice)
    asked = "totals=name:count,industry:empty,size:avg,city:unique,revenue:max,created_at:min"
    found = feet(client.get(f"/companies/totals?{asked}", headers=PART).content.decode())
    assert found.pop("created_at")
    words = "1 amount in another currency has no known rate and is not in it."
    assert found.pop("revenue") == f"€100.00 without 1 {words}"
    assert found == {"name": "7", "industry": "2", "size": "5", "city": "3"}
    some = client.get(f"/companies/totals?{asked}&where=size+>+4", headers=PART).content.decode()
    assert (feet(some)["name"], feet(some)["size"]) == ("3", "7")
    assert feet(client.get("/companies/totals?totals=size:avg&where=size+<+6", headers=PART).content.decode()) == {
        "size": "3"
    }


def test_an_average_is_rounded_and_a_sum_is_not(alice, browse, make):
    for size in ("1", "1", "2"):
        make(alice, "companies", name="A", size=size)
    client = browse(alice)
    assert feet(client.get("/companies/totals?totals=size:avg", headers=PART).content.decode()) == {"size": "1.33"}


def test_the_foot_offers_what_fits_its_column_and_works_without_script(alice, browse, firms):
    client = browse(alice)
    page = page_of(client, "/companies/?columns=size,created_at&totals=size:sum")
    foot = page.partition("<tfoot")[2]
    size = foot.partition("Total of Employees")[2].partition("</details>")[0]
    wanted = ["Empty", "Filled", "Unique", "Sum", "Average", "Lowest", "Highest", "No total"]
    assert re.findall(r'<a class="item[^>]*>([^<]+)', size) == wanted
    created = foot.partition("Total of Created")[2].partition("</details>")[0]
    assert re.findall(r'<a class="item[^>]*>([^<]+)', created) == ["Empty", "Filled", "Unique", "Earliest", "Latest"]
    assert parse_qs(urlsplit(link(created, "Latest")).query)["totals"] == ["size:sum,created_at:max"]
    assert feet(page_of(client, link(foot, "Show"))) == {"size": "25"}
    assert client.get("/companies/totals?totals=size:sum").status_code == 302
    assert feet(page_of(client, link(foot, "No total"))) == {}


def test_totals_of_a_long_list_may_be_a_minute_old_those_of_a_short_one_never(alice, browse, make, firms, monkeypatch):
    client = browse(alice)

    def asked():
        page = client.get("/companies/totals?totals=name:count", headers=PART).content.decode()
        grouped_ones = groups(page_of(client, "/companies/?group=industry"))
        return feet(page)["name"], grouped_ones[0][0]

    assert asked() == ("7", "Retail 3")
    make(alice, "companies", name="New", industry="retail")
    assert asked() == ("8", "Retail 4")
    monkeypatch.setattr(totals, "CAP", 2)
    monkeypatch.setattr(grouped, "CAP", 2)
    assert asked() == ("8", "Retail 4")
    make(alice, "companies", name="Newer", industry="retail")
    assert asked() == ("8", "Retail 4")


def test_the_cost_of_groups_grows_neither_with_groups_nor_with_rows(alice, browse, make, firms, pinned_queries):
    client, address = browse(alice), "/companies/?group=industry&totals=revenue:sum&columns=parent,owner"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(f"{address}&where=name+=+Atlas")
    for index, industry in enumerate(("health", "finance", "services", "education", "retail") * 5):
        make(alice, "companies", name=f"C{index}", industry=industry, owner="me")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    pinned_queries("list under groups", len(many))


def test_the_list_of_people_under_companies_costs_one_query_more_than_without_groups(
    alice, browse, make, firms, pinned_queries
):
    for index in range(12):
        make(alice, "people", name=f"P{index}", company=str(firms[index % 7].pk))
    client = browse(alice)
    client.get("/people/?group=company")
    with CaptureQueriesContext(connection) as queries:
        client.get("/people/?group=company")
    pinned_queries("list of people under companies", len(queries))
    with CaptureQueriesContext(connection) as queries:
        client.get("/people/totals?totals=company:unique", headers=PART)
    pinned_queries("totals of a list", len(queries))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestPatience:
    @pytest.fixture
    def impatient(self):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '100ms'")
        yield
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")

    def test_totals_that_take_too_long_are_a_sentence_and_the_list_stands(self, alice, browse, make, impatient):
        make(alice, "people", name="Amara")
        client = browse(alice)
        with transaction.atomic(using="owner"):
            as_owner("LOCK TABLE membership IN ACCESS EXCLUSIVE MODE")
            part = client.get("/people/totals?totals=company:filled&columns=name", headers=PART)
            page = client.get("/people/?totals=company:filled&columns=name,stage&now=1")
        connections["owner"].close()
        assert (part.status_code, page.status_code) == (503, 200)
        assert titles(page.content.decode()) == ["Amara"]
        for answer in (part, page):
            assert "The database was not done in time" in answer.content.decode()
