"""A list as a chart: its numbers beside plain Python, its links beside the lists they lead to, the gate, the file."""

import csv
import html
import io
import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Company, Person
from rapport.engine.records.gate import POLICIES, Policy
from rapport.engine.records.queries.summing import GROUPS
from rapport.engine.records.registry import record_type
from rapport.engine.web.tests.making import make_field

STAGES = ["lead", "lead", "customer", "", "lead", "qualified", "", "customer"]
SOURCES = ["Fair", "fair", "Web", "Web", "", "Fair", "Letter", "Web"]


@pytest.fixture
def people(alice, dana, browse, make):
    """Eight people with a value, or none, in every kind of field."""
    kinds = {"number": "x_points", "bool": "x_keen", "choice": "x_mood", "choices": "x_likes", "date": "x_met"}
    kinds |= {"text": "x_word", "datetime": "x_seen", "relation": "x_shop", "user": "x_carer", "link": "x_site"}
    made = {kind: make_field(browse(dana), kind, slug[2:].title()).slug for kind, slug in kinds.items()}
    firms = [make(alice, "companies", name=name) for name in ("Fjord", "Alm")]
    found = []
    for index, (stage, source) in enumerate(zip(STAGES, SOURCES, strict=True)):
        values = {"stage": stage, "source": source, "tags": ["fair", "vip"][: index % 3], "do_not_contact": index == 2}
        values |= {"emails": f"p{index % 4}@x.no", "company": str(firms[index % 2].pk) if index % 3 else ""}
        values |= {"birthday": f"19{70 + index}-03-31" if index % 2 else "", "owner": "me" if index % 4 else ""}
        if index % 3:
            values |= {
                made["number"]: str(index % 2) + ".5",
                made["bool"]: True,
                made["text"]: ["a", "A", "é"][index % 3],
            }
            values |= {made["date"]: f"2026-0{1 + index % 3}-01", made["datetime"]: f"2026-02-0{index}T23:30:00Z"}
            values |= {made["relation"]: str(firms[0].pk), made["user"]: "me", made["link"]: "https://a.no/b"}
        found.append(make(alice, "people", name=f"Person {index}", **values))
    Person.objects.filter(pk=found[0].pk).update(created_at=datetime(2026, 8, 31, 23, 30, tzinfo=UTC))
    return found


@pytest.fixture
def firms(alice, make):
    revenues = ["10 EUR", "-4 EUR", "", "1234567.50 EUR", "3 XAF"]
    industries = ["retail", "retail", "software", "", "software"]
    return [
        make(alice, "companies", name=f"Firm {index}", revenue=revenue, industry=industry, size=str(index))
        for index, (revenue, industry) in enumerate(zip(revenues, industries, strict=True))
    ]


def drawn(client, slug="people", **asked):
    answer = client.get(f"/{slug}/", {"layout": "chart", **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(page):
    """The table of a chart: label → cells, each text and address."""
    body = page[page.index('<div class="numbers"') :]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', body)
    cell = re.compile(r'<td>(?:<a href="([^"]*)">)?([^<]*)')
    return {
        html.unescape(label): [(text, html.unescape(url)) for url, text in cell.findall(row)] for label, row in rows
    }


def values(page):
    return {label: [text for text, _url in cells] for label, cells in numbers(page).items()}


def theirs(user, person):
    Person.objects.filter(pk=person.pk).update(owner_id=user.pk)


def test_the_usual_chart_counts_by_the_first_choice_in_its_order(alice, browse, people):
    found = values(drawn(browse(alice)))
    assert found == {"Lead": ["3"], "Qualified": ["1"], "Customer": ["2"], "No stage": ["2"]}
    assert list(found)[-1] == "No stage"


def test_every_field_leads_to_exactly_what_it_counts(alice, browse, people):
    rtype, client = record_type("people"), browse(alice)
    checked = Counter()
    for field in [*rtype.all_fields(), rtype.field("created_at"), rtype.field("created_by")]:
        if field.type.name not in GROUPS:
            continue
        page = drawn(client, by=field.slug)
        assert "cannot be drawn" not in page, field.slug
        for label, cells in numbers(page).items():
            for text, url in cells:
                if url:
                    listed = client.get(url).content.decode()
                    assert f"{text}</span>" in listed or f">{text}<" in listed
                    assert listed.count("<tr data-url") == int(text), (field.slug, label, url)
                    checked[field.type.name] += 1
    assert checked.keys() >= GROUPS - {"phone", "email", "emails", "phones", "domains"}


def test_a_split_chart_adds_up_and_leads_on(alice, browse, people):
    client = browse(alice)
    found = numbers(drawn(client, by="stage", series="source"))
    assert sum(int(text) for cells in found.values() for text, _url in cells) == 8
    for cells in found.values():
        for text, url in cells:
            assert client.get(url).content.decode().count("<tr data-url") == int(text)


def test_spellings_that_a_filter_takes_for_one_are_one_bar(alice, browse, people):
    assert values(drawn(browse(alice), by="source"))["Fair"] == ["3"]


@pytest.mark.parametrize("total", ["sum", "avg", "min", "max", "unique"])
def test_measures_are_those_of_plain_python(alice, browse, firms, total):
    found = values(drawn(browse(alice), "companies", by="industry", measure=f"size:{total}"))
    sizes = {"Retail": [0, 1], "Software": [2, 4], "No industry": [3]}
    made = {"sum": sum, "avg": lambda of: Decimal(sum(of)) / len(of), "min": min, "max": max, "unique": len}[total]
    assert {label: Decimal(cells[0]) for label, cells in found.items()} == {
        label: Decimal(made(of)) for label, of in sizes.items()
    }


def test_money_is_in_the_currency_of_the_house_and_says_what_it_leaves_out(alice, browse, firms):
    page = drawn(browse(alice), "companies", by="industry", measure="revenue:sum")
    assert values(page) == {"Retail": ["€6.00"], "Software": ["€0.00"], "No industry": ["€1,234,567.50"]}
    assert "1 amount in another currency has no known rate" in page


def test_beyond_the_largest_stands_an_exact_rest(alice, browse, make):
    for index in range(25):
        for _again in range(2 if index < 3 else 1):
            make(alice, "people", name="A", source=f"Source {index:02}")
    make(alice, "people", name="B")
    client = browse(alice)
    found = numbers(drawn(client, by="source"))
    assert list(found)[20:] == ["Other", "No source"]
    assert found["Other"][0][0] == "5"
    assert client.get(found["Other"][0][1]).content.decode().count("<tr data-url") == 5
    shown = values(drawn(client, by="source", measure="birthday:unique"))
    assert "Other" not in shown
    split = numbers(drawn(client, by="stage", series="source"))
    assert [text for text, _url in split["No stage"]] == ["2", "2", "2", *["1"] * 5, "17", "1"]


def test_the_rest_is_exact_beyond_what_is_read(alice, browse, make, monkeypatch):
    monkeypatch.setattr("rapport.engine.web.figures.MOST", 22)
    for index in range(30):
        make(alice, "people", name="A", source=f"Source {index:02}")
    make(alice, "people", name="B")
    client = browse(alice)
    found = numbers(drawn(client, by="source"))
    assert found["Other"][0][0] == "10"
    assert client.get(found["Other"][0][1]).content.decode().count("<tr data-url") == 10
    assert found["No source"][0][0] == "1"


def test_months_are_whole_and_empty_ones_are_zero_in_the_readers_zone(alice, browse, people, make):
    Person.objects.filter(pk=people[1].pk).update(created_at=datetime(2026, 6, 1, tzinfo=UTC))
    alice.time_zone = "Europe/Oslo"
    alice.save()
    client = browse(alice)
    found = numbers(drawn(client, by="created_at:month", where="created_at < 2026-10-01"))
    assert {label: cells[0][0] for label, cells in found.items()} == {
        "June 2026": "1", "July 2026": "0", "August 2026": "0", "September 2026": "1",
    }  # fmt: skip
    for text, url in (cells[0] for cells in found.values()):
        assert client.get(url).content.decode().count("<tr data-url") == int(text)


def test_what_has_no_date_is_told_and_led_to(alice, browse, people):
    client = browse(alice)
    page = drawn(client, by="birthday:year", chart="lines")
    url, words = re.search(r'<a class="link" href="([^"]*)">(No birthday[^<]*)', page).groups()
    assert words == "No birthday: 4"
    assert client.get(html.unescape(url)).content.decode().count("<tr data-url") == 4


def test_too_many_days_are_refused_in_a_sentence(alice, browse, people):
    page = drawn(browse(alice), by="birthday:day")
    assert "there are more than 400 points" in page
    assert '<svg class="drawing"' not in page


def test_what_a_role_hides_cannot_be_charted(charlie, alice, browse, make):
    theirs(charlie, make(alice, "people", name="Mine", phones="+4777601234"))
    for asked in ({"by": "phones"}, {"series": "phones"}, {"measure": "phones:unique"}):
        page = drawn(browse(charlie), **asked)
        assert "There is no field “phones” here." in page
        assert "+47" not in page
    assert 'value="phones' not in drawn(browse(charlie))


def test_a_chart_counts_only_what_its_reader_sees(charlie, alice, browse, people, make):
    theirs(charlie, make(alice, "people", name="Mine", stage="lead", company=str(Company.objects.first().pk)))
    assert values(drawn(browse(charlie))) == {"Lead": ["1"]}
    page = drawn(browse(charlie), by="company")
    assert values(page) == {"No company": ["1"]}
    assert "Fjord" not in page


def test_strange_addresses_are_answered_in_words(alice, browse, people):
    client = browse(alice)
    for asked in ({"by": "nonsense"}, {"by": "stage:month"}, {"measure": "name:sum"}, {"measure": "\x00"},
                  {"series": "emails:day"}, {"measure": "addresses:unique"}):  # fmt: skip
        assert "This chart cannot be drawn" in drawn(client, **asked), asked
    assert client.get("/people/?layout=chart&where=((").status_code == 400
    for asked in ({"chart": "pie"}, {"series": "stage"}, {"deleted": "1"}):
        assert "cannot be drawn" not in drawn(client, **asked)


def test_two_fields_of_which_a_record_has_several_are_not_crossed(alice, browse, people):
    page = drawn(browse(alice), by="tags", series="x_likes")
    assert "“Tags” cannot be split by “Likes”: of both a record has several." in page
    page = drawn(browse(alice), by="tags", series="stage")
    series = page[page.index('name="series"') :]
    assert 'value="x_likes"' not in series[: series.index("</select>")]
    assert 'value="stage"' in series[: series.index("</select>")]


def test_empty_lists_say_so(alice, browse, people):
    assert "Nothing matches" in drawn(browse(alice), where='name = "nobody"')
    assert "No companies yet" not in drawn(browse(alice), "companies")
    assert "there is nothing to draw" in drawn(browse(alice), by="birthday:month", where="birthday is empty")


def test_labels_from_hell_are_text(alice, browse, make):
    for source in ("<script>alert(1)</script>", '"><svg onload=x>', "=1+1", "'; --"):
        make(alice, "people", name="A", source=source)
    client = browse(alice)
    page = drawn(client, by="source")
    assert "<script>alert" not in page
    assert "<svg onload" not in page
    assert all(
        url and client.get(url).content.decode().count("<tr data-url") == 1 for ((_t, url),) in numbers(page).values()
    )


def test_the_numbers_as_a_file_without_formulas(alice, browse, make, people):
    make(alice, "people", name="A", source="=1+1")
    answer = browse(alice).get("/people/chart.csv", {"by": "source", "where": 'source = "=1+1"', "series": "stage"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["Source", "No stage"], ["'=1+1", "1"]]


def test_who_may_not_export_gets_no_file_and_no_button(charlie, browse, make, monkeypatch):
    reads = Policy({"read": "all", "create": "all", "export": "none"})
    monkeypatch.setitem(POLICIES, "stranger", {"*": reads})
    make(charlie, "people", name="Mine")
    assert browse(charlie).get("/people/chart.csv").status_code == 403
    assert "chart.csv" not in drawn(browse(charlie))


def test_a_chart_costs_the_same_however_many_rows(alice, browse, people, pinned_queries):
    client = browse(alice)
    drawn(client)
    with CaptureQueriesContext(connection) as few:
        drawn(client, by="company", series="stage", where="stage = lead")
    with CaptureQueriesContext(connection) as many:
        drawn(client, by="company", series="stage")
    assert len(few) == len(many)
    pinned_queries("list as a chart", len(many))
