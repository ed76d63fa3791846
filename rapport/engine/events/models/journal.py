"""The journal: one append-only row for every change and every fact, its subjects, payloads and seals.

The tables are partitioned by month and made by SQL in the first migration.
"""

from typing import Any

from django.db import models

from rapport.engine.events.models.lean import LeanRow


class JournalEntry(LeanRow):
    """One change or fact. `kind` is created, changed, deleted, restored, or the dotted name of a fact."""

    id = models.BigIntegerField(primary_key=True)
    era = models.IntegerField()
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    user_id = models.UUIDField(null=True)
    kind = models.TextField()
    about_type = models.TextField()
    about_id = models.UUIDField(null=True)
    batch = models.UUIDField()
    reason = models.TextField()
    digest = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "journal"

    @property
    def before(self) -> dict[str, Any]:
        """Columns before the change; empty when there is nothing to say or it was erased."""
        return self._said("before")

    @property
    def after(self) -> dict[str, Any]:
        return self._said("after")

    @property
    def data(self) -> dict[str, Any]:
        """What a fact says beyond what it is about."""
        return self._said("data")

    @property
    def is_erased(self) -> bool:
        return self.digest is not None and getattr(self, "payload", None) is None

    def _said(self, side: str) -> dict[str, Any]:
        return getattr(getattr(self, "payload", None), side, None) or {}


class JournalSubject(models.Model):
    """Another record that an entry is about, in a role: the company of a person, the parent of a child."""

    pk = models.CompositePrimaryKey("subject_id", "entry_id", "role", "at")
    entry = models.ForeignKey(JournalEntry, models.DO_NOTHING, db_constraint=False, related_name="subjects")
    at = models.DateTimeField()
    type = models.TextField()
    subject_id = models.UUIDField()
    role = models.TextField()

    class Meta:
        managed = False
        db_table = "journal_subject"


class JournalPayload(models.Model):
    """The values of an entry, apart from it and salted, so that they can be erased while the entry stays provable."""

    entry = models.OneToOneField(
        JournalEntry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="payload"
    )
    at = models.DateTimeField()
    salt = models.BinaryField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    data = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "journal_payload"


class JournalSeal(models.Model):
    """A block of closed entries, in order of their positions, bound to the block before it.

    `form` says how it was hashed: 1 without the subjects of its entries, 2 with them.
    """

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField()
    first_era = models.IntegerField()
    first_xid = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_era = models.IntegerField()
    last_xid = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.IntegerField()
    form = models.SmallIntegerField(default=1)
    root = models.BinaryField()
    previous = models.BinaryField()
    head = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_seal"
