"""The era: raised when a database is restored elsewhere, where transaction numbers begin anew."""

from django.db import connections, transaction


def raise_era() -> int:
    """Close the era, as the owner: all entries so far lie before any to come. Returns the new one."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        # Whoever still writes would otherwise add to an era that readers take for closed.
        cursor.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("UPDATE journal_era SET era = era + 1 RETURNING era")
        era: int = cursor.fetchone()[0]
    return era
