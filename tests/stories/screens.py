"""Every screen that there is, as addresses of one small world; those that need a form sent say what to send."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from rapport.engine.accounts.notifications import notify
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.registry import record_type

PEOPLE = "/people/"


@dataclass(frozen=True)
class Screen:
    """A page by its address; `steps` are taken on it before it is looked at."""

    name: str
    path: str
    signed_in: bool = True
    fills: dict[str, str] = field(default_factory=dict)
    press: str = ""
    status: int = 200

    def show(self, tab: Page) -> None:
        answer = tab.goto(self.path, wait_until="load")
        assert answer is not None, self.name
        assert answer.status == self.status, f"{self.name} answers {answer.status}"
        for selector, text in self.fills.items():
            tab.locator(selector).first.fill(text)
        if self.press:
            with tab.expect_navigation():
                tab.locator(self.press).first.evaluate("button => button.form.requestSubmit(button)")


def screens(people: list[Any], dana: Any, link: str) -> list[Screen]:
    """The screens over a world that this fills a little more: a deleted person, a note, a field, a word by the bell."""
    amara, bruno = people[:2]
    gone, own = furnish(people, dana)
    return [
        Screen("sign in", "/sign-in/", False),
        Screen("sign in, refused", "/sign-in/", False, {"#id_login": "x@x.no", "#id_password": "no"}, "form button"),
        Screen("one-time link", link, False),
        Screen("worthless link", "/sign-in/link/unknown", False, status=410),
        Screen("forgotten password", "/sign-in/forgotten/", False),
        Screen("list", PEOPLE),
        Screen("list, filtered", f"{PEOPLE}?where=stage = lead&order=-created_at&columns=name,stage,emails,tags"),
        Screen("list, nothing matches", f'{PEOPLE}?where=name = "nobody at all"'),
        Screen("list, filter cannot be read", f"{PEOPLE}?where=no such thing", status=400),
        Screen("list, deleted", f"{PEOPLE}?deleted=1"),
        Screen("list, companies", "/companies/"),
        Screen("record", f"{PEOPLE}{amara.pk}/"),
        Screen("record, deleted", f"{PEOPLE}{gone.pk}/"),
        Screen("record, company", f"/companies/{own['company']}/"),
        Screen("timeline", f"{PEOPLE}{amara.pk}/timeline"),
        Screen("new person", f"{PEOPLE}new"),
        Screen("new person, problems", f"{PEOPLE}new", fills={"#f-name": "A", "#f-phones": "12"},
               press=".form > .buttons .main"),
        Screen("new person, clash", f"{PEOPLE}new", fills={"#f-name": "A", "#f-emails": "bruno@fjordlink.example"},
               press=".form > .buttons .main"),
        Screen("one field", f"{PEOPLE}{bruno.pk}/edit/emails"),
        Screen("one field, refused", f"{PEOPLE}{bruno.pk}/edit/emails", fills={"#f-emails": "nothing"},
               press="form.cell .main"),
        Screen("filter", f"{PEOPLE}filter?where=stage = lead and city = Oslo"),
        Screen("search", "/search?q=amara"),
        Screen("journal", "/journal/"),
        Screen("jobs", "/jobs/"),
        Screen("users", "/settings/users/"),
        Screen("tokens", "/settings/tokens/"),
        Screen("token made", "/settings/tokens/", fills={"#id_name": "Program"}, press="main form.form .main"),
        Screen("account", "/settings/account/"),
        Screen("choose a password", "/settings/password/first/"),
        Screen("organisation", "/settings/organisation/"),
        Screen("fields", "/settings/fields/people/"),
        Screen("new field", "/settings/fields/people/new"),
        Screen("new field of a kind", "/settings/fields/people/new?type=choice"),
        Screen("field", f"/settings/fields/people/{own['field']}/"),
        Screen("bell", "/bell/"),
        Screen("not found", "/no/such/page", status=404),
    ]  # fmt: skip


def furnish(people: list[Any], dana: Any) -> tuple[Any, dict[str, Any]]:
    """Make what some screens show. Returns the deleted person, and ids by name."""
    rtype = record_type("people")
    with open_act(dana.actor) as act:
        gone = create_record(act, rtype, {"name": "Gone Gunnarsson"})
        note = {"about_type": "people", "about_id": str(people[0].pk), "text": "Likes <b>tents</b>"}
        create_record(act, record_type("notes"), note)
        options = [{"label": "Calm"}, {"label": "Keen"}]
        mood = create_field(act, rtype, {"label": "Mood", "type": "choice", "options": options})
    with open_act(dana.actor) as act:
        delete_records(act, rtype, [gone])
        change_record(act, rtype, people[0], {"tags": "tents, boots", "source": "Fair"})
    notify(dana.pk, title="Your import is done", url="/people/", key="one", body="Three people")
    company = record_type("companies").rows().get(name="Fjordlink AS")
    return gone, {"company": company.pk, "field": mood.pk}
