"""What the outbox does by itself at night."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily
from rapport.engine.outbox.models import OutgoingMessage, State
from rapport.engine.outbox.secrets.rotation import retire_keys

KEEP_CONTENT = timedelta(days=7)
KEEP_MESSAGES = timedelta(days=90)
ENDED = (State.SENT, State.FAILED, State.UNKNOWN)


@daily(at="03:20")
@job(label=_("Clear the outbox"))
def clear_outbox(progress: Reporter) -> None:
    """Forget what sent messages said after a week, and messages that ended after 90 days."""
    now = timezone.now()
    OutgoingMessage.objects.filter(state=State.SENT, ended_at__lt=now - KEEP_CONTENT).update(payload=None)
    OutgoingMessage.objects.filter(state__in=ENDED, ended_at__lt=now - KEEP_MESSAGES).delete()


@daily(at="03:30")
@job(label=_("Retire old keys"))
def retire_old_keys(progress: Reporter) -> None:
    """Destroy keys that a rotation replaced."""
    retire_keys()
