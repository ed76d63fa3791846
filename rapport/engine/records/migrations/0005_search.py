"""What search knows of each record. The reaction that fills it begins at the beginning of the journal."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

import rapport.engine.records.models.search


class Migration(migrations.Migration):
    dependencies = [("records", "0004_often_searched")]
    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_type", models.CharField(max_length=60)),
                ("parent_type", models.CharField(blank=True, max_length=60)),
                ("parent_id", models.UUIDField(null=True)),
                ("names", models.TextField(db_collation="C")),
                ("terms", rapport.engine.records.models.search.TermsField()),
                ("owner_id", models.UUIDField(null=True)),
                ("version", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "search_document",
                "indexes": [
                    models.Index(fields=["record_type", "names"], name="search_by_name"),
                    models.Index(
                        condition=models.Q(("owner_id__isnull", False)),
                        fields=["owner_id", "names"],
                        name="search_by_owner",
                    ),
                    GinIndex(fields=["terms"], name="search_terms", gin_pending_list_limit=256),
                    GinIndex(OpClass("names", "gin_trgm_ops"), name="search_names_alike", gin_pending_list_limit=256),
                ],
            },
        ),
    ]
