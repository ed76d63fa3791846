"""A process that takes a batch back in small slices until it is done or killed. Argument: the batch."""

import sys
from uuid import UUID

import django

django.setup()

from rapport.engine.events.actor import SYSTEM  # noqa: E402 — Django has to be set up before
from rapport.engine.events.tests import sample_models  # noqa: E402, F401 — the tables of the batch
from rapport.engine.events.undo import batches, undo_in_slices  # noqa: E402

batches.CHUNK = 5
undo_in_slices(SYSTEM, UUID(sys.argv[1]))
