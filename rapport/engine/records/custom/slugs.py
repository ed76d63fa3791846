"""Slugs of custom fields and values of options: made from what people write, permanent, never used twice."""

import re

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.folding import fold
from rapport.engine.records.models import CustomField
from rapport.engine.records.registry import RecordType

LONGEST = 50
SLUG = re.compile(r"x_[a-z0-9]+(?:_[a-z0-9]+)*")


def free_slug(rtype: RecordType, label: str) -> str:
    """`Ladenfläche m²` → `x_ladenflache_m2`, numbered where a field has it or had it before it was deleted."""
    return _numbered(f"x_{_words(label, '_') or 'field'}"[:LONGEST].rstrip("_"), used_slugs(rtype), "_")


def read_slug(rtype: RecordType, slug: str) -> str:
    """A slug that was given. Raises Invalid for one that no field can have, and proposes another."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST:
        words = {"slug": slug[:60], "other": free_slug(rtype, slug.removeprefix("x_"))}
        raise Invalid(
            _("“%(slug)s” cannot be a slug; small letters and digits after x_ can, such as %(other)s.") % words
        )
    if slug in used_slugs(rtype):
        words = {"slug": slug, "other": _numbered(slug, used_slugs(rtype), "_")}
        raise Invalid(_("“%(slug)s” belongs to a field that is there or was deleted; take %(other)s.") % words)
    return slug


def used_slugs(rtype: RecordType) -> set[str]:
    """Slugs of all fields, deleted ones included: their values still lie in the records."""
    built_in = {field.slug for field in rtype.fields}
    return built_in | set(CustomField.objects.filter(record_type=rtype.slug).values_list("slug", flat=True))


def free_value(label: str, taken: set[str]) -> str:
    """The permanent value of an option: `At risk` → `at-risk`."""
    return _numbered(_words(label, "-")[:LONGEST].rstrip("-") or "option", taken, "-")


def _words(text: str, joint: str) -> str:
    return re.sub(r"[^a-z0-9]+", joint, fold(text)).strip(joint)


def _numbered(stem: str, taken: set[str], joint: str) -> str:
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem[: LONGEST - 4]}{joint}{number}", number + 1
    return slug
