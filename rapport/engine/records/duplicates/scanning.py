"""A scan of a whole record type: read into a store, linked there, and what was found written back."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from rapport.engine.records.duplicates import writing
from rapport.engine.records.duplicates.following import follow
from rapport.engine.records.duplicates.linking.link import Linked, link
from rapport.engine.records.duplicates.linking.shape import Shape
from rapport.engine.records.duplicates.linking.store import LEFT, Store, opened
from rapport.engine.records.duplicates.reading import read_all
from rapport.engine.records.duplicates.shapes import shape_of, signature
from rapport.engine.records.models import DuplicateScan
from rapport.engine.records.registry import RecordType
from rapport.engine.runtime.home import Home

SLICE = 1_000
Tell = Callable[[str, int], None]


def scan(rtype: RecordType, tell: Tell = lambda _step, _done: None) -> DuplicateScan:
    """Find the duplicates of a type anew. `tell` hears of each step and how many records it has done.

    What changes meanwhile is followed at the end, so nothing that is said here is older than the records.
    """
    begun = timezone.now()
    shape = shape_of(rtype)
    DuplicateScan.objects.update_or_create(record_type=rtype.slug, defaults={"begun_at": begun, "is_wanted": False})
    if not shape.columns:
        return _without(rtype, begun)
    with opened(shape, folder_for_scans()) as store:
        _fill(store, rtype, shape, tell)
        tell("link", store.records)
        linked = link(store)
        tell("write", store.records)
        found = writing.write(rtype, store, linked.model)
        kept = _keep(rtype, shape, linked, begun, **found)
    _catch_up(rtype, begun)
    return kept


def folder_for_scans() -> Path:
    """Where scans keep their files while they work: in the home, readable to its owner only.

    What a scan left that was killed goes: no two run at once.
    """
    folder = Home.from_env().run
    for left in folder.glob(f"{LEFT}*"):
        shutil.rmtree(left, ignore_errors=True)
    return folder


def _fill(store: Store, rtype: RecordType, shape: Shape, tell: Tell) -> None:
    versions: list[int] = []

    def rows() -> Iterator[tuple[str, Any]]:
        for one in read_all(rtype, shape):
            versions.append(one.version)
            yield str(one.id), one.row

    for done in store.load(rows()):
        store.note_versions(versions)
        versions.clear()
        tell("read", done)


def _keep(rtype: RecordType, shape: Shape, linked: Linked, begun: datetime, **found: int) -> DuplicateScan:
    model, limits = linked.model, linked.limits
    row, _made = DuplicateScan.objects.update_or_create(
        record_type=rtype.slug,
        defaults={
            "shape": signature(shape),
            "model": model.as_json(),
            "ended_at": timezone.now(),
            "records": model.records,
            "figures": {
                "learned": model.learned,
                "usual": [one.name for one in shape.comparisons if one.name not in model.learned],
                "lifted": sorted(model.lifted),
                "compared": limits.pairs,
                "sharing": limits.sharing,
                "skipped": limits.skipped,
                "largest": limits.largest,
                "seconds": round((timezone.now() - begun).total_seconds(), 1),
            },
            **found,
        },
    )
    return row


def _without(rtype: RecordType, begun: datetime) -> DuplicateScan:
    """A type with nothing to compare has no duplicates."""
    writing.forget_type(rtype.slug)
    row, _made = DuplicateScan.objects.update_or_create(
        record_type=rtype.slug,
        defaults={
            "shape": [],
            "model": {},
            "ended_at": timezone.now(),
            "records": 0,
            "pairs": 0,
            "clusters": 0,
            "figures": {},
            "begun_at": begun,
        },
    )
    return row


def _catch_up(rtype: RecordType, since: datetime) -> None:
    """Follow what was changed while the scan was at work."""
    keys = list(rtype.rows().filter(changed_at__gte=since).values_list("pk", flat=True))
    for start in range(0, len(keys), SLICE):
        with transaction.atomic():
            follow(rtype, keys[start : start + SLICE])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE duplicate_key")
