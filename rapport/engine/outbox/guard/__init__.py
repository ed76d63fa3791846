"""The guard of everything that goes out over HTTP: which addresses, ports and names may be called."""

from rapport.engine.outbox.guard.addresses import is_public
from rapport.engine.outbox.guard.refusal import Refused
from rapport.engine.outbox.guard.targets import Allowed, check_url, resolve_safely

__all__ = ["Allowed", "Refused", "check_url", "is_public", "resolve_safely"]
