"""Faults in what was sent, each with the pointer to its place."""

from collections.abc import Mapping

from rapport.engine.records.filters.errors import N_, FilterError, Place


def fault(sentence: str, pointer: str) -> FilterError:
    return FilterError(sentence, Place(pointer=pointer))


def refuse_others(data: Mapping[str, object], keys: frozenset[str], pointer: str) -> None:
    if unknown := sorted(map(str, data.keys() - keys)):
        raise FilterError(
            N_("%(what)s is not known here."),
            Place(pointer=f"{pointer}/{_escaped(unknown[0])}"),
            words={"what": unknown[0]},
        )


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
