"""Search: one box over all record types. Exact identifiers come first, then names, words, and names with typos."""

from rapport.engine.records.search.finding import Found, search
from rapport.engine.records.search.results import Group, Result

__all__ = ["Found", "Group", "Result", "search"]
