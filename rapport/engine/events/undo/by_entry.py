"""Lists that several people write: what a batch did to them is taken back entry by entry, the rest stays."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Keyed = dict[str, Any]
# What says where an entry stands and what is noted beside it, not what it is.
BESIDE = frozenset({"id", "primary", "kind", "verified"})


@dataclass(frozen=True)
class EditedSince:
    """An entry that the batch had written and others have changed since: it stays as they left it."""

    key: str
    ours: Any
    theirs: Any


def are_lists(*values: Any) -> bool:
    """Whether all of these are lists, or nothing where a list may stand; one of them is a list."""
    return any(isinstance(value, list) for value in values) and all(
        value is None or isinstance(value, list) for value in values
    )


def taken_back(
    before: Sequence[Any] | None, ours: Sequence[Any] | None, now: Sequence[Any] | None
) -> tuple[list[Any], list[EditedSince]]:
    """A list without what a batch did to it: `before` and `ours` are the batch's, `now` is how it stands.

    Entries are the same by their `id`, words by themselves. The first is marked as primary where entries say so.
    """
    was, did, stands = _keyed(before), _keyed(ours), _keyed(now)
    result: Keyed = {}
    edited: list[EditedSince] = []
    for key, entry in stands.items():
        if key not in did:
            result[key] = entry
        elif _same(entry, did[key]):
            result |= {key: was[key]} if key in was else {}
        else:
            result[key] = entry
            if key not in was or not _same(was[key], did[key]):
                edited.append(EditedSince(key, did[key], entry))
    known = [_gist(entry) for entry in result.values()]
    result |= {key: entry for key, entry in was.items() if key not in did | stands and _gist(entry) not in known}
    return _marked([result[key] for key in _ordered(result, was, did, stands)]), edited


def _ordered(result: Keyed, was: Keyed, did: Keyed, stands: Keyed) -> list[str]:
    """As before the batch, and then what came; as it stands now where others have ordered it since."""
    if [key for key in stands if key in did] != [key for key in did if key in stands]:
        return list(dict.fromkeys([*(key for key in stands if key in result), *result]))
    order = list(dict.fromkeys([*(key for key in was if key in result), *result]))
    first = next(iter(stands), None)
    if first is not None and first not in did:
        order.sort(key=lambda key: key != first)
    return order


def _marked(entries: list[Any]) -> list[Any]:
    return [
        {**entry, "primary": place == 0} if isinstance(entry, Mapping) and "primary" in entry else entry
        for place, entry in enumerate(entries)
    ]


def _keyed(entries: Sequence[Any] | None) -> Keyed:
    return {_key(entry): entry for entry in entries or ()}


def _key(entry: Any) -> str:
    if isinstance(entry, Mapping) and entry.get("id"):
        return str(entry["id"])
    return entry if isinstance(entry, str) else json.dumps(entry, sort_keys=True)


def _same(one: Any, other: Any) -> bool:
    return bool(_without(one, {"primary"}) == _without(other, {"primary"}))


def _gist(entry: Any) -> Any:
    return _without(entry, BESIDE)


def _without(entry: Any, names: Sequence[str] | frozenset[str] | set[str]) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    return {name: value for name, value in entry.items() if name not in names}
