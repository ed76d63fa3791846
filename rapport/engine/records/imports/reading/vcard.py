"""vCard 2.1, 3 and 4 as rows: one card, one row. Read line by line and forgiving, as real address books need."""

import base64
import binascii
import io
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER = (
    "UID", "Name", "First name", "Last name", "How to address",
    "E-mail work", "E-mail home", "E-mail other",
    "Phone mobile", "Phone work", "Phone home", "Phone other",
    "Company", "Job title", "Birthday", "Website", "Tags", "Note",
    *(
        f"{part} {kind}"
        for kind in ("work", "home", "other") for part in ("Street", "Postcode", "City", "Region", "Country")
    ),
)  # fmt: skip
AT = {name: index for index, name in enumerate(HEADER)}
ESCAPED = re.compile(r"\\(.)", re.S)
LONGEST_LINE = 200_000  # characters; pictures are longer and are not read
SKIPPED = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "AGENT"})


@dataclass
class Property:
    """One line of a card."""

    name: str
    kinds: frozenset[str]
    encoding: str
    charset: str
    value: str


def read_vcards(path: Path, encoding: str) -> Iterator[list[str]]:
    """A row of names, then one for each card."""
    yield list(HEADER)
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline=None) as stream:
        card: list[str] | None = None
        for one in _properties(stream):
            if one.name == "BEGIN":
                card = [""] * len(HEADER)
            elif one.name == "END" and card is not None:
                yield card
                card = None
            elif card is not None and one.name in TAKERS:
                TAKERS[one.name](card, one)


def _properties(stream: io.TextIOWrapper) -> Iterator[Property]:
    for line in _unfolded(stream):
        head, colon, value = _split_head(line)
        if not colon:
            continue
        name, *rest = head.split(";")
        parameters = [part.upper() for part in rest]
        name = name.rpartition(".")[2].upper().strip()
        if name in SKIPPED:
            continue
        kinds = frozenset(
            word.strip('" ') for part in parameters for word in part.removeprefix("TYPE=").split(",") if "=" not in word
        )
        if any(part.startswith("PREF=") for part in parameters):
            kinds |= {"PREF"}
        yield Property(name, kinds, _parameter(parameters, "ENCODING"), _parameter(parameters, "CHARSET"), value)


def _unfolded(stream: io.TextIOWrapper) -> Iterator[str]:
    """Whole lines: folded ones joined, and in version 2.1 those that a soft break of quoted-printable cuts."""
    held: str | None = None
    for raw in stream:
        line = raw.rstrip("\r\n")
        soft = held is not None and held.endswith("=") and "QUOTED-PRINTABLE" in held.upper().partition(":")[0]
        if held is not None and soft:
            held = held[:-1] + line.lstrip()
        elif held is not None and line[:1] in (" ", "\t"):
            held += line[1:] if len(held) < LONGEST_LINE else ""
        else:
            if held:
                yield held
            held = line
    if held:
        yield held


def _split_head(line: str) -> tuple[str, str, str]:
    """The part before the first colon that stands outside of quotes, and the value."""
    quoted = False
    for index, letter in enumerate(line):
        quoted ^= letter == '"'
        if letter == ":" and not quoted:
            return line[:index], ":", line[index + 1 :]
    return line, "", ""


def _parameter(parameters: list[str], name: str) -> str:
    named = next((part.partition("=")[2] for part in parameters if part.startswith(f"{name}=")), "")
    return named or ("QUOTED-PRINTABLE" if name == "ENCODING" and "QUOTED-PRINTABLE" in parameters else "")


def _decoded(one: Property) -> str:
    charset = one.charset or "utf-8"
    try:
        if one.encoding in ("QUOTED-PRINTABLE", "Q"):
            return quopri.decodestring(one.value.encode("utf-8")).decode(charset, "replace")
        if one.encoding in ("BASE64", "B"):
            return base64.b64decode(one.value).decode(charset, "replace")
    except (LookupError, binascii.Error):
        return one.value
    return one.value


def _text(one: Property) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], _decoded(one)).strip()


def _parts(one: Property) -> list[str]:
    """The parts of a structured value; a semicolon behind a backslash does not part."""
    pieces = re.split(r"(?<!\\);", _decoded(one))
    return [ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], piece).strip() for piece in pieces]


def _kind(one: Property) -> str:
    return "work" if "WORK" in one.kinds else "home" if "HOME" in one.kinds else "other"


def _add(card: list[str], column: str, text: str, one: Property | None = None) -> None:
    if not text:
        return
    was = card[AT[column]]
    first = one is not None and "PREF" in one.kinds
    card[AT[column]] = text if not was else f"{text}; {was}" if first else f"{was}; {text}"


def _name(card: list[str], one: Property) -> None:
    last, first, more, prefix, *_suffix = [*_parts(one), "", "", "", ""]
    card[AT["Last name"]] = last.replace(",", " ")
    card[AT["First name"]] = " ".join(part for part in (first, more.replace(",", " ")) if part)
    card[AT["How to address"]] = prefix


def _phone(card: list[str], one: Property) -> None:
    if one.kinds & {"FAX", "PAGER"}:
        return
    number = _text(one).removeprefix("tel:").partition(";ext=")[0]
    _add(card, "Phone mobile" if "CELL" in one.kinds else f"Phone {_kind(one)}", number.replace(";", ""), one)


def _address(card: list[str], one: Property) -> None:
    box, more, street, city, region, postcode, country, *_rest = [*_parts(one), *[""] * 7]
    kind = _kind(one)
    if card[AT[f"Street {kind}"]] or card[AT[f"City {kind}"]]:
        return
    whole = ", ".join(part for part in (box, street.rstrip(","), more) if part)
    for name, value in zip(
        ("Street", "Postcode", "City", "Region", "Country"), (whole, postcode, city, region, country), strict=True
    ):
        card[AT[f"{name} {kind}"]] = value


def _birthday(card: list[str], one: Property) -> None:
    digits = _text(one).partition("T")[0]
    card[AT["Birthday"]] = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if re.fullmatch(r"\d{8}", digits) else digits
    if digits.startswith("--"):
        card[AT["Birthday"]] = ""


def _into(column: str) -> Callable[[list[str], Property], None]:
    return lambda card, one: _add(card, column, _text(one), one)


TAKERS: dict[str, Callable[[list[str], Property], None]] = {
    "UID": lambda card, one: _add(card, "UID", _text(one)[:200]),
    "FN": _into("Name"),
    "N": _name,
    "EMAIL": lambda card, one: _add(card, f"E-mail {_kind(one)}", _text(one).removeprefix("mailto:"), one),
    "TEL": _phone,
    "ADR": _address,
    "ORG": lambda card, one: _add(card, "Company", _parts(one)[0]),
    "TITLE": _into("Job title"),
    "BDAY": _birthday,
    "URL": _into("Website"),
    "CATEGORIES": lambda card, one: _add(card, "Tags", _decoded(one).replace("\\,", " ").replace(",", "; ")),
    "NOTE": _into("Note"),
}
