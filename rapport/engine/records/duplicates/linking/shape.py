"""The shape of a table: which of its columns are of which kind, and the normal values and keys of its records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from rapport.engine.records.duplicates.linking import cleaning
from rapport.engine.records.duplicates.linking.agreeing import Row, Value
from rapport.engine.records.duplicates.linking.kinds import Comparison, comparison

# What each kind fills: columns of text, then those that hold lists.
TEXTS = {
    "given": ("given",),
    "family": ("family",),
    "name": ("name", "spelled", "joined"),
    "emails": ("email", "local", "numerals"),
    "phones": ("phone",),
    "domains": (),
    "links": (),
    "date": ("date", "year", "month", "day"),
    "street": ("street", "number"),
    "place": ("place", "city", "postcode", "region", "country"),
}
LISTS = {
    "street": ("parts",),
    "name": ("words",),
    "emails": ("emails", "boxes"),
    "phones": ("phones",),
    "domains": ("domains", "labels"),
    "links": ("links",),
}
NO_NUMERALS = "none"
PLACE = ("postcode", "city", "region", "country")


@dataclass(frozen=True)
class Column:
    """A column of a table: its name there, and the kind of what it holds."""

    name: str
    kind: str


@dataclass(frozen=True)
class Shape:
    """What is compared of the records of one table.

    Kinds: given, family, name, emails, phones, domains, links, date, street, postcode, city, region, country, code,
    text. Several columns of e-mails, phones, domains or links count as one; of the other kinds but code and text the
    first counts. A column of domains takes web addresses and e-mail addresses too.
    """

    columns: Sequence[Column]

    @cached_property
    def kinds(self) -> dict[str, list[str]]:
        """What is compared, each with the columns it is made of: `{"place": ["city", "postcode"]}`."""
        found: dict[str, list[str]] = {}
        for column in self.columns:
            kind = "place" if column.kind in PLACE else column.kind
            if kind in ("code", "text"):
                count = sum(1 for known in found if known.startswith(kind))
                kind = f"{kind}{count + 1 if count else ''}"
            found.setdefault(kind, []).append(column.name)
        return found

    @cached_property
    def comparisons(self) -> list[Comparison]:
        both = {"given", "family"} <= self.kinds.keys()
        return [comparison(kind, given=both) for kind in self.kinds]

    @cached_property
    def is_of_people(self) -> bool:
        return "family" in self.kinds or "given" in self.kinds

    @cached_property
    def texts(self) -> list[str]:
        return [name for kind in self.kinds for name in TEXTS.get(kind, (kind,))]

    @cached_property
    def lists(self) -> list[str]:
        return [name for kind in self.kinds for name in LISTS.get(kind, ())]

    def normal(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """The normal values of a record, by column of this shape. Given are text, dates or lists of texts."""
        found: dict[str, Value] = {}
        for kind, names in self.kinds.items():
            if kind == "place":
                found |= _place({one.kind: _text(values.get(one.name)) for one in self.columns if one.kind in PLACE})
            elif kind in MANY:
                found |= MANY[kind](text for name in names for text in _texts(values.get(name)))
            else:
                found |= ONE[kind.rstrip("0123456789")](kind, _first(values, names))
        return {name: value or None for name, value in found.items()}


def _first(values: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((values[name] for name in names if values.get(name)), "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is not None:
        yield from (one for one in list(value)[: cleaning.MOST_LISTED] if isinstance(one, str))


def _emails(given: Iterable[str]) -> dict[str, Value]:
    clean = list(dict.fromkeys(filter(None, map(cleaning.email, given))))
    own = [one for one in clean if not cleaning.is_role(one)]
    local = own[0].partition("@")[0] if own else ""
    boxes = [one for one in clean if one not in own]
    return {
        "email": own[0] if own else "",
        "local": local if len(local) >= 5 else "",
        # `ann7@…` and `ann8@…` are two people, however much alike they look.
        "numerals": "".join(letter for letter in local if letter.isdigit()) or NO_NUMERALS,
        "emails": own,
        "boxes": boxes,
    }


def _phones(given: Iterable[str]) -> dict[str, Value]:
    clean = list(dict.fromkeys(filter(None, map(cleaning.phone, given))))
    return {"phone": clean[0] if clean else "", "phones": clean}


def _domains(given: Iterable[str]) -> dict[str, Value]:
    clean = list(dict.fromkeys(filter(None, map(cleaning.domain, given))))
    labels = list(dict.fromkeys(label for one in clean if len(label := one.rsplit(".", 2)[0]) >= 4))
    return {"domains": clean, "labels": labels}


def _links(given: Iterable[str]) -> dict[str, Value]:
    return {"links": list(dict.fromkeys(filter(None, map(cleaning.link, given))))}


def _name(_kind: str, value: Any) -> dict[str, Value]:
    spelled = cleaning.organisation(_text(value))
    parts = spelled.split()
    return {
        "name": " ".join(sorted(parts)),
        "spelled": spelled,
        "joined": spelled.replace(" ", ""),
        "words": list(dict.fromkeys(parts))[: cleaning.MOST_LISTED * 2],
    }


def _date(_kind: str, value: Any) -> dict[str, Value]:
    text = cleaning.day(value if isinstance(value, date) else _text(value))
    return {"date": text, "year": text[:4], "month": text[4:6], "day": text[6:]}


def _street(_kind: str, value: Any) -> dict[str, Value]:
    text = cleaning.street(_text(value))
    parts = list(dict.fromkeys(text.split()))
    number = parts[0] if text[:1].isdigit() else ""
    return {"street": text, "number": number, "parts": parts if len(parts) > 1 else []}


def _place(parts: Mapping[str, str]) -> dict[str, Value]:
    city, postcode = cleaning.words(parts.get("city", "")), cleaning.postcode(parts.get("postcode", ""))
    return {
        "place": f"{postcode} {city}" if city and postcode else "",
        "city": city,
        "postcode": postcode,
        "region": cleaning.words(parts.get("region", "")),
        "country": cleaning.words(parts.get("country", "")),
    }


ONE: dict[str, Callable[[str, Any], dict[str, Value]]] = {
    "given": lambda kind, value: {kind: cleaning.words(_text(value))},
    "family": lambda kind, value: {kind: cleaning.words(_text(value))},
    "name": _name,
    "date": _date,
    "street": _street,
    "code": lambda kind, value: {kind: cleaning.code(_text(value))},
    "text": lambda kind, value: {kind: cleaning.words(_text(value))},
}
MANY: dict[str, Callable[[Iterable[str]], dict[str, Value]]] = {
    "emails": _emails,
    "phones": _phones,
    "domains": _domains,
    "links": _links,
}

__all__ = ["Column", "Row", "Shape"]
