"""Notifications: telling users something once, what they have not read, and how they are told."""

from rapport.engine.accounts.notifications.muting import can_mute, mute, register_muting
from rapport.engine.accounts.notifications.reading import bell_state, unread_by_record
from rapport.engine.accounts.notifications.states import forget_old_notifications, mark_seen
from rapport.engine.accounts.notifications.telling import Reading, Told, read_out, register_teller
from rapport.engine.accounts.notifications.waking import CHANNEL, RECORDS, wake_pages, wake_record
from rapport.engine.accounts.notifications.writing import Notice, notify, notify_all

__all__ = [
    "CHANNEL",
    "RECORDS",
    "Notice",
    "Reading",
    "Told",
    "bell_state",
    "can_mute",
    "forget_old_notifications",
    "mark_seen",
    "mute",
    "notify",
    "notify_all",
    "read_out",
    "register_muting",
    "register_teller",
    "unread_by_record",
    "wake_pages",
    "wake_record",
]
