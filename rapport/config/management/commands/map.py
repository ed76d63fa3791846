"""`bin/map`: what happens and what follows, from the code, into docs/MAP.md. `--check` fails when that has drifted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rapport.engine.events.facts import FACTS
from rapport.engine.events.reactions import REACTIONS
from rapport.engine.jobs.job import JOBS
from rapport.engine.jobs.loops import LOOPS
from rapport.engine.jobs.schedules import SCHEDULES
from rapport.engine.records.actions import ACTIONS
from rapport.engine.records.registry import record_types


class Command(BaseCommand):
    help = "Write docs/MAP.md: record types, facts, reactions, actions, jobs and loops."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if docs/MAP.md is not what the code says")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file = Path(settings.BASE_DIR) / "docs" / "MAP.md"
        text = "\n".join(_lines()) + "\n"
        if not check:
            file.write_text(text)
            self.stdout.write(f"Wrote {file}.")
        elif not file.exists() or file.read_text() != text:
            raise CommandError("docs/MAP.md has drifted from the code. Run bin/map.")


def _lines() -> Iterator[str]:
    yield "# Map\n\nMade by `bin/map` from the code; do not edit.\n"
    yield "## Record types\n\n| type | table | fields |\n|---|---|---|"
    for rtype in record_types():
        yield f"| {rtype.slug} | {rtype.journal_type} | {', '.join(field.slug for field in rtype.fields)} |"
    yield "\n## Facts\n\n| fact | about | what it says | who listens |\n|---|---|---|---|"
    for kind, fact in sorted(FACTS.items()):
        if fact.__module__.startswith("rapport.") and ".tests." not in fact.__module__:
            yield f"| {kind} | {fact.about_type} | {_says(fact)} | {_listeners(kind)} |"
    yield "\n## Reactions to changes\n\n| reaction | kinds | tables |\n|---|---|---|"
    for reaction in sorted(REACTIONS.values(), key=lambda one: one.name):
        if ".tests." not in reaction.name:
            yield f"| {reaction.name} | {', '.join(reaction.kinds)} | {', '.join(reaction.about_types) or 'all'} |"
    if ACTIONS:
        yield "\n## Actions beyond the engine's own\n"
    yield from (f"- `{name}`: {_says(action.run)}" for name, action in sorted(ACTIONS.items()))
    yield "\n## Jobs\n\n| job | when |\n|---|---|"
    for name in sorted(JOBS):
        if ".tests." not in name:
            yield f"| {name} | {'by schedule' if name in SCHEDULES else 'when asked for'} |"
    yield "\n## Loops of the worker\n"
    for name, loop in sorted(LOOPS.items()):
        yield f"- {name}: every {loop.seconds:g} s{_woken(loop.channel)}"


def _says(thing: Any) -> str:
    return (thing.__doc__ or "").strip().split("\n")[0]


def _listeners(kind: str) -> str:
    return ", ".join(sorted(reaction.name for reaction in REACTIONS.values() if kind in reaction.kinds)) or "nobody"


def _woken(channel: str | None) -> str:
    return f", woken by `{channel}`" if channel else ""
