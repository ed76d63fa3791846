"""Merging records into one of them, with everything that points at them, and taking that apart again at any time."""

from rapport.engine.records.merging.choices import ALL, FieldChoice
from rapport.engine.records.merging.doing import merge_records
from rapport.engine.records.merging.following import followers
from rapport.engine.records.merging.groups import MOST
from rapport.engine.records.merging.later import Later, LaterChild, LaterField, came_later
from rapport.engine.records.merging.parting import unmerge, why_not
from rapport.engine.records.merging.proposing import Proposal, propose
from rapport.engine.records.merging.queries import find_merge, merges_by_id, merges_into, titles_of_merged
from rapport.engine.records.models import Merge
from rapport.engine.records.survivors import may_merge, survivor_of, survivors_of

__all__ = [
    "ALL",
    "MOST",
    "FieldChoice",
    "Later",
    "LaterChild",
    "LaterField",
    "Merge",
    "Proposal",
    "came_later",
    "find_merge",
    "followers",
    "may_merge",
    "merge_records",
    "merges_by_id",
    "merges_into",
    "propose",
    "survivor_of",
    "survivors_of",
    "titles_of_merged",
    "unmerge",
    "why_not",
]
