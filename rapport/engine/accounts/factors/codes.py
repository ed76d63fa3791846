"""Recovery codes: ten words that each let somebody in once who has lost everything else."""

import hmac
import json
import secrets

# No letter or digit that is taken for another one.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
COUNT = 10
HALF = 5


def new_codes() -> list[str]:
    """Ten codes of about fifty random bits each."""
    return [f"{_word()}-{_word()}" for _number in range(COUNT)]


def packed(codes: list[str]) -> str:
    return json.dumps(codes)


def unpacked(text: str) -> list[str]:
    found: list[str] = json.loads(text)
    return found


def without(codes: list[str], typed: str) -> list[str] | None:
    """The codes that are left once this one is used; None if it is none of them."""
    meant = plain(typed)
    left = [code for code in codes if not hmac.compare_digest(plain(code).encode(), meant.encode())]
    return left if len(left) < len(codes) else None


def plain(code: str) -> str:
    """A code without what people type differently."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _word() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(HALF))
