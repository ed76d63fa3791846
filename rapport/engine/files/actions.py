"""Keeping a file.

with receive(upload, name=upload.name) as incoming, open_act(actor) as act:
    file = keep_file(act, incoming)
"""

from rapport.engine.events.act import Act
from rapport.engine.files.models import StoredFile
from rapport.engine.files.store import Incoming, keep


def keep_file(act: Act, incoming: Incoming) -> StoredFile:
    """Keep a file that has arrived. Its row and its content stay or go together."""
    keep(incoming)
    file = StoredFile(
        name=incoming.name, size=incoming.size, content_type=incoming.content_type, sha256=incoming.sha256
    )
    act.create(file)
    return file
