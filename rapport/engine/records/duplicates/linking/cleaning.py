"""Values as they are compared: without case and accents, without what people write in many ways."""

import re
from datetime import date
from functools import lru_cache

from rapport.engine.records.duplicates.linking.words import (
    COMPANY_FORMS,
    DOTLESS_PROVIDERS,
    FREE_MAIL,
    ROLES,
    STREET_WORDS,
)
from rapport.engine.records.folding import fold

APART = re.compile(r"[\W_]+")
DOTTED = re.compile(r"\b(?:\w\.){2,}")
NUMBER = re.compile(r"\d+")
NATIONAL = 9  # digits of a phone number that tell, without its country
MOST = 200  # characters of any text
MOST_LISTED = 10
REMEMBERED = 50_000  # names and places repeat
SKIPPED = str.maketrans("aehiouwy", "        ")
SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "d": "t", "b": "p", "m": "n", "g": "k", "j": "k"})


@lru_cache(REMEMBERED)
def words(text: str) -> str:
    """`A.B. O'Neil-Ström` → `ab o neil strom`."""
    text = DOTTED.sub(lambda found: found.group().replace(".", "") + " ", fold(text))
    return " ".join(APART.sub(" ", text).split())[:MOST]


def organisation(text: str) -> str:
    """The name without the form of company: `Fjell & Fjord AS` → `fjell fjord`; `and` and `the` go as well."""
    folded = words(text.replace("'", "").replace("’", ""))
    kept = [word for word in folded.split() if word not in COMPANY_FORMS]
    return " ".join(kept) or folded


def email(text: str) -> str:
    """The box that an address means: no plus-tag, no dots where the provider ignores them. Empty for none."""
    local, at, host = fold(text).replace(" ", "").rpartition("@")
    if not at or not local or "." not in host:
        return ""
    host = "gmail.com" if host == "googlemail.com" else host
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if host in DOTLESS_PROVIDERS else local}@{host}"[:MOST]


def is_role(address: str) -> bool:
    """Whether a box belongs to whoever has a task and to nobody in person."""
    return NUMBER.sub("", address.partition("@")[0]).strip("-_.") in ROLES


def phone(text: str) -> str:
    """The digits that tell: those of the number within its country."""
    digits = "".join(NUMBER.findall(text))
    return digits[-NATIONAL:] if len(digits) >= 6 else ""


def domain(text: str) -> str:
    """`https://www.fjellfjord.no/om` and `post@fjellfjord.no` → `fjellfjord.no`; nothing for free mail."""
    host = fold(text).rpartition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    host = host.removeprefix("www.")
    return host if "." in host and host not in FREE_MAIL else ""


def link(text: str) -> str:
    """A web address without its scheme and what is asked of the page."""
    return re.split(r"[?#]", fold(text).rpartition("://")[2])[0].removeprefix("www.").rstrip("/")[:MOST]


def day(value: date | str | None) -> str:
    """`1965-03-14` → `19650314`."""
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    digits = "".join(NUMBER.findall(value or ""))[:8]
    return digits if len(digits) == 8 else ""


@lru_cache(REMEMBERED)
def street(text: str) -> str:
    """`12 North Street` and `North St. 12` → `12 north st`: numbers first, usual words shortened."""
    parts = [STREET_WORDS.get(word, word) for word in words(text).split()]
    return " ".join(sorted(parts, key=lambda part: not part[0].isdigit()))


def postcode(text: str) -> str:
    return APART.sub("", fold(text))[:20]


code = postcode


@lru_cache(REMEMBERED)
def sound(text: str) -> str:
    """How the beginning of a name sounds, roughly: `schmidt` and `smit` → `snt`, `snt`."""
    text = text.replace("ph", "f").replace("sch", "s").replace("th", "t").replace(" ", "")
    rest = text[1:].translate(SKIPPED).replace(" ", "").translate(SOUNDS)
    heard = text[:1].translate(SOUNDS)
    for letter in rest:
        heard += letter if letter != heard[-1:] else ""
    return heard[:4]
