"""Who acts: a frozen value that every act carries, so that nothing has to be looked up from the air."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ADMIN = "admin"
MEMBER = "member"

Kind = Literal["user", "token", "flow", "import", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, a token, a flow, an import or the system itself; `on_behalf_of` is the user who stands behind it."""

    kind: Kind
    name: str
    id: UUID | None = None
    roles: frozenset[str] = frozenset()
    teams: frozenset[UUID] = frozenset()
    on_behalf_of: UUID | None = None
    # What a token may do ("read", "write"); empty for everybody else, who may do what their roles say.
    scopes: frozenset[str] = frozenset()

    @property
    def user_id(self) -> UUID | None:
        """The user who answers for what this actor does; None for the system."""
        return self.id if self.kind == "user" else self.on_behalf_of

    @property
    def is_admin(self) -> bool:
        return self.kind == "system" or ADMIN in self.roles


SYSTEM = Actor(kind="system", name="Rapport")
