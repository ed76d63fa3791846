"""How far each reaction has read the journal, and the events that it could not digest."""

from django.db import models


class ReactionCursor(models.Model):
    """The position up to which one reaction has read; it commits together with the reaction's effects."""

    name = models.TextField(primary_key=True)
    era = models.IntegerField()
    xid = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "reaction_cursor"


class ParkedEvent(models.Model):
    """An event that made a reaction fail: tried again with growing pauses, then kept where people see it."""

    id = models.BigAutoField(primary_key=True)
    reaction = models.TextField()
    entry_id = models.BigIntegerField()
    error = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=1)
    next_try_at = models.DateTimeField(null=True)
    left_out_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "reaction_parked"
        constraints = [models.UniqueConstraint(fields=["reaction", "entry_id"], name="parked_once")]
        indexes = [models.Index(fields=["next_try_at"], name="parked_next_try")]
