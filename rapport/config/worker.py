"""What the worker does all the time."""

from rapport.engine.accounts.notifications.mailing import mail_what_is_due
from rapport.engine.accounts.notifications.snoozing import bring_back
from rapport.engine.events.journal.seal import seal
from rapport.engine.events.reactions import follow_journal
from rapport.engine.jobs.loops import add_loop
from rapport.engine.records.bulk.jobs import take_up_abandoned
from rapport.engine.records.imports.abandoned import resume_abandoned


def add_loops() -> None:
    """Reactions follow the journal, the seal with a little distance; what was left alone, put off or unread is due."""
    add_loop("reactions", follow_journal, channel="journal", seconds=5)
    add_loop("seal", seal, seconds=30)
    add_loop("imports left alone", resume_abandoned, seconds=30)
    add_loop("snoozed notifications", bring_back, seconds=30)
    add_loop("mails of notifications", mail_what_is_due, seconds=30)
    add_loop("bulk edits left alone", take_up_abandoned, seconds=30)
