"""The newest of what somebody owns, the list that is opened most, is found along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0005_lanes_of_a_board")]
    operations = [
        AddIndexConcurrently("person", models.Index(fields=["owner", "created_at", "id"], name="person_of_owner")),
        AddIndexConcurrently("company", models.Index(fields=["owner", "created_at", "id"], name="company_of_owner")),
    ]
