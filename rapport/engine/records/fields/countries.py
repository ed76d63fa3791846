"""Countries: ISO 3166 codes, and their names in English and in their own languages, from Babel."""

from functools import cache

from babel import Locale
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.folding import fold

# How people write them besides their names.
ALIASES = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "usa": "US", "u.s.": "US", "u.s.a.": "US", "america": "US", "united states of america": "US",
    "holland": "NL", "czech republic": "CZ", "korea": "KR", "south korea": "KR", "russian federation": "RU",
    "viet nam": "VN", "uae": "AE", "ivory coast": "CI", "turkey": "TR", "deutschl.": "DE",
}  # fmt: skip
OWN_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "nb", "sv", "da", "fi", "pl", "cs", "tr", "ja", "zh")


@cache
def codes() -> dict[str, str]:
    """ISO code → English name, of the countries there are."""
    territories = Locale("en").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in NOT}


NOT = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "XK"} - {"XK"})


@cache
def _by_name() -> dict[str, str]:
    names = {fold(alias): code for alias, code in ALIASES.items()}
    for language in reversed(OWN_LANGUAGES):
        territories = Locale(language).territories
        names |= {fold(territories[code]): code for code in codes() if code in territories}
    return names


def country_code(text: str) -> str:
    """The ISO code of a country given by code or name. Raises Invalid."""
    text = text.strip()
    if text.upper() in codes():
        return text.upper()
    if code := _by_name().get(fold(text)):
        return code
    raise Invalid(_("“%(value)s” is not a country that is known here.") % {"value": text[:80]})
