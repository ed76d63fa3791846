"""Tables of the collaboration room."""

from rapport.engine.collaboration.models.comment import Comment
from rapport.engine.collaboration.models.conversation import Conversation

__all__ = ["Comment", "Conversation"]
