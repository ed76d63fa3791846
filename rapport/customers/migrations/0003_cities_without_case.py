"""A city is sorted and compared without regard to case, by one index."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0002_stages_and_industries")]
    operations = [
        AddIndexConcurrently("person", models.Index(Upper("city"), "id", name="person_in_city")),
        AddIndexConcurrently("company", models.Index(Upper("city"), "id", name="company_in_city")),
        RemoveIndexConcurrently("person", "person_by_city"),
        RemoveIndexConcurrently("company", "company_by_city"),
    ]
