"""What requests are about: records, cities, names and cursors of the home, drawn at random, and who asks."""

import io
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

ADMIN = "admin@northwind.example"
SPREAD = 2_000
CSRF = "b" * 32


@dataclass(frozen=True)
class Sample:
    session: str
    token: str
    people: list[tuple[UUID, str, str]]  # id, name, e-mail
    places: list[tuple[str, str]]  # a city, and a part of a name of somebody there
    cursors: dict[str, list[str]]  # by order: cursors from everywhere in the list


def take_sample() -> Sample:
    """Read what the requests need. Leaves no connection open."""
    from django.db import connections

    from rapport.customers.models import Person

    chance = random.Random(7)
    everybody = Person.objects.filter(deleted_at=None)
    first, last = everybody.order_by("pk")[0].pk, everybody.order_by("-pk")[0].pk
    people, places = [], []
    for _index in range(SPREAD):
        place = UUID(int=chance.randrange(first.int, last.int))
        row = everybody.filter(pk__gte=place).order_by("pk")[0]
        people.append((row.pk, row.name, row.email or ""))
        surname = row.last_name or row.name
        places.append((row.city, surname[:4].lower()))
    cursors = {
        order: cursors_of(order, [key for key, _name, _email in people[:200]]) for order in ("-created_at", "name")
    }
    sample = Sample(session_of(ADMIN), token_of(ADMIN), people, places, cursors)
    connections.close_all()
    return sample


def cursors_of(order: str, keys: list[UUID]) -> list[str]:
    """Cursors that go on after each of these people. A page of one out of two tells where the first one stands."""
    from rapport.engine.records.queries import page, parse_order
    from rapport.engine.records.registry import record_type

    rtype = record_type("people")
    found = []
    for one, other in zip(keys[::2], keys[1::2], strict=True):
        shown = page(rtype, rtype.rows().filter(pk__in=[one, other]), [], order=parse_order(rtype, order), limit=1)
        found += [shown.next] if shown.next else []
    return found


def session_of(email: str) -> str:
    """The key of a new session, made as signing in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user: Any = get_user_model()._default_manager.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def token_of(email: str) -> str:
    from django.core.management import call_command

    answer = io.StringIO()
    call_command("token", "--user", email, "--name", "bench", stdout=answer)
    return answer.getvalue().strip()
