"""Sharing one record with somebody, or a team, whom no role lets see it."""

from rapport.engine.records.sharing.actions import change_share, end_share, share_record
from rapport.engine.records.sharing.holders import HOLDERS, Holders, holder_names, register_holders
from rapport.engine.records.sharing.queries import find_share, holders_of, shares_of, users_in

__all__ = [
    "HOLDERS",
    "Holders",
    "change_share",
    "end_share",
    "find_share",
    "holder_names",
    "holders_of",
    "register_holders",
    "share_record",
    "shares_of",
    "users_in",
]
