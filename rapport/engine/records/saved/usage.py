"""Saved views use the fields by which they filter, sort and group, and those that they show."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.mentions import mentions
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType, record_type, record_types
from rapport.engine.records.saved.queries import views_of
from rapport.engine.records.showing import view_url
from rapport.engine.records.uses import Use, finders


def views_that_use(actor: Actor, rtype: RecordType, slug: str, option: str) -> Iterator[Use]:
    """The views, as far as the actor sees them, that name a field; with an option those whose filters name it."""
    for shown in views_of(actor, list(record_types())):
        view = shown.row
        names_it = not option and view.record_type == rtype.slug and _is_named(view, slug)
        if names_it or _is_asked(actor, view, rtype, slug, option):
            yield Use(_("View “%(name)s”") % {"name": view.name}, _("Saved view"), view_url(view.record_type, view.pk))


def _is_named(view: SavedView, slug: str) -> bool:
    """Whether a part of the address besides the filter holds the field: `columns=name,stage`, `totals=size:sum`."""
    said = (part for name, text in view.parts.items() if name != "where" for part in str(text).split(","))
    return any(part.removeprefix("-").partition(":")[0] == slug for part in said)


def _is_asked(actor: Actor, view: SavedView, rtype: RecordType, slug: str, option: str) -> bool:
    scope = scope_for(actor, record_type(view.record_type))
    try:
        tree = bind(parse(view.parts.get("where", "")), scope)
        return any(one.is_of(rtype.slug, slug, option) for one in mentions(tree, scope))
    except FilterError:
        return False


finders.append(views_that_use)
