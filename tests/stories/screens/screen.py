"""One screen: where it is, who looks at it, and what is done there before."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

TROUBLE = "**/trouble/*"
# Whether the answer is a page or takes the sheet's place, the form that was sent is gone when it stands.
SEND = """button => {
  Object.assign(button.form, {noValidate: true}).dataset.sent = "";
  button.form.requestSubmit(button);
}"""


@dataclass(frozen=True)
class Screen:
    """A page by its address. `fills` and `press` send its form first; `markup` stands for pages of what went wrong."""

    name: str
    path: str
    signed_in: bool = True
    fills: dict[str, str] = field(default_factory=dict)
    press: str = ""
    status: int = 200
    is_member: bool = False
    markup: str = ""

    def show(self, tab: Page) -> None:
        if self.markup:
            tab.route(TROUBLE, lambda route: route.fulfill(body=self.markup, content_type="text/html; charset=utf-8"))
        answer = tab.goto(self.path, wait_until="load")
        assert answer is not None, self.name
        assert answer.status == self.status, f"{self.name} answers {answer.status}"
        for selector, text in self.fills.items():
            tab.locator(selector).first.fill(text)
        if self.press:
            tab.locator(self.press).first.evaluate(SEND)
            tab.locator("[data-sent]").wait_for(state="detached")
            tab.wait_for_load_state("load")
        if self.markup:
            tab.unroute(TROUBLE)
