"""Tables of the journal, and the abstract row that every table written through an act derives from."""

from rapport.engine.events.models.journal import JournalEntry, JournalPayload, JournalSeal, JournalSubject
from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.models.lean import LeanJSON
from rapport.engine.events.models.reaction import ParkedEvent, ReactionCursor

__all__ = [
    "JournalEntry",
    "JournalPayload",
    "JournalSeal",
    "JournalSubject",
    "Journaled",
    "LeanJSON",
    "ParkedEvent",
    "ReactionCursor",
]
