"""The tree as JSON, for programs; the builder shares its names. Reading is strict: every fault has its pointer.

Groups are `{"all": […]}`, `{"any": […]}`, `{"none": […]}`; a condition is
`{"field": "company.industry", "op": "=", "values": [{"word": "retail"}]}`, or about what is made of other records
`{"made": "count", "of": "memberships", "where": {…}, "op": ">", "values": [{"number": "1"}]}`. What the journal tells
is `{"did": "notes.created", "within": "30d", "times": 2, "where": {…}}`, `{"changed": "stage", "within": "this month"}`
and `{"held": "stage", "for": "14d"}`. What a record is among is `{"in": "view", "named": "Leads", "field": "company"}`,
its name or `{"id": …}`; without a field it is the record itself.
"""

from rapport.engine.records.filters.jsonform.names import BY_NAME, GROUP_NAMES, GROUPS, OPS
from rapport.engine.records.filters.jsonform.reading import from_json
from rapport.engine.records.filters.jsonform.writing import to_json

__all__ = ["BY_NAME", "GROUPS", "GROUP_NAMES", "OPS", "from_json", "to_json"]
