"""How records appear by the will of administrators: rules for fields, and the layout of the record page."""

from django.db import models

from rapport.engine.events.models import Journaled


class FieldRule(Journaled):
    """A field is visible, required or read-only while a filter over the record itself holds; `condition` is its text.

    `field` is a slug, of a built-in field or a custom one. A rule whose field or condition no longer stands is off.
    """

    class Kind(models.TextChoices):
        """What a rule makes of its field while the condition holds."""

        VISIBLE = "visible"
        REQUIRED = "required"
        READONLY = "readonly"

    record_type = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    condition = models.TextField()

    class Meta:
        db_table = "field_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "field", "kind"],
                condition=models.Q(deleted_at=None),
                name="field_rule_once",
            )
        ]


class PageLayout(Journaled):
    """The panels of a record page as one role sees them: a list of `{"name", "side", "shown"}` in their order."""

    record_type = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    panels = models.JSONField(default=list)

    class Meta:
        db_table = "page_layout"
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "role"], condition=models.Q(deleted_at=None), name="page_layout_once"
            )
        ]
