"""The table as people shape it: columns by drag and keyboard, widths, groups, totals, and on a phone."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import PHONE, answered_late

pytestmark = pytest.mark.browser


@pytest.fixture
def firms(people, alice, make):
    """Twelve companies in retail, one in software; Fjordlink is nowhere."""
    named = [f"Shop {index:02}" for index in range(12)]
    found = [make(alice, "companies", name=name, industry="retail", size="10", revenue="2.50 EUR") for name in named]
    return [*found, make(alice, "companies", name="Cirrus", industry="software", size="5", revenue="7 USD")]


def heads(tab: Page) -> list[str]:
    return [one.strip() for one in tab.locator("thead th[scope=col]").all_inner_texts() if one.strip()]


def asked(tab: Page, name: str) -> str:
    return parse_qs(urlsplit(tab.url).query).get(name, [""])[0]


def foot(tab: Page, slug: str):
    return tab.locator(f'tfoot [data-total="{slug}"] b')


def test_columns_are_ticked_moved_and_dragged(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/?columns=name,industry,city,size")
    tab.locator("summary", has_text="Columns").click()
    menu = tab.locator("form.columns")
    box = menu.get_by_label("Find a field")
    expect(box).to_be_focused()
    box.press_sequentially("reven")
    expect(menu.locator("li:visible")).to_have_count(1)
    box.press("ArrowDown")
    tab.keyboard.press("Space")
    box.fill("")
    menu.get_by_label("Move City up").click()
    expect(menu.get_by_label("Move City up")).to_be_focused()
    expect(menu.get_by_role("status")).to_have_text("City: 2 of 5")
    menu.get_by_role("checkbox", name="Employees").focus()
    tab.keyboard.press("Alt+ArrowDown")
    expect(menu.get_by_role("status")).to_have_text("Employees: 5 of 5")
    grip = menu.locator("li", has_text="Yearly revenue").locator(".grip")
    over = menu.locator("li", has_text="City").bounding_box()
    grip.hover()
    tab.mouse.down()
    tab.mouse.move(over["x"] + 20, over["y"] + 4, steps=8)
    tab.mouse.up()
    menu.get_by_role("button", name="Show").click()
    tab.wait_for_url(re.compile("columns=yearly|columns="))
    expect(tab.locator("thead th").nth(2)).to_have_text("Yearly revenue")
    assert heads(tab) == ["Name", "Yearly revenue", "City", "Industry", "Employees"]
    tab.locator("summary", has_text="Columns").click()
    tab.get_by_role("link", name="As it was").click()
    expect(tab.locator("thead th").nth(2)).to_have_text("Industry")


def test_a_column_is_made_wider_by_dragging_by_keys_and_to_fit(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/?columns=name,industry,size&order=name")
    edge = tab.get_by_role("separator", name="Width of Industry")
    box = edge.bounding_box()
    before = int(edge.get_attribute("aria-valuenow"))
    tab.mouse.move(box["x"] + 5, box["y"] + 8)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 65, box["y"] + 8, steps=5)
    tab.mouse.up()
    tab.wait_for_url(re.compile("widths="))
    dragged = dict(part.split(":") for part in asked(tab, "widths").split(","))
    assert abs(int(dragged["industry"]) - before - 60) <= 1
    assert round(tab.locator("thead th").nth(2).bounding_box()["width"]) == int(dragged["industry"])
    tab.set_viewport_size({"width": 1440, "height": 500})
    scroller = tab.locator("[data-keep-scroll]")
    scroller.evaluate("one => one.scrollTo(0, 90)")
    edge.focus()
    tab.keyboard.press("Shift+ArrowLeft")
    tab.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", str(int(dragged["industry"]) - 80))
    tab.wait_for_url(re.compile(f"industry%3A{int(dragged['industry']) - 80}"))
    expect(edge).to_be_focused()
    tab.wait_for_function("document.querySelector('[data-keep-scroll]').scrollTop === 90")
    tab.keyboard.press("Home")
    tab.wait_for_url(re.compile("industry%3A64"))
    edge.dblclick()
    tab.wait_for_url(lambda url: "industry%3A64" not in url)
    cell = tab.locator("tbody tr").first.locator("td").nth(2)
    assert cell.evaluate("one => one.scrollWidth <= one.clientWidth")
    tab.go_back()
    tab.wait_for_url(re.compile("industry%3A64"))


def test_the_last_column_keeps_its_width_where_the_table_is_wider_than_its_sheet(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/?columns=name,industry,size,city&widths=name:700,industry:600,size:100,city:300")
    tab.get_by_role("separator", name="Width of Industry").focus()
    tab.keyboard.press("ArrowRight")
    assert round(tab.locator("thead th").last.bounding_box()["width"]) == 300
    tab.wait_for_url(re.compile("industry%3A616"))
    assert asked(tab, "widths") == "name:700,industry:616,size:100,city:300"


def test_groups_open_close_and_load_more(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/")
    tab.locator("summary", has_text="Group").click()
    tab.locator("details[open]").get_by_role("link", name="Industry").click()
    retail = tab.locator("tbody", has=tab.locator(".grouphead", has_text="Retail"))
    expect(retail.locator(".grouphead .num").first).to_have_text("12")
    rows = retail.locator("tr[data-url]")
    expect(rows).to_have_count(10)
    retail.get_by_role("link", name="Show more").click()
    expect(rows).to_have_count(12)
    expect(retail.get_by_role("link", name="Show more")).to_have_count(0)
    header = retail.locator(".grouphead a")
    header.click()
    expect(header).to_have_attribute("aria-expanded", "false")
    expect(rows.first).to_be_hidden()
    tab.locator("main").focus()
    tab.keyboard.press("j")
    expect(tab.locator("tr.here")).to_contain_text("Cirrus")
    header.focus()
    tab.keyboard.press("Enter")
    expect(rows.last).to_be_visible()
    assert asked(tab, "group") == "industry"


def test_which_groups_stand_open_survives_reload_back_and_sharing(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/?group=industry")
    retail, software = (
        tab.locator("tbody", has=tab.locator(".grouphead", has_text=name)) for name in ("Retail", "Soft")
    )
    retail.locator(".grouphead a").click()
    expect(retail.locator("tr[data-url]").first).to_be_hidden()
    tab.reload()
    expect(software.locator("tr[data-url]")).to_have_count(1)
    expect(retail.locator("tr[data-url]")).to_have_count(0)
    tab.get_by_role("link", name="Cirrus", exact=True).click()
    expect(tab.get_by_role("heading", name="Cirrus")).to_be_visible()
    tab.go_back()
    expect(retail.locator(".grouphead a")).to_have_attribute("aria-expanded", "false")
    tab.locator("tbody .beside").first.click()
    expect(tab.locator("aside.peek")).to_be_visible()
    software.locator(".grouphead a").click()
    tab.keyboard.press("Escape")
    expect(tab.locator("aside.peek")).to_have_count(0)
    assert asked(tab, "open") != "none"
    retail.locator(".grouphead a").click()
    expect(retail.locator("tr[data-url]")).to_have_count(10)
    other = visit(alice)
    other.goto(tab.url)
    expect(other.locator("[aria-expanded=true]")).to_have_count(tab.locator("[aria-expanded=true]").count())
    tab.get_by_role("link", name="Employees").click()
    expect(tab).to_have_url(re.compile("order=size"))
    expect(retail.locator("tr[data-url]")).to_have_count(10)
    expect(software.locator("tr[data-url]")).to_have_count(0)


def test_totals_come_after_the_page_and_are_chosen_at_the_foot(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/?columns=name,size,revenue")
    tab.locator("table.grid").hover()
    tab.get_by_label("Total of Employees").click()
    tab.get_by_role("link", name="Sum").click()
    expect(foot(tab, "size")).to_have_text("125")
    tab.get_by_label("Total of Yearly revenue").click()
    tab.get_by_role("link", name="Average").click()
    expect(foot(tab, "revenue")).to_have_text("€2.50")
    expect(tab.locator('tfoot [data-total="revenue"]')).to_contain_text("without 1")
    expect(foot(tab, "size")).to_have_text("125")
    tab.get_by_label("Total of Employees: Sum").click()
    tab.get_by_role("link", name="No total").click()
    expect(foot(tab, "size")).to_have_count(0)
    assert asked(tab, "totals") == "revenue:avg"


def test_totals_that_do_not_come_say_so(visit, alice, firms):
    tab = visit(alice)
    tab.route("**/companies/totals?*", lambda route: route.fulfill(status=404))
    tab.goto("/companies/?totals=size:sum")
    expect(tab.locator("tfoot tr.told")).to_contain_text("Not added up")
    tab.unroute("**/companies/totals?*")
    tab.locator("tfoot").get_by_role("link", name="Show").click()
    expect(foot(tab, "size")).to_have_text("125")


def test_totals_that_come_late_fill_no_other_list(visit, alice, firms):
    tab = visit(alice)
    with answered_late(tab, "**/companies/totals?*"):
        tab.goto("/companies/?columns=name,size&totals=size:sum&where=industry = retail")
        tab.locator(".filter a").click()
        expect(foot(tab, "size")).to_have_text("125")
    expect(foot(tab, "size")).to_have_text("125")


def test_rows_that_come_late_fill_no_other_group(visit, alice, firms):
    tab = visit(alice)
    tab.goto("/companies/?group=name&where=industry = retail")
    with answered_late(tab, "**/companies/group?*"):
        tab.locator(".grouphead a", has_text="Shop 08").click()
        tab.locator(".filter a").click()
        expect(tab.locator(".grouphead")).to_have_count(14)
    expect(tab.locator("tbody tr[data-url]")).to_have_count(6)
    expect(
        tab.locator("tbody", has=tab.locator(".grouphead", has_text="Shop 08")).locator("tr[data-url]")
    ).to_have_count(1)


def test_an_edge_that_is_put_elsewhere_hears_each_key_once_and_a_gone_one_keeps_nothing(visit, alice, firms):
    tab = visit(alice)
    tab.clock.install()
    tab.goto("/companies/?columns=name,industry,size&order=name&widths=name:300,industry:200,size:90")
    edge = tab.get_by_role("separator", name="Width of Industry")
    edge.evaluate("one => { const head = one.parentNode; one.remove(); head.append(one); }")
    edge.dispatch_event("keydown", {"key": "ArrowRight"})
    expect(edge).to_have_attribute("aria-valuenow", "216")
    edge.evaluate("one => one.remove()")
    tab.clock.run_for(1000)
    assert asked(tab, "widths") == "name:300,industry:200,size:90"


def test_all_of_it_without_script(visit, alice, firms):
    tab = visit(alice, java_script_enabled=False)
    tab.goto("/companies/?widths=name:300,size:90&totals=size:sum&group=industry&columns=size,industry")
    assert round(tab.locator("thead th").nth(1).bounding_box()["width"]) == 300
    expect(tab.get_by_role("separator")).to_have_count(0)
    tab.locator("tfoot").get_by_role("link", name="Show").click()
    expect(foot(tab, "size")).to_have_text("125")
    tab.locator("summary", has_text="Columns").click()
    tab.get_by_label("Move Industry up").click()
    assert heads(tab) == ["Name", "Industry", "Employees"]
    tab.locator(".grouphead a", has_text="Retail").click()
    expect(tab.locator("tbody tr[data-url]")).to_have_count(12)
    expect(tab.locator(".filter", has_text="Retail")).to_be_visible()


def test_on_a_phone_widths_are_ignored_and_groups_and_totals_are_read(visit, alice, firms):
    tab = visit(alice, viewport=PHONE)
    tab.goto("/companies/?widths=name:700,size:90&totals=size:sum&group=industry")
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    row = tab.locator("tbody tr[data-url]").first.bounding_box()
    assert (row["x"], round(row["width"])) == (0, PHONE["width"])
    header = tab.locator(".grouphead a", has_text="Retail")
    assert header.bounding_box()["height"] >= 44
    header.click()
    expect(tab.locator("tbody").first.locator("tr[data-url]").first).to_be_hidden()
    expect(tab.locator("tfoot summary").filter(has_text="Employees, Sum")).to_be_visible()
    expect(foot(tab, "size")).to_have_text("125")
