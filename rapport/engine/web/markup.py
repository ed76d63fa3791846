"""HTML in Python, for places that a page has hundreds of: what is put in is escaped, as in a template."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from markupsafe import Markup, escape


def html(pattern: str, *values: Any) -> Markup:
    """A pattern with each `{}` filled by a value, escaped unless it is HTML already. Patterns are ours, never data."""
    safe = [value if type(value) is Markup else escape(value) for value in values]
    return Markup(pattern.format(*safe))  # noqa: S704  what is put in is escaped


def joined(parts: Iterable[Any], between: str = "") -> Markup:
    """Parts in a row, each escaped unless it is HTML already."""
    return escape(between).join(parts)


def rendered(template: str, context: Mapping[str, Any], request: HttpRequest) -> Markup:
    """A template with a context of its own, to be put into another page."""
    return Markup(render_to_string(template, dict(context), request))  # noqa: S704  a template escapes


@cache
def icon_html(name: str) -> Markup:
    """One of the drawings in `icons.svg`."""
    return html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("web/icons.svg"), name)
