"""People and companies are nouns like all others."""

from tests.fixtures.nouns import RecordTypeTests


class TestPeople(RecordTypeTests):
    slug = "people"
    samples = (
        {"name": "Amara Okafor", "emails": ["amara@fjord.no"], "source": "fair", "birthday": "1990-01-02"},
        {"name": "Benedikt Huber", "phones": ["+49 89 41 20 77 10"], "source": "web", "tags": ["vip"]},
    )
    text = "source"


class TestCompanies(RecordTypeTests):
    slug = "companies"
    samples = (
        {"name": "Fjord Outdoor", "domains": ["fjord.no"], "vat_number": "NO 1", "size": 12, "revenue": "12.50 EUR"},
        {"name": "Huber Alpin", "vat_number": "DE 2", "tags": ["vip"]},
    )
    text = "vat_number"
