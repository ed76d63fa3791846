"""What the worker does all the time."""

from rapport.engine.events.journal.seal import seal
from rapport.engine.events.reactions import follow_journal
from rapport.engine.jobs.loops import add_loop


def add_loops() -> None:
    """Reactions follow the journal; the seal follows with a little distance."""
    add_loop("reactions", follow_journal, channel="journal", seconds=5)
    add_loop("seal", seal, seconds=30)
