"""A file that has arrived with a form which has to be asked about once more: it waits, so that nobody sends it again.

Its content lies in the store without a row; the sweep clears it away if the form never comes back.
"""

from django.core import signing
from django.db import transaction

from rapport.engine.events.actor import Actor
from rapport.engine.files.store import Incoming, keep, path_of

SALT = "rapport.files.aside"
LASTS = 12 * 3600  # seconds; the sweep leaves contents alone for twice as long


def set_aside(incoming: Incoming, actor: Actor) -> str:
    """Put a content into the store. Returns a token by which the same actor takes the file up again."""
    with transaction.atomic():
        keep(incoming)
    said = {"name": incoming.name, "size": incoming.size, "sha256": incoming.sha256, "type": incoming.content_type}
    return signing.dumps(said | {"user": str(actor.user_id)}, salt=SALT)


def taken_up(token: str, actor: Actor) -> Incoming | None:
    """The file that a token stands for; None for one that is forged, somebody else's or too old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    place = path_of(said["sha256"])
    if said["user"] != str(actor.user_id) or not place.exists():
        return None
    return Incoming(place, said["name"], said["size"], said["sha256"], said["type"])
