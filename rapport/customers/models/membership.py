"""A person's role in a company, with dates: one person may be in several, and what was is kept."""

from django.db import models

from rapport.customers.models.company import Company
from rapport.customers.models.person import Person
from rapport.engine.records.models import Record


class Membership(Record):
    """One stretch of time of a person in a company. The primary one is where the person is first of all found."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships", db_index=False)
    title = models.CharField(max_length=1000, blank=True)
    role = models.CharField(max_length=60, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    primary = models.BooleanField(default=False)

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(primary=True, deleted_at=None), name="membership_one_primary"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(since=None) | models.Q(until__gte=models.F("since")),
                name="membership_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="membership_of_company"),
            models.Index(fields=["created_at", "id"], name="membership_by_creation"),
        ]
