"""Names of people: taken apart and put together."""

from nameparser import HumanName


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a whole name, as well as can be told; one word is a first name."""
    if len(name.split()) < 2:
        return name.strip(), ""
    parsed = HumanName(name)
    return " ".join(part for part in (parsed.first, parsed.middle) if part), parsed.last


def whole_name(first: str, last: str) -> str:
    """The parts in one."""
    return " ".join(part for part in (first, last) if part)
