"""Tables of the collaboration room."""

from rapport.engine.collaboration.models.comment import Comment
from rapport.engine.collaboration.models.conversation import Conversation
from rapport.engine.collaboration.models.follow import Follow, Presence

__all__ = ["Comment", "Conversation", "Follow", "Presence"]
