"""Clearing at night what has expired or was read long ago, and the audits."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.audit.keeping import forget_old_reports, keep_report, keep_that_of_month, report_days
from rapport.engine.accounts.audit.making import make_report
from rapport.engine.accounts.audit.reads import forget_old_reads, read_days
from rapport.engine.accounts.audit.text import verdict_line
from rapport.engine.accounts.links import forget_old_links
from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications import forget_old_notifications, notify
from rapport.engine.accounts.places import forget_old_places
from rapport.engine.accounts.throttles import forget_old_counters
from rapport.engine.events.act import open_act
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily, monthly


@daily(at="03:50")
@job(label=__("Clear old sessions, links, notifications and audits"))
def clear_old_access(progress: Reporter) -> None:
    """Forget sessions and links that ended, notifications that were read long ago, and audits past their time."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    now = timezone.now()
    forget_old_places()
    forget_old_counters(before=now)
    forget_old_links(before=now - timedelta(days=30))
    forget_old_notifications(before=now - timedelta(days=90))
    forget_old_reads(before=(now - read_days()).date())
    forget_old_reports(before=now - report_days())


@monthly(at="04:10")
@job(label=__("Audit of the month"), retry=3)
def audit_month(progress: Reporter) -> None:
    """Make the audit of the month, keep it and mail it to the administrators."""
    keep_that_of_month(tell=lambda done, total: progress.report(done, total=total))


@job(label=__("Audit"), retry=1, alone="audit")
def audit_now(progress: Reporter, user: UUID, full: bool = False) -> None:
    """Make and keep an audit that an administrator asked for, and tell them by the bell."""
    asker = User.objects.active().get(pk=user)
    report = make_report(full=full, tell=lambda done, total: progress.report(done, total=total))
    with open_act(asker.actor, reason="audit") as act:
        row = keep_report(act, report)
    title = _("The audit is ready: %(verdict)s") % {"verdict": verdict_line(report)}
    notify(asker.pk, title=title, url=reverse("accounts:audit", args=[row.pk]), key=f"audit {row.pk}")
