"""An index that is up to date, and a short way to ask."""

from io import StringIO

import pytest
from django.core.management import call_command

from rapport.engine.records.search import search


@pytest.fixture
def ask():
    """Titles found by an actor, in order, after making the index anew: `ask(alice, "amara")`."""

    def asked(user, text, **options):
        call_command("reindex", stdout=StringIO())
        return [result.title for group in search(user.actor, text, **options).groups for result in group.results]

    return asked
