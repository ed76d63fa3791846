"""A process that makes, changes and undoes many rows, and prints by how many MiB it grew over a few thousand."""

import resource
import sys

import django

django.setup()

from rapport.engine.events.act import open_act  # noqa: E402 — Django has to be set up before
from rapport.engine.events.actor import SYSTEM  # noqa: E402
from rapport.engine.events.tests.sample_models import Shelf  # noqa: E402
from rapport.engine.events.undo import undo_batch  # noqa: E402


def go_round(count, house):
    with open_act(SYSTEM) as act:
        act.create(Shelf(name=f"shelf {number}") for number in range(count))
    with open_act(SYSTEM, batch=act.batch) as act:
        assert act.change(Shelf.objects.filter(deleted_at=None), inside=house) == count
    with open_act(SYSTEM) as undoing:
        assert undo_batch(undoing, act.batch).rows == 2 * count


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


with open_act(SYSTEM) as act:
    house = act.create(Shelf(name="house"))
    act.delete(house)
go_round(3_000, house)
small = peak()
go_round(int(sys.argv[1]), house)
print(f"{peak() - small:.1f}")
