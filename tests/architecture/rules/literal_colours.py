"""Colours have names: only _tokens.css holds values, so that light, dark and contrast are decided in one place.

Pictures (.svg) stand outside of the style sheets and may have colours of their own.
"""

import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

NAMES = (
    "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood "
    "cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod "
    "darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon "
    "darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray "
    "dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green "
    "greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon "
    "lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon "
    "lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta "
    "maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen "
    "mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive "
    "olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru "
    "pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen "
    "seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato "
    "turquoise violet wheat white whitesmoke yellow yellowgreen"
)
NAMED = frozenset(NAMES.split())
FUNCTION = re.compile(r"\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\((?!\s*from\s+var\()", re.I)
HEX = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b", re.I)
WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w(-])", re.I)
DECLARATION = re.compile(r"(?P<property>[\w-]+)\s*:\s*(?P<value>[^;{}]+)(?=[;}])")
COLOURED = re.compile(
    r"color|background|border|outline|shadow|fill|stroke|caret|accent|rule|decoration|filter|image|^--"
)
ATTRIBUTE = re.compile(r"\b(?:fill|stroke|color|bgcolor|stop-color|flood-color|content)=[\"'](?P<value>[^\"']*)[\"']")
STRING = re.compile(r"[\"'`](?P<value>[^\"'`\n]*)[\"'`]")
NOT_A_VALUE = re.compile(r"/\*.*?\*/|url\([^)]*\)|\"[^\"\n]*\"|'[^'\n]*'", re.S)


def find(source: Source) -> Iterator[Violation]:
    if source.parts[0] != "rapport" or source.is_test or source.name == "_tokens.css":
        return
    if source.suffix == ".css":
        found = _in_css(source.text)
    elif source.is_template and source.suffix == ".html":
        found = _matching(ATTRIBUTE, source.text, strict=False)
    elif source.suffix in {".js", ".py"} and not source.is_migration:
        found = _matching(STRING, source.text, strict=True)
    else:
        return
    for offset, colour in found:
        yield Violation(source.path, source.line_of(offset), f"literal colour {colour}: use a token")


def _in_css(text: str) -> Iterator[tuple[int, str]]:
    text = NOT_A_VALUE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for declaration in DECLARATION.finditer(text):
        for colour in _colours(declaration["value"], words=bool(COLOURED.search(declaration["property"]))):
            yield declaration.start(), colour


def _matching(pattern: re.Pattern[str], text: str, *, strict: bool) -> Iterator[tuple[int, str]]:
    """Colours that are a whole attribute, or a whole string; `strict` leaves names and "#add" to selectors."""
    for match in pattern.finditer(text):
        value = match["value"].strip()
        for colour in _colours(value, words=not strict):
            whole = value == colour or (value.startswith(colour) and colour[0] != "#" and "(" in colour)
            if whole and (not strict or any(c in "0123456789(" for c in colour) or _grey(value)):
                yield match.start(), colour


def _grey(value: str) -> bool:
    return value.startswith("#") and len(set(value[1:].lower())) == 1


def _colours(value: str, *, words: bool) -> Iterator[str]:
    yield from HEX.findall(value)
    yield from FUNCTION.findall(value)
    if words:
        yield from (word for word in WORD.findall(value) if word.lower() in NAMED)


def _css(text: str) -> Source:
    return Source("rapport/engine/web/static/web/css/table.css", text)


GOOD = (
    _css("#add { color: var(--ink); background: transparent; border-color: currentColor }"),
    _css("a { white-space: nowrap; mask: url(#fff); color: color-mix(in oklch, var(--a) 50%, var(--b)); }"),
    _css("/* was #fff */ a:hover { animation: red 1s; color: oklch(from var(--a) l c h) }"),
    Source("rapport/engine/web/static/web/css/_tokens.css", ":root { --ink: #123456; }"),
    Source("rapport/engine/web/static/web/js/a.js", 'find("#add"); find("#bad-row"); go("red");'),
    Source("rapport/engine/web/templates/web/a.html", '<path fill="currentColor"/><meta content="Green shop">'),
)
BAD = (
    _css("a { color: #fff }"),
    _css("a { background: #12345678; }"),
    _css("a { box-shadow: 0 1px rgb(0 0 0 / 10%); }"),
    _css("a { color: oklch(50% 0.1 100) }"),
    _css("a { border: 1px solid red; }"),
    _css("a { &:hover { outline-color: White } }"),
    Source("rapport/engine/web/static/web/js/a.js", 'cell.style.color = "#1a2b3c";'),
    Source("rapport/engine/web/static/web/js/a.js", "cell.style.color = 'rgb(1, 2, 3)';"),
    Source("rapport/engine/web/templates/web/a.html", '<path fill="#fff"/>'),
    Source("rapport/engine/web/templates/web/a.html", '<path stroke="red"/>'),
    Source("rapport/customers/record_types.py", 'COLOUR = "#1a2b3c"\n'),
)
