"""Mailing what users have not read: each notice once, when its reader wants it, in the transaction that marks it.

A notice that will not be mailed (its user wants none, or only what is important) is marked as well, so that it is
not looked at again, and not mailed when they change their mind later.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone, translation

from rapport.engine.accounts.mails import can_mail
from rapport.engine.accounts.models import Mails, Notification, NotificationSettings, User
from rapport.engine.accounts.models.notification import IS_UNREAD
from rapport.engine.accounts.notifications.letters import letter_for
from rapport.engine.accounts.notifications.settings import is_quiet, mailed_by, settings_of
from rapport.engine.accounts.notifications.telling import read_out
from rapport.engine.accounts.zones import zone_of
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.jobs.stopping import is_stopping
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.records.definitions import check_again

# What waited longer is told by the bell alone, as where a mail server comes late.
TOO_OLD = timedelta(days=7)
IN_A_MAIL = 50  # what is more is counted
AT_ONCE = 2000


def mail_what_is_due() -> None:
    """Queue a mail for each user to whom one is due. Without a mail server nothing is taken.

    Who cannot be written to holds up nobody else; what went wrong is raised when all others have theirs.
    """
    if not can_mail():
        return
    check_again()
    now = timezone.now()
    faults: list[Exception] = []
    for user_id in _due_users(now):
        if is_stopping():
            return
        try:
            mail_user(user_id, now)
        except Exception as fault:  # noqa: BLE001  raised below
            faults.append(fault)
    if faults:
        raise faults[0]


def mail_user(user_id: UUID, now: datetime) -> int:
    """Mail a user what is due to them. Returns how many notices the mail tells of."""
    with transaction.atomic():
        user = User.objects.get(pk=user_id)
        settings = settings_of(user)
        with translation.override(user.language or translation.get_language()), timezone.override(zone_of(user)):
            zone = timezone.get_current_timezone()
            if is_quiet(settings, now, zone):
                return 0
            rows = _waiting(now).filter(user=user).order_by("-came_at", "-id").select_for_update(skip_locked=True)
            due = _due_groups(list(rows[:AT_ONCE]), mailed_by(settings, now, zone))
            told = _queue(user, [one for one in due if _is_wanted(one, user, settings)], settings)
        Notification.objects.filter(pk__in=[one.pk for one in due]).update(mailed_at=now)
    return told


def _due_users(now: datetime) -> Iterable[UUID]:
    """Users for whom something is due, by when the first of it came; two queries and one over what waits."""
    first = dict(_waiting(now).order_by().values_list("user_id").annotate(first=Min("came_at")))
    users = {user.pk: user for user in User.objects.filter(pk__in=first)}
    chosen = {one.user_id: one for one in NotificationSettings.objects.filter(user__in=first, deleted_at=None)}
    house = timezone.get_default_timezone()
    for user_id, came_at in sorted(first.items(), key=lambda item: item[1]):
        user, settings = users[user_id], chosen.get(user_id) or NotificationSettings(user_id=user_id)
        zone: tzinfo = zone_of(user) or house
        if not is_quiet(settings, now, zone) and came_at <= mailed_by(settings, now, zone):
            yield user_id


def _waiting(now: datetime) -> QuerySet[Notification]:
    """What is unread and has not been mailed."""
    return Notification.objects.filter(IS_UNREAD, mailed_at=None, came_at__gt=now - TOO_OLD)


def _due_groups(waiting: Sequence[Notification], until: datetime) -> list[Notification]:
    """Everything about records of which something came until then: so a record is mailed of once in that time."""
    due = {_group(one) for one in waiting if one.came_at <= until}
    return [one for one in waiting if _group(one) in due]


def _group(notice: Notification) -> object:
    return (notice.record_type, notice.record_id) if notice.record_id else notice.pk


def _is_wanted(notice: Notification, user: User, settings: NotificationSettings) -> bool:
    wants = settings.mails != Mails.NEVER and (notice.is_important or settings.everything)
    return wants and user.is_active


def _queue(user: User, notices: Sequence[Notification], settings: NotificationSettings) -> int:
    reading = read_out(user.actor, notices[:IN_A_MAIL])
    told = [one for one in notices[:IN_A_MAIL] if one.pk in reading.told]
    if not told:
        return 0
    letter = letter_for(user, told, reading, mails=settings.mails, beyond=len(notices[IN_A_MAIL:]))
    # A notice is in one mail, so the newest of a mail names it.
    key = f"notifications:{user.pk}:{max(one.pk for one in told)}"
    said = {"subject": letter.subject, "text": letter.text, "html": letter.html}
    with open_act(SYSTEM, reason="notifications") as act:
        send_staff_mail(act, to=user.email, key=key, headers=letter.headers, **said)
    return len(told)
