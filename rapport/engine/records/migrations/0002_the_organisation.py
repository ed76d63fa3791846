"""The one organisation of this instance, and the stamp of its definitions."""

from uuid import UUID

from django.db import migrations
from django.utils import timezone


def seed(apps, schema_editor):
    now = timezone.now()
    alias = schema_editor.connection.alias
    organisation = apps.get_model("records", "Organisation").objects.using(alias)
    organisation.create(id=UUID(int=1), name="My company", created_at=now, changed_at=now)
    apps.get_model("records", "DefinitionStamp").objects.using(alias).create(id=1)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_definitions")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
