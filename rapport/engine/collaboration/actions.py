"""Verbs of working together: to say something about a record, to begin a conversation, to leave one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.engine.collaboration.mentions import Ref, holders_in, kept, without
from rapport.engine.collaboration.models import Comment, Conversation
from rapport.engine.collaboration.models.conversation import key_of
from rapport.engine.collaboration.seeing import who_does_not_see
from rapport.engine.events.act import Act
from rapport.engine.events.turns import take_turns
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.gate import visible
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.sharing import HOLDERS, holder_names, share_record
from rapport.engine.records.values import parse


class Unseen(Exception):
    """Somebody is mentioned who cannot see what is spoken of. `holders` are the users and teams, `names` theirs."""

    def __init__(self, holders: Sequence[UUID], names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.holders, self.names = list(holders), list(names)


@dataclass(frozen=True)
class Saying:
    """What is said: the text as typed, the records that stand in it, and the comment that it answers.

    `lets_see`: of those mentioned who do not see the record. True shares it with them, False leaves only their names in
    the text, None asks.
    """

    text: str
    refs: Sequence[Ref] = ()
    thread: str = ""
    lets_see: bool | None = None


def say_about(act: Act, rtype: RecordType, record: Any, said: Saying) -> Comment:
    """Say something about a record, or in a conversation.

    Raises Unseen where somebody mentioned does not see the record and nothing is decided; ValidationFailed; NotAllowed.
    """
    text = kept(said.text, said.refs)
    if unseen := who_does_not_see(rtype, record, holders_in(text)):
        names = holder_names()
        if said.lets_see is None:
            raise Unseen(unseen, [names[one] for one in unseen if one in names])
        if said.lets_see:
            _let_see(act, rtype, record, unseen)
        else:
            text = without(text, {one: names.get(one, "") for one in unseen})
    values: dict[str, Any] = {"text": text, "about_type": rtype.slug, "about_id": str(record.pk)}
    if said.thread:
        values["thread"] = said.thread
    made: Comment = create_record(act, record_type("comments"), values)
    return made


def begin_conversation(act: Act, members: Sequence[str], *, name: str = "") -> Conversation:
    """The conversation of these members, the actor among them: the one that is there, else a new one."""
    rtype = record_type("conversations")
    given = parse(rtype, {"members": [*members, "me"]}, reading_for(act.actor), is_new=False)
    # Whoever begins the same one at the same time finds it here.
    take_turns(f"conversation {key_of(given['members'])}")
    found: Conversation | None = visible(act.actor, rtype).filter(key=key_of(given["members"])).first()
    if found is not None and not name:
        return found
    made: Conversation = create_record(act, rtype, {"name": name, "members": given["members"]})
    return made


def leave_conversation(act: Act, conversation: Conversation) -> None:
    """Be a member no more. Raises NotAllowed for who is one through a team, or the last."""
    rest = [str(one) for one in conversation.members if one != act.actor.user_id]
    if not conversation.name:
        # Without a name it would become the conversation of those who stay, which there may be already.
        names = holder_names()
        title = ", ".join(names[one] for one in conversation.members if one in names)[:200]
        change_record(act, record_type("conversations"), conversation, {"name": title})
    change_record(act, record_type("conversations"), conversation, {"members": rest})


def _let_see(act: Act, rtype: RecordType, record: Any, holders: Sequence[UUID]) -> None:
    if rtype.members:
        members = [str(one) for one in (*getattr(record, rtype.members), *holders)]
        change_record(act, rtype, record, {rtype.members: members})
        return
    teams = HOLDERS["team"].names()
    for holder in holders:
        kind = "team" if holder in teams else "user"
        share_record(act, rtype, record, {"holder": str(holder), "kind": kind, "level": "read"})
    record.refresh_from_db()
