"""The words of all names, among which misspelt ones are looked up."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0011_things")]
    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("word", models.TextField(db_collation="C")),
            ],
            options={
                "db_table": "search_word",
                "indexes": [
                    models.Index(fields=["word"], name="search_word_known"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("word", "gin_trgm_ops"),
                        gin_pending_list_limit=256,
                        name="search_word_alike",
                    ),
                ],
            },
        ),
    ]
