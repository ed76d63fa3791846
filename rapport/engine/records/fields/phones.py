"""Phone numbers in E.164: the usual ones at once, all others by the whole of phonenumbers."""

import re
from functools import cache
from typing import NamedTuple

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers.phonemetadata import PhoneMetadata

from rapport.engine.records.errors import Invalid

# Written with its country, digits and what people put between them. The whole check costs twenty times as much.
USUAL = re.compile(r"\+[1-9][0-9 ().-]{5,22}")
BETWEEN = str.maketrans("", "", " ().-+")


class Plan(NamedTuple):
    """How the numbers behind a country's code look: their lengths, and what a prefix of its own would begin with."""

    lengths: frozenset[int]
    prefix: re.Pattern[str] | None


def phone_number(text: str, region: str) -> str:
    """A number in E.164; numbers without a country are read as of `region`."""
    if usual := _usual(text):
        return usual
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        raise Invalid(
            _("“%(value)s” is not a phone number; write it with its country, as +47 77 60 12 34.")
            % {"value": text[:80]}
        ) from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid(_("“%(value)s” has too few or too many digits for a phone number.") % {"value": text[:80]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _usual(text: str) -> str:
    """The number, where its country's code, its length and the lack of a prefix leave nothing to tell; else empty."""
    if not USUAL.fullmatch(text):
        return ""
    digits = text.translate(BETWEEN)
    for length in (1, 2, 3):
        plan = _plan(digits[:length])
        if plan is not None:
            rest = digits[length:]
            plain = len(rest) in plan.lengths and rest[0] != "0" and not (plan.prefix and plan.prefix.match(rest))
            return "+" + digits if plain else ""
    return ""


@cache
def _plan(code: str) -> Plan | None:
    """What is known of a country's code; None where there is no such code."""
    region = phonenumbers.region_code_for_country_code(int(code))
    known = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region) if region != "ZZ" else None
    if known is None or known.general_desc is None:
        return None
    prefix = known.national_prefix_for_parsing
    return Plan(frozenset(known.general_desc.possible_length), re.compile(prefix) if prefix else None)
