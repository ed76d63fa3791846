"""Answers that are kept so that a request sent twice is done once."""

from django.db import models

from rapport.engine.events.ids import uuid7


class StoredAnswer(models.Model):
    """The answer to a write with an Idempotency-Key, by who sent it. `fingerprint` tells the request from others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "stored_answer"
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="stored_answer_once_for_a_key")]
        indexes = [models.Index(fields=["created_at"], name="stored_answer_by_age")]
