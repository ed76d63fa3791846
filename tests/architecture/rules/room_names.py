"""A drawer called utils fills with what nobody placed. Rooms, folders and modules say what they hold."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

DRAWERS = {"core", "common", "utils", "util", "helpers", "misc", "extras", "base", "shared", "lib"}


def find(source: Source) -> Iterator[Violation]:
    if source.parts[0] != "rapport" or source.suffix != ".py":
        return
    drawers = DRAWERS & {*source.parts[1:-1], PurePosixPath(source.name).stem}
    if drawers:
        yield Violation(source.path, 1, f"{', '.join(sorted(drawers))} does not say what it holds")


GOOD = (
    Source("rapport/engine/web/static/web/js/helpers/dates.js", ""),
    Source("rapport/customers/names.py", ""),
    Source("rapport/engine/web/templates/web/base.html", ""),
)
BAD = (
    Source("rapport/core/models.py", ""),
    Source("rapport/engine/common/__init__.py", ""),
    Source("rapport/customers/utils.py", ""),
    Source("rapport/engine/records/helpers/text.py", ""),
)
