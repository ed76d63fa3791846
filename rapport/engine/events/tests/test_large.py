"""Large acts: as many rows as one likes in the memory of a few thousand."""

import subprocess

import pytest

from rapport.engine.events.tests.sample_models import Shelf
from rapport.engine.events.tests.support import command_of


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_rows_are_made_changed_and_undone_in_constant_memory():
    finished = subprocess.run(command_of("sample_large", 20_000), capture_output=True, text=True, check=True)
    assert Shelf.objects.filter(deleted_at=None).count() == 0
    assert Shelf.objects.count() == 23_001
    assert float(finished.stdout) < 15, finished.stdout
