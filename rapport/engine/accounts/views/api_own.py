"""Whose own things a program asks for."""

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import User
from rapport.engine.accounts.queries import active_among
from rapport.engine.api.call import Call
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed


def user_behind(call: Call) -> User:
    """The user who asks, or whose token does: whoever looks on as somebody else is still themselves."""
    key = call.actor.onlooker or call.actor.user_id
    user = next(iter(active_among([key])), None) if key else None
    if user is None:
        raise NotAllowed(_("Only users have things of their own."))
    return user


def own_actor(call: Call, user: User) -> Actor:
    """As whom their own things are shown to them."""
    return user.actor if call.actor.onlooker else call.actor
