"""A type that is only data is a noun like all others."""

import pytest

from tests.fixtures.nouns import RecordTypeTests


@pytest.mark.usefixtures("kinds")
class TestProjects(RecordTypeTests):
    slug = "projects"
    samples = (
        {"name": "Avalanche course", "summary": "On skis", "phase": "begun", "x_code": "A-1", "x_budget": "900 NOK"},
        {"name": "Boat hire", "summary": "In summer", "x_code": "B-2", "x_mails": ["boats@x.no"], "tags": ["fjord"]},
    )
    text = "summary"
