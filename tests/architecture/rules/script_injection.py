"""Scripts build pages from nodes or from fragments the server rendered, never from strings of their own making."""

import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

LITERAL = r"(?!\s*(?:\"[^\"]*\"|'[^']*'|`[^`$]*`)\s*(?:;|\n|$))"
FAULTS = {
    r"\.(?:innerHTML|outerHTML)\s*\+?=(?!=)" + LITERAL: "sets HTML from a value",
    r"\.insertAdjacentHTML\(|\bdocument\.write(?:ln)?\(|\.srcdoc\s*=": "sets HTML from a value",
    r"\beval\(|\bnew\s+Function\(|\bset(?:Timeout|Interval)\(\s*[\"'`]": "runs text as code",
    r"setAttribute\(\s*[\"'`](?:style|on\w+)[\"'`]": "sets what the content security policy refuses",
}


def find(source: Source) -> Iterator[Violation]:
    if source.suffix not in {".js", ".mjs"} or source.parts[0] != "rapport":
        return
    for pattern, message in FAULTS.items():
        for match in re.finditer(pattern, source.text):
            yield Violation(source.path, source.line_of(match.start()), f"{match[0].strip()} {message}")


def _script(text: str) -> Source:
    return Source("rapport/engine/web/static/web/js/elements/a.js", text)


GOOD = (
    _script("row.innerHTML = '';\nrow.replaceChildren(cell);\nif (a.innerHTML === b) go();\n"),
    _script("row.textContent = name; row.style.width = width; row.setAttribute('aria-label', name);"),
)
BAD = (
    _script("row.innerHTML = name;\n"),
    _script("row.innerHTML = `<b>${name}</b>`;\n"),
    _script("row.insertAdjacentHTML('beforeend', html);\n"),
    _script("eval(code);"),
    _script("setTimeout('go()', 1);"),
    _script("row.setAttribute('style', 'width: 1px');"),
)
