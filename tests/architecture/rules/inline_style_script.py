"""The content security policy forbids inline style and script; a template that holds them is a page that breaks.

Data blocks (`application/json`) are not run. An import map cannot be a file of its own, so it carries a nonce.
"""

import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.S)
TAG = re.compile(
    r"<(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|'[^']*'|[^<>\"'])*)>", re.S
)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'", re.S)
DATA_BLOCK = re.compile(r"\btype=[\"']?application/(?:ld\+)?json\b")
NONCED = re.compile(
    r"\btype=[\"']?(?:importmap|speculationrules)\b.*\bnonce=|\bnonce=.*\btype=[\"']?(?:importmap)\b", re.S
)


def find(source: Source) -> Iterator[Violation]:
    if not source.is_template or source.suffix != ".html":
        return
    text = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source.text)
    for tag in TAG.finditer(text):
        for message in _faults(tag["name"].lower(), tag["attributes"]):
            yield Violation(source.path, source.line_of(tag.start()), f"<{tag['name']}> {message}")


def _faults(name: str, attributes: str) -> Iterator[str]:
    bare = QUOTED.sub('""', attributes)
    if name == "style":
        yield "holds inline style"
    is_data = DATA_BLOCK.search(attributes) or NONCED.search(attributes)
    if name == "script" and not re.search(r"\bsrc=", bare) and not is_data:
        yield "holds inline script"
    if re.search(r"(?<![\w-])style\s*=", bare):
        yield "has a style attribute"
    if re.search(r"(?<![\w-])on[a-z]+\s*=", bare) or re.search(r"(?<![\w-])hx-on[:\w.-]*\s*=", bare):
        yield "has an inline event handler"
    if re.search(r"[\"']\s*javascript:", attributes, re.I):
        yield "has a javascript: address"


def _page(text: str) -> Source:
    return Source("rapport/engine/web/templates/web/page.html", text)


GOOD = (
    _page('<script type="module" src="{{ static("web/js/app.js") }}" nonce="{{ nonce }}"></script>'),
    _page('<script type="importmap" nonce="{{ nonce }}">{}</script><script type="application/json">{}</script>'),
    _page('<p data-style="dense" title="no style=here or onclick=there">{# <style> #}</p>'),
    _page('<a href="{{ url("web:list") }}"{% if a > b %} aria-current="page"{% endif %}>on = off</a>'),
)
BAD = (
    _page('<p style="color: red">'),
    _page("<p class='a'\n   style='width: {{ n }}%'>"),
    _page("<style>p { margin: 0 }</style>"),
    _page("<script>alert(1)</script>"),
    _page('<script type="importmap">{}</script>'),
    _page('<script nonce="{{ nonce }}">go()</script>'),
    _page('<button onclick="go()">'),
    _page('<button{% if a %} onclick="go()"{% endif %}>'),
    _page('<form hx-on:submit="go()">'),
    _page('<a href="javascript:go()">'),
)
