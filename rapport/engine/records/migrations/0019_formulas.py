"""Fields whose values follow from a formula."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0018_field_rules")]
    operations = [
        migrations.AddField("customfield", "formula", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("fieldindexes", "filled", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("fieldindexes", "filled_for", models.DateField(null=True)),
    ]
