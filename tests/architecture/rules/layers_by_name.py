"""What imports do not show obeys the same order: string foreign keys, get_model, URL names, templates, dotted paths.

A lower room that names a higher one in a string depends on it as surely as by an import.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.layers import heights, may_use
from tests.architecture.repository import Source

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericRelation", "ParentalKey"}
URL_CALLS = {"reverse", "reverse_lazy", "redirect", "resolve_url", "url", "address", "of_record"}
DOTTED = re.compile(r"rapport(?:\.engine)?\.(\w+)(?:\.\w+)*")
TEMPLATE_NAME = re.compile(r"(\w+)/[\w/.-]+\.(?:html|txt|jinja|xml)")
URL_NAME = re.compile(r"(\w+):[\w:-]+")
MODEL_NAME = re.compile(r"(\w+)\.\w+")
TAG = re.compile(r"\{%-?\s*(?:include|extends|import|from)\b(?P<names>[^%]*)%\}")
FUNCTION = re.compile(r"\b(?:url|static)\(\s*[\"'](?P<name>[^\"']+)[\"']")
QUOTED = re.compile(r"[\"']([^\"']+)[\"']")


def find(source: Source) -> Iterator[Violation]:
    if not source.room or source.is_test:
        return
    if source.suffix == ".py":
        named = _in_python(source)
    elif source.is_template:
        named = _in_template(source)
    else:
        return
    for line, room, text in named:
        if not may_use(source.room, room):
            yield Violation(source.path, line, f"{source.room} names {room}, which does not lie below it: {text}")


def _in_python(source: Source) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            for room, text in _in_call(node):
                yield node.lineno, room, text
        elif isinstance(node, ast.Assign) and source.is_migration:
            yield from _in_migration(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for pattern in (DOTTED, TEMPLATE_NAME):
                if match := pattern.fullmatch(node.value):
                    yield node.lineno, match[1], node.value


def _in_call(node: ast.Call) -> Iterator[tuple[str, str]]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg in {"to", "through"})]
    strings = [text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]
    for text in strings:
        if called in RELATIONS and (match := MODEL_NAME.fullmatch(text)):
            yield match[1], text
        elif called == "get_model":
            yield text.partition(".")[0], text
        elif called in URL_CALLS and (match := URL_NAME.fullmatch(text)):
            yield match[1], text


def _in_migration(node: ast.Assign) -> Iterator[tuple[int, str, str]]:
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    if names & {"dependencies", "run_before"} and isinstance(node.value, ast.List):
        for element in node.value.elts:
            if isinstance(element, ast.Tuple) and isinstance(element.elts[0], ast.Constant):
                yield node.lineno, str(element.elts[0].value), ast.unparse(element)


def _in_template(source: Source) -> Iterator[tuple[int, str, str]]:
    text = re.sub(r"\{#.*?#\}", lambda match: " " * len(match[0]), source.text, flags=re.S)
    for match in TAG.finditer(text):
        for name in QUOTED.findall(match["names"]):
            yield source.line_of(match.start()), name.partition("/")[0], name
    for match in FUNCTION.finditer(text):
        room = re.split(r"[:/]", match["name"])[0]
        if room in heights():
            yield source.line_of(match.start()), room, match["name"]


GOOD = (
    Source("rapport/customers/models/person.py", "owner = ForeignKey(settings.AUTH_USER_MODEL, CASCADE)\n"),
    Source("rapport/customers/models/person.py", "parent = ForeignKey('self', CASCADE)\nuser = FK('accounts.User')\n"),
    Source("rapport/activities/models.py", "person = ForeignKey('customers.Person', on_delete=CASCADE)\n"),
    Source("rapport/customers/views.py", "redirect('web:list')\nrender(request, 'web/list.html')\n"),
    Source("rapport/customers/templates/customers/person.html", '{% extends "web/shell.html" %}{{ url("web:list") }}'),
    Source("rapport/engine/accounts/templates/account/login.html", "{% include 'account/part.html' %}"),
    Source("rapport/config/settings.py", "ROOT = 'rapport.config.urls'\nAPPS = ['rapport.customers.apps.X']\n"),
)
BAD = (
    Source("rapport/customers/models/person.py", "note = ForeignKey('activities.Note', on_delete=CASCADE)\n"),
    Source("rapport/engine/records/models.py", "owner = models.ForeignKey(to='accounts.User', on_delete=CASCADE)\n"),
    Source("rapport/engine/web/views.py", "Person = apps.get_model('customers.Person')\n"),
    Source("rapport/engine/web/views.py", "Person = apps.get_model('customers', 'Person')\n"),
    Source("rapport/engine/web/views.py", "reverse('accounts:profile')\n"),
    Source("rapport/engine/api/views.py", "return redirect('web:list')\n"),
    Source("rapport/engine/web/views.py", "render(request, 'customers/person.html')\n"),
    Source("rapport/engine/records/gate.py", "load = import_string('rapport.engine.accounts.roles.may')\n"),
    Source("rapport/engine/records/migrations/0001_initial.py", "dependencies = [('accounts', '0001_initial')]\n"),
    Source("rapport/engine/web/templates/web/shell.html", '{% include "accounts/bell.html" %}'),
    Source("rapport/engine/web/templates/web/shell.html", '{% from "customers/parts.html" import badge %}'),
    Source("rapport/engine/web/templates/web/shell.html", "<a href=\"{{ url('accounts:profile') }}\">Me</a>"),
    Source("rapport/engine/web/templates/web/shell.html", '<link href="{{ static("customers/x.css") }}">'),
)
