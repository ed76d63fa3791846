"""What the store does by itself at night."""

import time
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.engine.files.queries import contents_in_use
from rapport.engine.files.store import lock_content, path_of, root
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily

YOUNG = 24 * 3600  # seconds during which a content may still wait for its row
SLICE = 500


@daily(at="03:50")
@job(label=_("Clear unused files"))
def sweep(progress: Reporter) -> None:
    """Remove contents that no row refers to, and what never finished arriving, once they are a day old."""
    before = time.time() - YOUNG
    looked = 0
    old = _old(before)
    while hashes := list(islice(old, SLICE)):
        for sha256 in set(hashes) - contents_in_use(hashes):
            _remove(sha256, before)
        looked += len(hashes)
        progress.report(looked)
    for stray in (root() / "incoming").glob("*"):
        if stray.stat().st_mtime < before:
            stray.unlink(missing_ok=True)


def _old(before: float) -> Iterator[str]:
    for place in root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if place.stat().st_mtime < before:
            yield place.name


def _remove(sha256: str, before: float) -> None:
    """Look once more under the content's lock: somebody may have sent the same file just now."""
    with transaction.atomic():
        lock_content(sha256)
        place = path_of(sha256)
        if place.exists() and place.stat().st_mtime < before and not contents_in_use([sha256]):
            place.unlink()
