"""What inputs offer: users to choose from, the currency of the house."""

from typing import Any
from uuid import UUID

from rapport.engine.records.definitions import definitions
from rapport.engine.records.queries.labels import users_by_name
from rapport.engine.records.sharing import HOLDERS, holder_names

MOST_USERS = 500


def holder_options(value: Any) -> list[dict[str, Any]]:
    """Users and teams to choose several from; those that belong already stand among them, gone ones too."""
    chosen = {str(one) for one in value or ()} if not isinstance(value, str) else set()
    every = {str(key): name for kind in HOLDERS.values() for key, name in kind.names().items()}
    gone = {str(key): name for key, name in holder_names().items() if str(key) in chosen}
    return [{"id": key, "title": name, "on": key in chosen} for key, name in {**every, **gone}.items()]


def user_options(value: Any) -> list[dict[str, Any]]:
    """The users of this instance by name, the chosen one marked."""
    chosen = str(value["id"] if isinstance(value, dict) else value or "")
    return [_option(label.id, label.title, chosen) for label in users_by_name(MOST_USERS)]


def house_currency() -> str:
    """What amounts without a currency are in."""
    return definitions().organisation.currency


def _option(key: UUID, title: str, chosen: str) -> dict[str, Any]:
    return {"id": key, "title": title, "on": str(key) == chosen}
