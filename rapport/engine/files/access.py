"""Who may see a file, and the short-lived signed address under which it is then served without asking for cookies."""

from collections.abc import Callable
from uuid import UUID

from django.core import signing
from django.urls import reverse

from rapport.engine.events.actor import Actor
from rapport.engine.files.models import StoredFile

SALT = "rapport.files"
LASTS = 300  # seconds

Asked = Callable[[Actor, StoredFile], bool]
_asked: list[Asked] = []


def may_see_files(answer: Asked) -> Asked:
    """Register who answers whether an actor may see a file: the room whose records hold files."""
    _asked.append(answer)
    return answer


def may_see(actor: Actor, file: StoredFile) -> bool:
    """Whoever sent a file may see it; otherwise one of those asked must say so."""
    if file.is_deleted:
        return False
    is_own = actor.user_id is not None and file.created_by == actor.user_id
    return is_own or any(answer(actor, file) for answer in _asked)


def signed_url(file: StoredFile, *, inline: bool = False) -> str:
    """An address that serves the file for five minutes to whoever has it. Ask `may_see` before making one."""
    token = signing.dumps({"file": str(file.id), "inline": inline and file.is_picture}, salt=SALT)
    return reverse("files:content", args=[token])


def read_token(token: str) -> tuple[UUID, bool] | None:
    """File and whether it may be shown inline; None when the token is forged or too old."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return UUID(content["file"]), bool(content["inline"])
