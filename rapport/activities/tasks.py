"""Tasks in words: on a record's page and timeline, under a comment, and all those of one's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.activities.models import Task
from rapport.engine.collaboration.assigning import Assigned
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.definitions import definitions, today
from rapport.engine.records.gate import visible
from rapport.engine.records.gate.rights import with_rights
from rapport.engine.records.registry import Panel, RecordType, record_type
from rapport.engine.records.timeline import Item
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.views.presenting import pointers_to

IN_A_PANEL = 20
ON_A_PAGE = 50
BY_DUE = (F("due_on").asc(nulls_last=True), "pk")
GROUPS = {"late": __("Late"), "today": __("Today"), "later": __("Later"), "": __("Without a day")}
WORDS = {
    "created": __("planned the task “%(title)s”"),
    "changed": __("changed the task “%(title)s”"),
    "deleted": __("deleted the task “%(title)s”"),
    "restored": __("brought back the task “%(title)s”"),
}


@dataclass(frozen=True)
class Shown:
    """A task as pages show it. `when` is a key of GROUPS."""

    task: Task
    who: str
    when: str
    toggle_url: str
    delete_url: str
    about: Mapping[str, Any] | None = None


def tasks_panel(rtype: RecordType) -> Panel | None:
    """The panel of a record's tasks, for types whose records stand for themselves."""
    if rtype.sees_as:
        return None
    return Panel(
        __("Tasks"), "activities/tasks_panel.html", partial(_panel, rtype), icon="task", beside=False, name="tasks"
    )


def my_tasks(actor: Actor, *, after: str = "") -> tuple[list[Shown], str]:
    """Open tasks of one's own by their last day, from behind a place on; and the place to go on from, or nothing."""
    rtype = record_type("tasks")
    mine = visible(actor, rtype).filter(*_behind(after), assignee=actor.user_id, done_at=None)
    rows = list(with_rights(actor, rtype, mine).order_by(*BY_DUE)[: ON_A_PAGE + 1])
    shown, day = rows[:ON_A_PAGE], today()
    about = pointers_to(actor, {(one.about_type, one.about_id) for one in shown})
    found = [_shown(one, day, {}, may_change=one.may_change, about=about.get(one.about_id)) for one in shown]
    return found, _place(shown[-1]) if len(rows) > ON_A_PAGE else ""


def tell_tasks(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Tasks on a timeline, by the titles that they have now."""
    found = _titles(actor, [item.about_id for item in items if item.about_id])
    return {item.id: _told(item, found.get(item.about_id, "")) for item in items}


def tasks_of_comments(actor: Actor, comments: Sequence[UUID]) -> dict[UUID, Assigned]:
    """What became of comments that were assigned."""
    rtype = record_type("tasks")
    rows = with_rights(actor, rtype, visible(actor, rtype).filter(from_comment__in=comments)).order_by("-pk")
    names = definitions().user_names
    return {
        one.from_comment: Assigned(
            one.title,
            names.get(one.assignee_id, ""),
            one.due_on,
            one.done_at is not None,
            toggle_url(one) if one.may_change else "",
        )
        for one in rows
    }


def toggle_url(task: Task) -> str:
    """Where a task is ticked off, or begun again."""
    return address("activities:finish-task" if task.done_at is None else "activities:reopen-task", task.pk)


def _panel(rtype: RecordType, actor: Actor, row: Any) -> dict[str, Any] | None:
    """Open tasks first, by their last day; then those that were done last."""
    found = visible(actor, record_type("tasks")).filter(about_id=row.pk)
    rows = found.order_by(F("done_at").desc(nulls_first=True), *BY_DUE)[:IN_A_PANEL]
    may_change = row.may_change and not row.is_deleted
    names, day = definitions().user_names, today()
    shown = [_shown(one, day, names, may_change=may_change) for one in rows]
    if not shown and not may_change:
        return None
    return {
        "tasks": shown,
        "add_url": of_record("activities:add-task", rtype.slug, row.pk) if may_change else None,
    }


def _shown(
    one: Task, day: date, names: Mapping[UUID, str], *, may_change: bool, about: Mapping[str, Any] | None = None
) -> Shown:
    who = names.get(one.assignee_id, "") if one.assignee_id else ""
    delete_url = address("activities:delete-task", one.pk) if may_change else ""
    return Shown(one, who, _when(one.due_on, day), toggle_url(one) if may_change else "", delete_url, about)


def _when(due: date | None, day: date) -> str:
    if due is None:
        return ""
    return "late" if due < day else "today" if due == day else "later"


def _place(task: Task) -> str:
    """Where a task stands among those of its assignee: `2026-11-22~id`."""
    return f"{task.due_on or ''}~{task.pk}"


def _behind(place: str) -> Iterable[Q]:
    """The condition of what stands behind a place; none for an empty one, or one that says nothing."""
    day, _sep, key = place.partition("~")
    found = read_id(key)
    if found is None:
        return []
    if not day:
        return [Q(due_on=None, pk__gt=found)]
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return []
    return [Q(due_on__gt=due) | Q(due_on=due, pk__gt=found) | Q(due_on=None)]


def _titles(actor: Actor, keys: Sequence[UUID]) -> dict[UUID | None, str]:
    rows = visible(actor, record_type("tasks"), deleted=None).filter(pk__in=keys)
    return dict(rows.values_list("pk", "title"))


def _told(item: Item, title: str) -> dict[str, Any]:
    done = next((change for change in item.changes if change.field.slug == "done_at"), None)
    if item.kind == "changed" and done:
        words = _("finished the task “%(title)s”") if done.after else _("reopened the task “%(title)s”")
        return {
            "icon": "check" if done.after else "undo",
            "text": words % {"title": title},
            "about": None,
            "changes": [],
        }
    return {"icon": "task", "text": str(WORDS[item.kind]) % {"title": title}, "about": None}
