"""Who acts: a frozen value that every act carries, so that nothing has to be looked up from the air."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ADMIN = "admin"
MEMBER = "member"

Kind = Literal["user", "token", "flow", "import", "system"]


@dataclass(frozen=True, slots=True)
class Circle:
    """The users around an actor: in its teams, in these and the teams below them, and those whom it leads."""

    team: frozenset[UUID] = frozenset()
    tree: frozenset[UUID] = frozenset()
    led: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, a token, a flow, an import or the system itself; `on_behalf_of` is the user who stands behind it."""

    kind: Kind
    name: str
    id: UUID | None = None
    roles: frozenset[str] = frozenset()
    # The teams that one is in, and those above them: what is shared with any of these is shared with the actor.
    teams: frozenset[UUID] = frozenset()
    circle: Circle = Circle()
    on_behalf_of: UUID | None = None
    # What a token may do ("read", "write"); empty for everybody else, who may do what their roles say.
    scopes: frozenset[str] = frozenset()
    # Who looks on through the eyes of this actor. Nothing is done in the name of somebody who is only looked through.
    onlooker: UUID | None = None

    @property
    def user_id(self) -> UUID | None:
        """The user who answers for what this actor does; None for the system."""
        return self.id if self.kind == "user" else self.on_behalf_of

    @property
    def is_admin(self) -> bool:
        return self.kind == "system" or ADMIN in self.roles


SYSTEM = Actor(kind="system", name="Rapport")
