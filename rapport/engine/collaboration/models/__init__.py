"""Tables of the collaboration room."""

from rapport.engine.collaboration.models.attachment import Attachment
from rapport.engine.collaboration.models.call_rules import CallRules
from rapport.engine.collaboration.models.comment import Comment
from rapport.engine.collaboration.models.conversation import Conversation
from rapport.engine.collaboration.models.follow import Follow, Presence
from rapport.engine.collaboration.models.page import Page
from rapport.engine.collaboration.models.pin import Pin
from rapport.engine.collaboration.models.workspace import Workspace

__all__ = ["Attachment", "CallRules", "Comment", "Conversation", "Follow", "Page", "Pin", "Presence", "Workspace"]
