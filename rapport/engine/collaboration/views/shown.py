"""What templates of this room are given: threads with their deeds, and the place to write."""

from typing import Any
from uuid import UUID

from rapport.engine.collaboration.assigning import can_assign
from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.threads import stretch
from rapport.engine.collaboration.wording import as_typed
from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import RecordType
from rapport.engine.records.showing import record_url
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.once import form_key


def talk(
    actor: Actor, rtype: RecordType, row: Any, before: UUID | None = None, since: UUID | None = None
) -> dict[str, Any]:
    """The threads about a record, where they go on and are read again, and where one writes."""
    found = stretch(actor, rtype, row.pk, before=before, since=since)
    here = of_record("collaboration:talk", rtype.slug, row.pk)
    return {
        "talk": {
            "threads": found.threads,
            "earlier_url": f"{here}?before={found.before}" if found.before else None,
            "is_earlier": before is not None,
            # All since the first one that is shown, so that none between goes when others come.
            "again_url": f"{here}?from={found.threads[0].comment.pk}" if found.threads else here,
            # Where whoever did something to one of them goes back to.
            "home": record_url(rtype, row.pk) + ("" if rtype.slug == "conversations" else "?kind=comments"),
            # Above the place to write, where that stands above; below it in conversations.
            "newest_first": rtype.slug != "conversations",
            "assigns": can_assign() and actor.onlooker is None and row.may_change and not row.is_deleted,
            "live": f"{rtype.slug}/{row.pk}",
            "write": None if row.is_deleted or actor.onlooker else writing(actor, rtype, row),
        }
    }


def offers_url() -> str:
    """Where whoever writes is offered whom and what to mention."""
    return address("collaboration:offers")


def writing(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any]:
    """Where a comment about a record is sent to, and what offers mentions meanwhile."""
    return {
        "url": of_record("collaboration:write-comment", rtype.slug, row.pk),
        "offers_url": offers_url(),
        "draft_key": f"comment:{row.pk}",
        "form_key": form_key(actor),
    }


def typed_context(actor: Actor, comment: Comment) -> dict[str, Any]:
    """A comment as it is edited."""
    text, refs = as_typed(actor, comment.text)
    return {
        "text": text,
        "refs": [f"{ref.slug}/{ref.key} {ref.title}" for ref in refs],
        "offers_url": offers_url(),
        "action": address("collaboration:edit-comment", comment.pk),
    }
