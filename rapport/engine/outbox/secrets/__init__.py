"""Sealed secrets: passwords and tokens of other systems, encrypted in the database, write-only everywhere else.

class MailServer(Journaled):
    password = SealedField()

server.password = "…"           # sealed at once, bound to this row and column
server.password.open()          # the only way back
"""

from rapport.engine.outbox.secrets.field import SealedField
from rapport.engine.outbox.secrets.keys import KeyMissing
from rapport.engine.outbox.secrets.sealed import Sealed, WrongPlace, seal

__all__ = ["KeyMissing", "Sealed", "SealedField", "WrongPlace", "seal"]
