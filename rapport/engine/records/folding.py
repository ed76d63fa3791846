"""Fold keys: text without accents and case, so that sorting and searching need no locale in the database."""

import unicodedata

MOST_BYTES = 2_400

# Letters that Unicode does not take apart, as people of those languages type them without their keyboards.
LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)


def fold(text: str) -> str:
    """`Ærø Ström` → `aero strom`. Runs of white space become one space."""
    if text.isascii():
        return " ".join(text.lower().split())
    parts = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(bare.translate(LETTERS).split())


def fold_key(text: str) -> str:
    """`fold`, cut to what an entry of an index can hold."""
    key = fold(text)
    return key if len(key) <= MOST_BYTES // 4 else key.encode()[:MOST_BYTES].decode(errors="ignore")
