"""The first cards of each lane of a board are found along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models



class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0004_lookups_stay_short")]
    operations = [
        AddIndexConcurrently(
            "person", models.Index(fields=["stage", "created_at", "id"], name="person_in_lanes")
        ),
        AddIndexConcurrently(
            "company", models.Index(fields=["industry", "created_at", "id"], name="company_in_lanes")
        ),
    ]
