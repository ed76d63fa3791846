"""A conversation between colleagues: two of them, several, or a whole team."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record


class Conversation(Record):
    """`members` are the ids of users and teams; nobody else sees it, whatever their role.

    `key` makes that there is one conversation of the same members; one that was given a name stands beside it.
    """

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold", "key"})
    journal_by_entry: ClassVar[frozenset[str]] = frozenset({"members"})

    name = models.CharField(max_length=200, blank=True)
    name_fold = models.TextField(db_collation="C", editable=False)
    members = ArrayField(models.UUIDField())
    key = models.TextField(null=True, editable=False)

    class Meta:
        db_table = "conversation"
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            GinIndex(fields=["members"], name="conversation_members"),
            models.Index(fields=["name_fold", "id"], name="conversation_by_name"),
            models.Index(fields=["created_at", "id"], name="conversation_by_creation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(deleted_at=None), name="conversation_once_of_members"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name, the key follows the members where there is no name."""
        self.name_fold = fold_key(self.name)
        self.key = None if self.name else key_of(self.members)


def key_of(members: Iterable[UUID]) -> str:
    """What is the same for the same members."""
    return ",".join(sorted(str(one) for one in members))
