"""What is told of changes in records: to their followers, and to whom they are given."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from rapport.engine.accounts.notifications import Notice
from rapport.engine.collaboration.hearing import who_sees
from rapport.engine.collaboration.models import Follow
from rapport.engine.events.ids import read_id
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.registry import RecordType

MANY = 5  # changes of one batch; beyond, they are told of as one
TOGETHER = 600  # seconds; what one person changes in one record within them is told once

Told = Sequence[tuple[JournalEntry, RecordType]]


def changed_much(entries: Sequence[JournalEntry]) -> set[UUID]:
    """The batches that changed many records: bulk edits, imports, merges."""
    counted = Counter(entry.batch for entry in entries)
    return {batch for batch, number in counted.items() if number > MANY}


def notices_of_change(entry: JournalEntry, rtype: RecordType, levels: Mapping[UUID, str]) -> Iterator[Notice]:
    """For each follower who wants to hear of it, but for who did it."""
    slugs = changed_fields(entry, rtype)
    if entry.kind == "changed" and not slugs:
        return
    is_important = entry.kind != "changed" or bool(important_fields(rtype) & set(slugs))
    wanted = {Follow.Level.ALL, Follow.Level.IMPORTANT} if is_important else {Follow.Level.ALL}
    users = {user for user, level in levels.items() if level in wanted} - {entry.user_id}
    part = int(entry.at.timestamp()) // TOGETHER
    for user in _seeing(entry, rtype, users):
        yield Notice(
            user_id=user,
            key=f"change {entry.about_id} {entry.user_id} {part} {entry.kind}",
            kind="change",
            record_type=rtype.slug,
            record_id=entry.about_id,
            who_id=entry.user_id,
            data={"who": entry.actor_name, "what": entry.kind, "fields": slugs},
            is_important=False,
        )


def notices_of_many(entry: JournalEntry, _rtype: RecordType, levels: Mapping[UUID, str]) -> Iterator[Notice]:
    """One for a whole batch, about none of its records: that many of those that one follows were changed."""
    for user, level in levels.items():
        if level != Follow.Level.MENTIONS and user != entry.user_id:
            data = {"who": entry.actor_name, "reason": entry.reason}
            yield Notice(
                user_id=user, key=f"changes {entry.batch}", kind="changes", data=data, who_id=entry.user_id,
                is_important=False,
            )  # fmt: skip


def assignments(told: Told, many: set[UUID]) -> Iterator[Notice]:
    """To whom records were given by somebody else; of many at once each new owner hears once."""
    for entry, rtype in told:
        owner = rtype.field("owner")
        if owner is None or entry.kind != "changed" or owner.column not in entry.after:
            continue
        given = read_id(entry.after.get(owner.column))
        if given is None or given == entry.user_id:
            continue
        data = {"who": entry.actor_name}
        if entry.batch in many:
            yield Notice(user_id=given, key=f"assigned {entry.batch}", kind="assigned", who_id=entry.user_id, data=data)
        elif given in _seeing(entry, rtype, {given}):
            yield Notice(
                user_id=given, key=f"assigned {entry.id}", kind="assigned", record_type=rtype.slug,
                record_id=entry.about_id, who_id=entry.user_id, data=data,
            )  # fmt: skip


def changed_fields(entry: JournalEntry, rtype: RecordType) -> list[str]:
    """The slugs of the fields that an entry changed, custom ones too."""
    before, after = entry.before, entry.after
    columns = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    was, became = before.get("custom") or {}, after.get("custom") or {}
    own = {slug for slug in was.keys() | became.keys() if was.get(slug) != became.get(slug)}
    return [one.slug for one in rtype.all_fields() if (one.slug in own if one.custom else one.column in columns)]


def important_fields(rtype: RecordType) -> frozenset[str]:
    """What a record is called, where it stands, and whose it is."""
    return frozenset({rtype.title, "owner", *rtype.chips})


def _seeing(entry: JournalEntry, rtype: RecordType, users: set[UUID]) -> set[UUID]:
    """Those of the users who may see the record of an entry, deleted as it may be."""
    record = rtype.rows().filter(pk=entry.about_id).first() if users else None
    return who_sees(rtype, record, users) if record is not None else set()
