"""The fields of a record beside its timeline, each with what edits it in place."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from rapport.engine.web.markup import html, icon_html, joined
from rapport.engine.web.values import value_html

ROW = '<dt{}>{}</dt>\n<dd{}><span class="show">{}</span>{}</dd>\n'
WORKED_OUT = ' title="{}"'
LOCKED = '<span class="lock" title="{}">{}<span class="sr">{}</span></span>'
NEEDED = '<span class="needed" title="{}">{}</span>'
EDITED = ' data-edit="{}"'
PEN = '<a class="pen" href="{}" hx-boost="false" aria-label="{}">{}</a>'


def fields_html(shown: Iterable[Mapping[str, Any]]) -> Markup:
    """Rows of a `dl`: each has `field`, `value` and, where it may be edited, `edit_url`.

    `locked` and `needed` say why it cannot be edited, and why it should not be empty.
    """
    return joined(_row(one) for one in shown)


def _row(one: Mapping[str, Any]) -> Markup:
    field, url = one["field"], one["edit_url"]
    edited, pen = ("", "")
    if url:
        edited = html(EDITED, url)
        pen = html(PEN, url, _("Edit %(field)s") % {"field": field.label}, icon_html("edit"))
    elif why := one.get("locked"):
        pen = html(LOCKED, why, icon_html("lock"), why)
    shown = value_html(field, one["value"], whole=True)
    if why := one.get("needed"):
        shown = html(NEEDED, why, _("Needed"))
    told = html(WORKED_OUT, field.help or field.computed.formula) if field.computed else ""
    return html(ROW, told, field.label, edited, shown, pen)
