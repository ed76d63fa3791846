"""Tables of the records room: the abstract record, and what an instance defines for itself."""

from rapport.engine.records.models.definitions import Choice, CustomField, DefinitionStamp
from rapport.engine.records.models.external_id import ExternalId
from rapport.engine.records.models.organisation import Organisation
from rapport.engine.records.models.record import Record

__all__ = [
    "Choice",
    "CustomField",
    "DefinitionStamp",
    "ExternalId",
    "Organisation",
    "Record",
]
