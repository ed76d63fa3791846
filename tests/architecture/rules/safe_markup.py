"""Text becomes HTML by escaping. Each place that claims text to be safe is listed in allowed.txt with its reason."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

CLAIMS = {"mark_safe", "Markup", "SafeString", "SafeText"}
FILLS = {"html"}  # `web.markup.html` escapes what it puts in, but takes its pattern as it is
TEMPLATE_CLAIM = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false", re.I)


def find(source: Source) -> Iterator[Violation]:
    if source.is_template:
        for match in TEMPLATE_CLAIM.finditer(source.text):
            yield Violation(source.path, source.line_of(match.start()), f"{match[0]} claims text to be safe")
    elif source.is_product:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _claims(node):
                yield Violation(source.path, node.lineno, f"{ast.unparse(node.func)}(…) claims text to be safe")


def _claims(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if any(one.arg == "autoescape" and getattr(one.value, "value", True) is False for one in node.keywords):
        return True
    if not node.args:
        return False
    first = node.args[0]
    written_here = isinstance(first, ast.Constant)
    is_pattern = isinstance(first, ast.Name) and first.id.isupper()
    return (name in CLAIMS and not written_here) or (name in FILLS and not written_here and not is_pattern)


GOOD = (
    Source("rapport/engine/web/html.py", "mark_safe('<hr>')\nformat_html('<b>{}</b>', name)\nMarkup()\n"),
    Source("rapport/engine/web/html.py", "html('<b>{}</b>', name)\nhtml(CELL, name)\n"),
    Source("rapport/engine/web/jinja.py", "Environment(autoescape=True)\n"),
    Source("rapport/engine/web/templates/web/a.html", "{{ name|upper }} {{ safe }}"),
)
BAD = (
    Source("rapport/engine/web/html.py", "mark_safe(note.body)\n"),
    Source("rapport/engine/web/html.py", "markupsafe.Markup(f'<b>{name}</b>')\n"),
    Source("rapport/engine/web/html.py", "html(f'<b>{name}</b>')\n"),
    Source("rapport/engine/web/html.py", "html(note.body)\n"),
    Source("rapport/engine/web/jinja.py", "Environment(autoescape=False)\n"),
    Source("rapport/engine/web/templates/web/a.html", "{{ note.body | safe }}"),
    Source("rapport/engine/web/templates/web/a.html", "{% autoescape false %}{{ a }}{% endautoescape %}"),
)
