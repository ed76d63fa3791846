"""Making a report: every section in turn. It reads and changes nothing."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from rapport.engine.accounts.audit.report import UNPROVED, Report, Verified
from rapport.engine.accounts.audit.sections import SECTIONS, Asked, looks
from rapport.engine.accounts.models import AuditReport

USUAL = timedelta(days=31)
Tell = Callable[[int, int], None]


def make_report(
    since: datetime | None = None, until: datetime | None = None, *, full: bool = False, tell: Tell | None = None
) -> Report:
    """An audit from one moment until another; without them, from the last one of a month until now.

    `full` verifies the whole journal. `tell` hears how many sections are done, of how many.
    """
    started = time.monotonic()
    until = until or timezone.now()
    asked = Asked(since or since_the_last(until), until, full, *verified_before(until))
    sections, verified = [], UNPROVED
    for number, look in enumerate(looks()):
        if tell:
            tell(number, len(SECTIONS))
        looked = look(asked)
        verified = looked.verified or verified
        if looked.section:
            sections.append(looked.section)
    return Report(asked.since, until, full, round(time.monotonic() - started, 3), tuple(sections), verified)


def since_the_last(until: datetime) -> datetime:
    """Where the last audit of a month ended; a month ago if there was none."""
    last = AuditReport.objects.filter(deleted_at=None, month__isnull=False, until__lt=until).order_by("-until").first()
    return last.until if last else until - USUAL


def verified_before(until: datetime) -> tuple[Verified, datetime | None]:
    """How far the journal was proved by the last audit that found nothing altered, and when."""
    last = AuditReport.objects.filter(deleted_at=None, until__lt=until, seal__gt=0).order_by("-until").first()
    return (Verified(last.seal, last.head), last.until) if last else (UNPROVED, None)
