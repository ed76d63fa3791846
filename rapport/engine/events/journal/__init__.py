"""The journal: writing entries, reading them in order, sealing, verifying and erasing them."""

from rapport.engine.events.journal.entries import Entry, Subject, subjects_of
from rapport.engine.events.journal.reading import entries_around, with_payloads
from rapport.engine.events.journal.write import write

__all__ = ["Entry", "Subject", "entries_around", "subjects_of", "with_payloads", "write"]
