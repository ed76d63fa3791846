"""Reads a page as a browser would and says what is unsound in it: what no script, style or reader can mend later."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

ICONS = set(re.findall(r'id="([\w-]+)"', (Path(__file__).parent.parent / "static/web/icons.svg").read_text()))
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "source", "use", "wbr"}
NAMED_BY_TEXT = {"button", "a", "summary", "h1", "h2", "label", "legend", "th"}
UNLABELLED = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """A page or a part of one, with the faults found in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.inputs: list[tuple[str, str]] = []
        self.headings: list[str] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(html)
        self.close()

    def all_faults(self) -> list[str]:
        twice = [f"the id {name} stands twice" for name, times in self.ids.items() if times > 1]
        unnamed = [f"{tag} has no label" for tag, name in self.inputs if name not in self.labels]
        unclosed = [f"<{tag}> is not closed" for tag, _given, _said in self._open]
        return [*self.faults, *twice, *unnamed, *unclosed]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._check(tag, given)
        if tag not in VOID:
            self._open.append((tag, given, []))
        elif given.get("alt") or given.get("aria-label"):
            self.handle_data(given.get("alt") or given["aria-label"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes <{self._open[-1][0] if self._open else 'nothing'}>")
            return
        _tag, given, said = self._open.pop()
        words = "".join(said).strip() or given.get("aria-label", "")
        if tag in NAMED_BY_TEXT and not words:
            self.faults.append(f"<{tag} {given}> says nothing")
        if tag == "h1":
            self.headings.append(words)
        self.handle_data(words)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)

    def _check(self, tag: str, given: dict[str, str]) -> None:
        self.faults += [f"inline {name} on <{tag}>" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"inline <{tag}>")
        if tag == "use" and given.get("href", "").partition("#")[2] not in ICONS:
            self.faults.append(f"no icon {given.get('href')}")
        if tag == "form" and any(open_tag == "form" for open_tag, _given, _said in self._open):
            self.faults.append("a form inside a form")
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "label":
            self.labels.add(given.get("for", ""))
        if tag in {"input", "select", "textarea"} and given.get("type") not in UNLABELLED:
            self._note_input(tag, given)

    def _note_input(self, tag: str, given: dict[str, str]) -> None:
        inside_label = any(open_tag == "label" for open_tag, _given, _said in self._open)
        if not inside_label and not given.get("aria-label"):
            self.inputs.append((f"<{tag} {given.get('name', '')}>", given.get("id", "no id")))
