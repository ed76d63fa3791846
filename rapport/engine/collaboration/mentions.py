"""Mentions in what people write: of colleagues, teams and records.

Kept as `<@id>` and `<#record type/id>`, so that a name never stands where its reader may not see it. Typed as `@Name`,
`@their@address` or, with the record beside it in the form, `#Title`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from rapport.engine.records.folding import fold
from rapport.engine.records.sharing import HOLDERS

ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
HOLDER = re.compile(rf"<@({ID})>")
RECORD = re.compile(rf"<#([a-z0-9_-]{{1,60}})/({ID})>")
TOKEN = re.compile(rf"<@(?P<holder>{ID})>|<#(?P<slug>[a-z0-9_-]{{1,60}})/(?P<key>{ID})>")
ADDRESS = re.compile(r"(?<![\w@])@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
AT = re.compile(r"(?<![\w@<])@(?=\w)")
MOST_TRIED = 300  # of one text; what is written after any further `@` stays as it is


@dataclass(frozen=True)
class Ref:
    """A record that was picked while writing: what stands for it in the text, after `#`."""

    slug: str
    key: UUID
    title: str


def holders_in(text: str) -> list[UUID]:
    """The users and teams that a kept text mentions, each once, in order."""
    return list(dict.fromkeys(UUID(found) for found in HOLDER.findall(text)))


def records_in(text: str) -> list[tuple[str, UUID]]:
    """The records that a kept text mentions, as (slug, id)."""
    return list(dict.fromkeys((slug, UUID(key)) for slug, key in RECORD.findall(text)))


def kept(text: str, refs: Iterable[Ref] = ()) -> str:
    """A text as typed with its mentions as ids. Names of colleagues and teams are found by themselves, the longest
    first; what nobody is called stays as it is.
    """
    for ref in refs:
        text = _replaced(text, f"#{ref.title}", f"<#{ref.slug}/{ref.key}>")
    if "@" not in text:
        return text
    names = {key: name for kind in HOLDERS.values() for key, name in kind.names().items()}
    return _with_names(_with_addresses(text), names)


def without(text: str, names: Mapping[UUID, str]) -> str:
    """A kept text in which some users and teams are only named, no longer mentioned."""
    return HOLDER.sub(lambda found: names.get(UUID(found[1]), found[0]), text)


def _replaced(text: str, typed: str, token: str) -> str:
    place = text.find(typed)
    return text if place < 0 else text[:place] + token + text[place + len(typed) :]


def _with_addresses(text: str) -> str:
    found = {address.lower().rstrip(".") for address in ADDRESS.findall(text)}
    if not found:
        return text
    from django.contrib.auth import get_user_model

    rows = get_user_model()._default_manager.filter(email__in=found, deactivated_at=None, deleted_at=None)
    by_address = dict(rows.values_list("email", "pk"))

    def token(match: re.Match[str]) -> str:
        address = match[1].rstrip(".")
        key = by_address.get(address.lower())
        return f"<@{key}>{match[1][len(address) :]}" if key else match[0]

    return ADDRESS.sub(token, text)


def _with_names(text: str, names: Mapping[UUID, str]) -> str:
    by_length = sorted(((fold(name), key) for key, name in names.items() if name), key=lambda one: -len(one[0]))
    parts, rest = [], text
    for _tried in range(MOST_TRIED):
        if (match := AT.search(rest)) is None:
            break
        parts.append(rest[: match.start()])
        rest = rest[match.start() :]
        told = next((one for one in by_length if _begins(rest[1:], one[0])), None)
        typed = len(told[0]) + 1 if told else 1
        parts.append(f"<@{told[1]}>" if told else "@")
        rest = rest[typed:]
    return "".join([*parts, rest])


def _begins(text: str, name: str) -> bool:
    """Whether a text begins with a name, and not with a longer word. Names fold letter by letter here."""
    given = text[: len(name)]
    return fold(given) == name and not text[len(name) : len(name) + 1].isalnum()


def parts_of(text: str) -> Iterator[tuple[str, str | UUID | tuple[str, UUID]]]:
    """A kept text in pieces: `("text", words)`, `("holder", id)` and `("record", (slug, id))`."""
    last = 0
    for match in TOKEN.finditer(text):
        if match.start() > last:
            yield "text", text[last : match.start()]
        yield ("holder", UUID(match["holder"])) if match["holder"] else ("record", (match["slug"], UUID(match["key"])))
        last = match.end()
    if last < len(text):
        yield "text", text[last:]
