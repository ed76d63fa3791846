"""Sharing one record with somebody, or a team, whom no role lets see it."""

from rapport.engine.records.sharing.actions import change_share, end_share, require_sharing, share_record
from rapport.engine.records.sharing.holders import (
    HOLDERS,
    Holders,
    actors_of,
    held_back,
    holder_names,
    name_of,
    register_holders,
)
from rapport.engine.records.sharing.queries import find_share, shares_by_id, shares_in_force, shares_of

__all__ = [
    "HOLDERS",
    "Holders",
    "actors_of",
    "change_share",
    "end_share",
    "find_share",
    "held_back",
    "holder_names",
    "name_of",
    "register_holders",
    "require_sharing",
    "share_record",
    "shares_by_id",
    "shares_in_force",
    "shares_of",
]
