"""The life-cycle stages of people and the industries of companies that an instance starts with."""

from django.db import migrations
from django.utils import timezone

from rapport.engine.events.ids import uuid7

LISTS = {
    "people.stage": [
        ("subscriber", "Subscriber", ""),
        ("lead", "Lead", "info"),
        ("qualified", "Qualified", "accent"),
        ("customer", "Customer", "good"),
        ("at-risk", "At risk", "bad"),
        ("lost", "Lost", ""),
    ],
    "companies.industry": [
        (value, label, "")
        for value, label in (
            ("retail", "Retail"),
            ("wholesale", "Wholesale"),
            ("manufacturing", "Manufacturing"),
            ("software", "Software"),
            ("services", "Services"),
            ("health", "Health"),
            ("finance", "Finance"),
            ("education", "Education"),
            ("hospitality", "Hospitality and travel"),
            ("construction", "Construction"),
            ("transport", "Transport and logistics"),
            ("media", "Media and marketing"),
            ("public", "Public sector"),
            ("non-profit", "Non-profit"),
            ("other", "Other"),
        )
    ],
}


def seed(apps, schema_editor):
    now = timezone.now()
    choices = apps.get_model("records", "Choice")
    choices.objects.using(schema_editor.connection.alias).bulk_create(
        choices(
            id=uuid7(), list=name, value=value, label=label, colour=colour, position=position,
            created_at=now, changed_at=now,
        )
        for name, options in LISTS.items()
        for position, (value, label, colour) in enumerate(options)
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_people_and_companies"), ("records", "0001_definitions")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
