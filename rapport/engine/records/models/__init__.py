"""Tables of the records room: the ground of every record, things, and what an instance defines for itself."""

from rapport.engine.records.models.access import Role, Share
from rapport.engine.records.models.appearing import FieldRule, PageLayout
from rapport.engine.records.models.bulk import BulkRefusal, BulkRun, BulkSlice
from rapport.engine.records.models.definitions import Choice, CustomField, DefinitionStamp, FieldIndexes
from rapport.engine.records.models.duplicates import (
    DuplicateCluster,
    DuplicateKey,
    DuplicatePair,
    DuplicateScan,
    DuplicateSetting,
    NotSame,
)
from rapport.engine.records.models.external_id import ExternalId
from rapport.engine.records.models.imports import (
    Fate,
    ImportPlan,
    ImportPortion,
    ImportProblem,
    ImportRow,
    ImportRun,
)
from rapport.engine.records.models.merge import Merge
from rapport.engine.records.models.organisation import Organisation
from rapport.engine.records.models.quality import (
    Confirmation,
    FieldSeen,
    QualityDay,
    QualityFill,
    QualityRule,
    RecordQuality,
)
from rapport.engine.records.models.record import Record
from rapport.engine.records.models.saved_view import DefaultView, SavedView
from rapport.engine.records.models.search import SearchDocument, SearchWord
from rapport.engine.records.models.thing import Thing

__all__ = [
    "BulkRefusal",
    "BulkRun",
    "BulkSlice",
    "Choice",
    "Confirmation",
    "CustomField",
    "DefaultView",
    "DefinitionStamp",
    "DuplicateCluster",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateScan",
    "DuplicateSetting",
    "ExternalId",
    "Fate",
    "FieldIndexes",
    "FieldRule",
    "FieldSeen",
    "ImportPlan",
    "ImportPortion",
    "ImportProblem",
    "ImportRow",
    "ImportRun",
    "Merge",
    "NotSame",
    "Organisation",
    "PageLayout",
    "QualityDay",
    "QualityFill",
    "QualityRule",
    "Record",
    "RecordQuality",
    "Role",
    "SavedView",
    "SearchDocument",
    "SearchWord",
    "Share",
    "Thing",
]
