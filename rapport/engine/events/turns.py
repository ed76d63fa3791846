"""Taking turns: of those who are about to do the same thing, one goes on and the others wait for the end of its act."""

from django.db import connection


def take_turns(what: str) -> None:
    """Wait until nobody else has said the same in a transaction that is still open; ours holds it until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
