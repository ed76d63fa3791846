"""The notification centre in a browser: keys, the way back, what comes meanwhile; and what open pages hear."""

import pytest

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import Notice, notify, notify_all, wake_record

pytestmark = pytest.mark.browser

# The stream of a page, as the server would speak on it.
STREAM = """window.streams = [];
window.EventSource = class extends EventTarget {
  constructor(url) { super(); this.url = url; window.streams.push(this); }
  close() { this.isClosed = true; }
};
"""
HEAR = """() => {
  document.addEventListener("rapport:record", (event) => (window.told = [...(window.told ?? []), event.detail.id]));
}"""
SHOW = """on => {
  document.querySelector("#content").dataset.liveRecord = on;
  document.dispatchEvent(new CustomEvent("rapport:page"));
}"""
SAY = """([name, data]) => window.streams.at(-1).dispatchEvent(new MessageEvent(name, {data: JSON.stringify(data)}))"""
OPEN = "window.streams.filter((one) => !one.isClosed).map((one) => one.url)"


@pytest.fixture
def told(dana, people):
    """News of three people, the last one newest."""
    for one in people:
        about = {"record_type": "people", "record_id": one.pk}
        notify_all([Notice(user_id=dana.pk, key=one.name, title=f"Spoke of {one.name}", **about)])


def states():
    return list(Notification.objects.order_by("id").values_list("done_at", "snoozed_until", "read_at"))


def test_it_is_worked_off_by_keys(visit, dana, people, told):
    first, second, third = (f"Spoke of {one.name}" for one in people)
    tab = visit(dana)
    tab.goto("/bell/")
    here = tab.locator(".notices.here")
    tab.keyboard.press("j")
    assert third in here.inner_text()
    tab.keyboard.press("e")
    tab.get_by_text(third).wait_for(state="detached")
    assert second in here.inner_text()
    tab.keyboard.press("j")
    assert first in here.inner_text()
    tab.keyboard.press("k")
    tab.keyboard.press("u")
    tab.get_by_text(second).wait_for(state="detached")
    tab.keyboard.press("h")
    assert here.locator("details[open]").count() == 1
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Nothing new").wait_for()
    assert [tuple(mark is not None for mark in marks) for marks in states()] == [
        (False, True, False),
        (False, False, True),
        (True, False, False),
    ]


def test_the_toast_leads_back(visit, dana, people, told):
    tab = visit(dana)
    tab.goto("/bell/")
    tab.get_by_role("button", name="All done").click()
    tab.get_by_role("button", name="Put back").click()
    tab.get_by_text(f"Spoke of {people[0].name}").wait_for()
    assert states() == [(None, None, None)] * 3


def test_opening_a_notice_reads_it(visit, dana, people, told):
    tab = visit(dana)
    tab.goto("/bell/")
    with tab.expect_response("**/bell/read"):
        tab.get_by_role("link", name=f"Spoke of {people[0].name}").click()
    tab.wait_for_url(f"**/people/{people[0].pk}/")
    assert [read is not None for _done, _snoozed, read in states()] == [True, False, False]


def test_what_comes_meanwhile_is_shown(visit, dana, people, told):
    tab = visit(dana)
    tab.goto("/bell/")
    notify(dana.pk, title="Import finished", url="/people/", key="import")
    tab.get_by_text("Import finished").wait_for()


def test_a_page_hears_when_its_record_changes(visit, dana, people):
    tab, one = visit(dana), people[0].pk
    tab.goto("/people/")
    tab.evaluate(HEAR)
    tab.evaluate(SHOW, f"people/{one}")
    for _try in range(20):
        wake_record(one)
        tab.wait_for_timeout(100)
        if told := tab.evaluate("window.told"):
            break
    assert set(told) == {str(one)}


def test_a_stream_that_comes_back_may_have_missed_something(visit, dana, people):
    tab, one = visit(dana), f"people/{people[0].pk}"
    tab.add_init_script(STREAM)
    tab.goto("/people/")
    assert tab.evaluate(OPEN) == ["/live"]
    tab.evaluate(HEAR)
    tab.evaluate(SHOW, one)
    assert tab.evaluate(OPEN) == [f"/live?on={one.replace('/', '%2F')}"]
    tab.evaluate(SAY, ["open", {}])
    assert tab.evaluate("window.told") is None
    tab.evaluate(SAY, ["record", {"id": str(people[0].pk)}])
    assert tab.evaluate("window.told") == [str(people[0].pk)]
    tab.evaluate(SAY, ["open", {}])
    assert tab.evaluate("window.told") == [str(people[0].pk)] * 2
    tab.get_by_role("link", name="Companies").first.click()
    tab.wait_for_url("**/companies/")
    tab.wait_for_function(f"JSON.stringify({OPEN}) === '[\"/live\"]'")
