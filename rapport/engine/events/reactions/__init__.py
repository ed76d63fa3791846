"""Reactions: read the journal in order, each by a cursor of its own, and act on what has happened.

The cursor commits together with the effects, so an event is neither lost nor done twice. An event that fails is
tried again with growing pauses, then parked where people see it; the rest goes on.
"""

from rapport.engine.events.reactions.cursors import start_reactions
from rapport.engine.events.reactions.lag import Blocker, Lag, blocker, lag
from rapport.engine.events.reactions.parking import leave_out, parked_events, retry_parked, try_again
from rapport.engine.events.reactions.registry import REACTIONS, Reaction, when
from rapport.engine.events.reactions.running import follow_journal, run_once, run_reactions

__all__ = [
    "REACTIONS",
    "Blocker",
    "Lag",
    "Reaction",
    "blocker",
    "follow_journal",
    "lag",
    "leave_out",
    "parked_events",
    "retry_parked",
    "run_once",
    "run_reactions",
    "start_reactions",
    "try_again",
    "when",
]
