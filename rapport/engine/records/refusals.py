"""When records are refused, by a rule or by the database, and why, in words for people."""

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _
from psycopg.errors import ProgramLimitExceeded, UniqueViolation

from rapport.engine.records.errors import Invalid, ValidationFailed


def is_refusal(error: Exception) -> bool:
    """Whether the data is at fault, and not the database."""
    is_plain = isinstance(error, DataError | IntegrityError | ValidationFailed)
    return is_plain or isinstance(error.__cause__, ProgramLimitExceeded)


def reason_of(error: Exception) -> str:
    """Why the data was refused; of what the database says, as much as can be told outside."""
    if isinstance(error, ValidationFailed):
        return "; ".join(error.errors.values())
    if isinstance(error, Invalid):
        return str(error)
    cause = error.__cause__
    if isinstance(cause, ProgramLimitExceeded):
        return _("A value is too long to be sorted by.")
    if isinstance(cause, UniqueViolation):
        return _("Another record has taken a value that must be unique.")
    diagnosis = getattr(cause, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "column_name", None)
    if name:
        return _("The values do not go together: they break the rule “%(rule)s”.") % {"rule": name}
    return _("One of the values does not fit.")
