"""The sample record types, known to the registry while a test asks about them."""

from collections.abc import Iterator

import pytest

from rapport.engine.records import registry
from rapport.engine.records.tests.filters.sample import CLIENTS, FIRMS


@pytest.fixture
def sample_types() -> Iterator[None]:
    for one in (FIRMS, CLIENTS):
        registry.register(one)
    yield
    for one in (FIRMS, CLIENTS):
        registry.unregister(one.slug)
