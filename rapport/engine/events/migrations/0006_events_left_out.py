"""An event that somebody leaves out stays where it can be tried again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0005_timelines_with_values")]
    operations = [migrations.AddField("parkedevent", "left_out_at", models.DateTimeField(null=True))]
