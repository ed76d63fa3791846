"""The parts of a list's address that a view keeps, in their canonical form."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.memberships import Members
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.pinning import pin
from rapport.engine.records.filters.scope import RecordScope, scope_for
from rapport.engine.records.filters.spelled import all_among, named_in, refuse_too_much_said, with_names
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import EVERYTHING, MAX_TEXT, Node
from rapport.engine.records.gate import visible
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType

WHERE, ORDER, DELETED = "where", "order", "deleted"
NOT_KEPT = frozenset({"view", "cursor"})
# The parameters of a list's address, named by the room that shows lists.
_names: dict[str, None] = {WHERE: None, ORDER: None}


def name_parts(names: Iterable[str]) -> None:
    """Say of which parts the address of a list consists."""
    _names.update(dict.fromkeys(name for name in names if name not in NOT_KEPT))


def part_names() -> list[str]:
    return list(_names)


def tidy(rtype: RecordType, parts: Mapping[str, str]) -> dict[str, str]:
    """The parts that say something: not what is empty, nor the order that the list has anyway."""
    said = {name: parts[name].strip() for name in _names if parts.get(name, "").strip()}
    if said.get(ORDER) == rtype.order:
        del said[ORDER]
    return said


def read_parts(actor: Actor, rtype: RecordType, raw: Any, *, of: SavedView) -> dict[str, str]:
    """The parts as a view keeps them. Raises ValidationFailed that names the part; `of` may not ask for itself."""
    if not isinstance(raw, Mapping) or not all(isinstance(value, str) for value in raw.values()):
        raise ValidationFailed({"parts": _("The parts of a view are texts by name.")})
    if strange := [str(name) for name in raw if name not in _names]:
        words = {"name": strange[0][:60], "known": ", ".join(_names)}
        raise ValidationFailed({"parts": _("A list has no part “%(name)s”; it knows %(known)s.") % words})
    parts = tidy(rtype, raw)
    if too_long := [name for name, value in parts.items() if len(value) > MAX_TEXT or "\0" in value]:
        raise ValidationFailed({too_long[0]: _("At most %(limit)d characters fit here.") % {"limit": MAX_TEXT}})
    if WHERE in parts:
        try:
            parts[WHERE] = _kept_text(actor, rtype, parts[WHERE], of)
        except FilterError as error:
            raise ValidationFailed({WHERE: error.message}) from error
    return parts


def require_shared(actor: Actor, rtype: RecordType, where: str, *, of: SavedView) -> None:
    """Raises ValidationFailed where a filter for everybody names what only its reader has."""
    scope = scope_for(actor, rtype)
    try:
        tree = _bound(scope, where, of)
    except FilterError as error:
        raise ValidationFailed({WHERE: error.message}) from error
    own = [one.name for one in named_in(tree, scope) if not one.is_shared]
    if own:
        words = {"name": own[0]}
        raise ValidationFailed(
            {"is_shared": _("This view asks for “%(name)s”, which is yours alone; share that one first.") % words}
        )


def is_same(actor: Actor, rtype: RecordType, view: SavedView, parts: Mapping[str, str]) -> bool:
    """Whether an address says what a view keeps; names are looked up only where the filter is written otherwise."""
    said, kept = tidy(rtype, parts), tidy(rtype, view.parts)
    if said == kept:
        return True
    where = said.pop(WHERE, ""), kept.pop(WHERE, "")
    if said != kept or not all(where):
        return False
    try:
        return _kept_text(actor, rtype, where[0], view) == where[1]
    except FilterError:
        return False


def readable(actor: Actor, rtype: RecordType, where: str) -> str:
    """A filter as its reader would write it: views by name. What cannot be read stays as it was typed."""
    scope = scope_for(actor, rtype)
    try:
        tree = parse(where)
        if next(all_among(tree), None) is None:
            return where
        return to_text(with_names(bind(tree, scope), scope))
    except FilterError:
        return where


def _kept_text(actor: Actor, rtype: RecordType, text: str, of: SavedView) -> str:
    scope = scope_for(actor, rtype)
    tree = _bound(scope, text, of)
    kept = to_text(pin(tree, scope, visible=partial(visible, actor)))
    parse(kept)
    return kept


def _bound(scope: RecordScope, text: str, of: SavedView) -> Node:
    """The bound tree of a filter that does not lead back to the view that it is for."""
    tree = parse(text)
    if tree == EVERYTHING:
        return tree
    inside = scope.entering(Members(of.pk, of.name))
    tree = bind(tree, inside)
    refuse_too_much_said(tree, inside)
    return tree


__all__ = ["DELETED", "is_same", "name_parts", "part_names", "read_parts", "readable", "require_shared", "tidy"]
