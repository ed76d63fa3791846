"""Tables of the outbox: what leaves the house, and the server that takes the mail."""

from rapport.engine.outbox.models.mail_server import MailServer, Security
from rapport.engine.outbox.models.message import Kind, OutgoingMessage, State

__all__ = ["Kind", "MailServer", "OutgoingMessage", "Security", "State"]
