"""Keeping audits: one row for each, one for each month, mailed to every administrator once."""

import json
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.engine.accounts.audit.making import Tell, make_report
from rapport.engine.accounts.audit.report import Report, as_json, from_json
from rapport.engine.accounts.audit.text import as_text, verdict_line
from rapport.engine.accounts.links import address_of
from rapport.engine.accounts.models import AuditReport, Role, User
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.turns import take_turns
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.records.definitions import definitions


def keep_report(act: Act, report: Report, *, month: date | None = None) -> AuditReport:
    """Keep a report. Raises NotAllowed for whoever is no administrator or not there in person."""
    if not act.actor.is_admin or act.actor.kind == "token":
        raise NotAllowed(_("Only administrators make audits."))
    content = as_json(report)
    row = AuditReport(
        month=month, since=report.since, until=report.until, verdict=report.verdict.word, is_full=report.is_full,
        seal=report.verified.seal, head=report.verified.head, content=content, digest=digest_of(content),
    )  # fmt: skip
    return act.create(row)


def keep_that_of_month(now: datetime | None = None, tell: Tell | None = None) -> AuditReport | None:
    """Make, keep and mail the audit of this month; None if it is kept already. Of two who try, one makes it."""
    now = now or timezone.now()
    month = now.astimezone(definitions().organisation.zone).date().replace(day=1)
    kept = reports().filter(month=month)
    if kept.exists():
        return None
    with translation.override(settings.LANGUAGE_CODE):
        report = make_report(until=now, tell=tell)
        with open_act(SYSTEM, reason="audit") as act:
            take_turns("audit")
            if kept.exists():
                return None
            row = keep_report(act, report, month=month)
            mail_report(act, row, report)
    return row


def mail_report(act: Act, row: AuditReport, report: Report) -> int:
    """Mail a report that is kept to all administrators who may sign in. Returns how many there are."""
    link = address_of(reverse("accounts:audit", args=[row.pk]))
    day = date_format(timezone.localtime(row.until, definitions().organisation.zone), "DATE_FORMAT")
    subject = _("Audit of %(day)s: %(verdict)s") % {"day": day, "verdict": verdict_line(report)}
    text = f"{link}\n\n{as_text(report)}"
    admins = User.objects.active().filter(role=Role.ADMIN)
    for one in admins:
        send_staff_mail(act, to=one.email, subject=subject, text=text, key=f"audit:{row.pk}:{one.pk}")
    return len(admins)


def reports() -> "models.QuerySet[AuditReport]":
    """The reports that are kept, the newest first."""
    return AuditReport.objects.filter(deleted_at=None).order_by("-until", "-created_at")


def find_report(key: UUID) -> AuditReport | None:
    return reports().filter(pk=key).first()


def read_report(row: AuditReport) -> Report:
    """What a kept report says."""
    return from_json(row.content)


def is_as_made(row: AuditReport) -> bool:
    """Whether the content is still the one whose digest the journal noted when it was made."""
    made = with_payloads(list(JournalEntry.objects.filter(about_id=row.pk, kind="created")[:1]))
    return bool(made) and made[0].after.get("digest") == digest_of(row.content)


def digest_of(content: dict[str, Any]) -> str:
    """The same for the same content, however the database orders its keys."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def forget_old_reports(*, before: datetime) -> int:
    """Take reports away that are older; what they said is gone, that they were made stays in the journal."""
    with open_act(SYSTEM, reason="audit") as act:
        old = list(reports().filter(until__lt=before))
        act.change(old, content={})
        return act.delete(old)


def report_days() -> timedelta:
    """How long reports are kept."""
    return timedelta(days=settings.AUDIT_KEPT_DAYS)
