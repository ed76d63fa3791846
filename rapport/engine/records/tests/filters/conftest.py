"""The sample record types, known to the registry while a test asks about them, and other policies."""

from collections.abc import Callable, Iterator

import pytest

from rapport.engine.events.actor import ADMIN
from rapport.engine.records import gate, registry
from rapport.engine.records.gate import FULL, Policy
from rapport.engine.records.tests.filters.sample import CLIENTS, FIRMS


@pytest.fixture
def sample_types() -> Iterator[None]:
    for one in (FIRMS, CLIENTS):
        registry.register(one)
    yield
    for one in (FIRMS, CLIENTS):
        registry.unregister(one.slug)


@pytest.fixture
def policies(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Policy], None]:
    """Give the role of Anna another reach or mask on a type."""

    def grant(slug: str, policy: Policy) -> None:
        monkeypatch.setitem(gate.POLICIES, ADMIN, {"*": FULL, slug: policy})

    return grant
