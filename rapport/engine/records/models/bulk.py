"""Tables of bulk edits: what was asked for, the records it is about in slices, and those that refused."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from rapport.engine.events.ids import uuid7


class BulkRun(models.Model):
    """One deed upon many records: what is done to them, to which, and how far it has come."""

    class State(models.TextChoices):
        """Where a run stands. It looks for its records, then works; what is stopped can be gone on with."""

        LOOKING = "look"
        RUNNING = "run"
        STOPPED = "stopped"
        CANCELLED = "cancelled"
        DONE = "done"

    class Deed(models.TextChoices):
        """What is done."""

        EDIT = "edit"
        DELETE = "delete"
        RESTORE = "restore"
        CONFIRM = "confirm"

    id = models.UUIDField(primary_key=True, default=uuid7)
    record_type = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True)
    actor_name = models.TextField(default="")
    deed = models.CharField(max_length=10, choices=Deed.choices)
    where = models.TextField(default="")
    zone = models.CharField(max_length=60, default="UTC")
    changes = models.JSONField(default=list)
    back = models.TextField(default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKING)
    wish = models.CharField(max_length=10, default="")
    looked_to = models.UUIDField(null=True)
    is_found = models.BooleanField(default=False)
    total = models.BigIntegerField(default=0)
    slices = models.IntegerField(default=0)
    slices_done = models.IntegerField(default=0)
    done = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    batch = models.UUIDField(default=uuid7, unique=True)
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: "ClassVar[models.Manager[BulkRun]]" = models.Manager()

    class Meta:
        db_table = "bulk_run"
        indexes = [models.Index(fields=["user_id", "-id"], name="bulk_run_of_user")]

    def __str__(self) -> str:
        return f"{self.deed} {self.record_type}"

    @property
    def is_working(self) -> bool:
        """Whether it still changes records, or is about to."""
        return self.state in (self.State.LOOKING, self.State.RUNNING)

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.CANCELLED)


class BulkSlice(models.Model):
    """Some of the records of a run, as they were found before anything was changed; dropped when they are done."""

    pk = models.CompositePrimaryKey("run_id", "n")
    run_id = models.UUIDField()
    n = models.IntegerField()
    keys = ArrayField(models.UUIDField())

    objects: "ClassVar[models.Manager[BulkSlice]]" = models.Manager()

    class Meta:
        db_table = "bulk_slice"


class BulkRefusal(models.Model):
    """A record that stays as it was, with the reason."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.UUIDField()
    record = models.UUIDField()
    reason = models.TextField()

    objects: "ClassVar[models.Manager[BulkRefusal]]" = models.Manager()

    class Meta:
        db_table = "bulk_refusal"
        indexes = [models.Index(fields=["run_id", "id"], name="bulk_refusal_of_run")]
