"""Telling a database that went away from a statement that failed."""

from django.db import InterfaceError, OperationalError


def is_lost_connection(error: Exception) -> bool:
    """Whether the database went away, which is never the fault of who asked."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(("08", "57P"))
