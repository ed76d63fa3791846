"""What administrators do with the layout of a record page. All of it can be undone."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import models
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.arranging.placing import SIDES, Placed, placed, roles
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import PageLayout
from rapport.engine.records.registry import RecordType

DEEDS = ("up", "down", "hide", "show", "left", "right")


def arrange(act: Act, rtype: RecordType, role: str, *, name: str, deed: str) -> None:
    """Move one panel up or down on its side, to the other side, or hide or show it. Raises ValidationFailed."""
    _begin(act, rtype, role)
    panels = placed(rtype, role)
    at = next((index for index, one in enumerate(panels) if one.panel.name == name), None)
    if at is None or deed not in DEEDS:
        raise ValidationFailed({"panel": _("There is no such panel here.")})
    if deed in ("up", "down"):
        _swap(panels, at, -1 if deed == "up" else 1)
    elif deed in SIDES:
        panels.append(replace(panels.pop(at), side=deed))
    else:
        panels[at] = replace(panels[at], shown=deed == "show")
    _keep(act, rtype, role, panels)


def as_it_was(act: Act, rtype: RecordType, role: str) -> None:
    """Let the page stand again as it is declared."""
    _begin(act, rtype, role)
    act.delete(list(_live(rtype, role)))


def _begin(act: Act, rtype: RecordType, role: str) -> None:
    if not act.actor.is_admin:
        raise NotAllowed(_("Only administrators arrange pages."))
    if role not in roles():
        raise ValidationFailed({"role": _("There is no such role.")})
    take_turns(f"layout of {rtype.slug} {role}")


def _swap(panels: list[Placed], at: int, step: int) -> None:
    """Change places with the next panel on the same side; at the end nothing happens."""
    there = at + step
    while 0 <= there < len(panels) and panels[there].side != panels[at].side:
        there += step
    if 0 <= there < len(panels):
        panels[at], panels[there] = panels[there], panels[at]


def _keep(act: Act, rtype: RecordType, role: str, panels: Sequence[Placed]) -> None:
    kept = [one.as_json for one in panels]
    if row := _live(rtype, role).first():
        act.change(row, panels=kept)
    else:
        act.create(PageLayout(record_type=rtype.slug, role=role, panels=kept))


def _live(rtype: RecordType, role: str) -> "models.QuerySet[PageLayout]":
    return PageLayout.objects.filter(record_type=rtype.slug, role=role, deleted_at=None)
