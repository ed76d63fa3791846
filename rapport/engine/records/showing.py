"""How a record is pointed at wherever it is named: its face and its address."""

from typing import Any
from uuid import UUID

from rapport.engine.records.registry import RecordType

HUES = 24


def face(title: str, key: UUID, *, square: bool = False) -> dict[str, Any]:
    """Initials on a colour that stays the same for a record."""
    words = [word for word in title.replace("-", " ").split() if word[0].isalnum()]
    letters = (words[0][0] + words[-1][0] if len(words) > 1 else title[:2]) if title else "?"
    return {"initials": letters.upper(), "hue": key.int % HUES, "square": square}


def record_url(rtype: RecordType, key: UUID) -> str:
    """The address of a record's page. It is part of what outlives everything: links in mails and bookmarks."""
    return f"/{rtype.slug}/{key}/"


def field_url(rtype: RecordType, key: UUID) -> str:
    """The address at which a custom field is described."""
    return f"/settings/fields/{rtype.slug}/{key}/"


def view_url(slug: str, key: UUID) -> str:
    """The address of a saved view of records of a type."""
    return f"/{slug}/views/{key}/"


def rule_url(rtype: RecordType, field: str, kind: str) -> str:
    """The address at which a rule for a field is made and changed."""
    return f"/settings/fields/{rtype.slug}/rules/{field}/{kind}"


def role_url(role: str) -> str:
    """The address at which a role is described."""
    return f"/settings/roles/{role}/"


def quality_rule_url(rtype: RecordType, key: UUID) -> str:
    """The address at which a quality rule is described."""
    return f"/settings/quality/{rtype.slug}/{key}/"
