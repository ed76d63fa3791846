"""Clearing at night: what has expired or was read long ago."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.links import forget_old_links
from rapport.engine.accounts.notifications import forget_old_notifications
from rapport.engine.accounts.places import forget_old_places
from rapport.engine.accounts.throttles import forget_old_counters
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily


@daily(at="03:50")
@job(label=_("Clear old sessions, links and notifications"))
def clear_old_access(progress: Reporter) -> None:
    """Forget sessions and links that ended, and notifications that were read long ago."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    now = timezone.now()
    forget_old_places()
    forget_old_counters(before=now)
    forget_old_links(before=now - timedelta(days=30))
    forget_old_notifications(before=now - timedelta(days=90))
