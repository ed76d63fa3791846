"""Who is mentioned in a text."""

import re
from uuid import UUID

from django.contrib.auth import get_user_model

MENTION = re.compile(r"@([\w.+-]+@[\w-]+\.[\w.-]+)")


def mentioned(text: str) -> list[UUID]:
    """The users named in a note as @their@address."""
    addresses = {address.lower().rstrip(".") for address in MENTION.findall(text)}
    if not addresses:
        return []
    users = get_user_model()._default_manager.filter(email__in=addresses)
    return list(users.values_list("pk", flat=True))
