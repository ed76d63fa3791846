"""Looking at Rapport as somebody else sees it: for administrators, noted in the journal, and only looking."""

from dataclasses import replace

from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.accounts.events import ViewedAs, ViewingEnded
from rapport.engine.accounts.models import User
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import read_id

KEY = "viewing_as"


def begin_viewing(act: Act, session: SessionBase, other: User) -> None:
    """See pages as another user does, until this ends. Raises NotAllowed."""
    if not act.actor.is_admin or act.actor.kind != "user":
        raise NotAllowed(_("Only administrators see pages as others do."))
    if other.pk == act.actor.id or not other.is_active:
        raise NotAllowed(_("Choose another user, who may sign in."))
    act.happened(ViewedAs(other.pk, act.actor.name))
    session[KEY] = str(other.pk)


def end_viewing(act: Act, session: SessionBase) -> None:
    """Be oneself again."""
    other = read_id(session.pop(KEY, None))
    if other is not None:
        act.happened(ViewingEnded(other, act.actor.name))


def seen_through(session: SessionBase, user: User) -> User | None:
    """The user as whom an administrator looks at pages; None for whoever is themselves.

    It ends, and is noted as ended, once the one is no administrator any more or the other may not sign in.
    """
    if KEY not in session:
        return None
    other = read_id(session[KEY]) if user.is_admin else None
    found = User.objects.active().filter(pk=other).exclude(pk=user.pk).first() if other else None
    if found is None:
        with open_act(user.actor) as act:
            end_viewing(act, session)
    return found


@receiver(user_logged_out)
def end_with_the_session(*, request: HttpRequest, user: object, **_more: object) -> None:
    """Whoever signs out looks no longer as somebody else."""
    if isinstance(user, User) and KEY in request.session:
        with open_act(user.actor) as act:
            end_viewing(act, request.session)


def onlooking(user: User, other: User) -> Actor:
    """The other as an actor that does nothing: every act refuses it."""
    return replace(other.actor, onlooker=user.pk)
