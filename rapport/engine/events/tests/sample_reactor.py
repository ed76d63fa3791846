"""A process that follows the journal until it is killed."""

import django

django.setup()

from rapport.engine.events.reactions import REACTIONS, follow_journal  # noqa: E402 — Django has to be set up before
from rapport.engine.events.tests.sample_reactions import COUNTING, register  # noqa: E402

REACTIONS.clear()
register(COUNTING)
while True:
    follow_journal()
