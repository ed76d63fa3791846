"""Teams and who is in them: what the gate knows of colleagues is kept in memory, so a change raises the stamp."""

import django.db.models.deletion
import rapport.engine.events.ids
from django.conf import settings
from django.db import migrations, models


TABLES = ("accounts_team", "accounts_teammember")


def trigger(table):
    return (
        f"CREATE TRIGGER {table}_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();"
    )


def untrigger(table):
    return f"DROP TRIGGER {table}_stamps ON {table};"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_names_are_stamped'),
        ('records', '0020_roles_and_shares'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(default='member', max_length=20, verbose_name='Role'),
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('created_by', models.UUIDField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('changed_by', models.UUIDField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_batch', models.UUIDField(editable=False, null=True)),
                ('name', models.CharField(max_length=100, verbose_name='Name')),
                ('name_fold', models.TextField(db_collation='C', editable=False)),
                ('purpose', models.CharField(blank=True, max_length=300, verbose_name='What it is for')),
                ('ends_on', models.DateField(null=True, verbose_name='Last day')),
                ('gatherer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('created_by', models.UUIDField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('changed_by', models.UUIDField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_batch', models.UUIDField(editable=False, null=True)),
                ('leads', models.BooleanField(default=False, verbose_name='Leads')),
                ('joined_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'membership of a team',
                'verbose_name_plural': 'memberships of teams',
            },
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('name_fold',), name='team_name_once'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('parent', None), _connector='OR'), name='team_for_a_time_has_no_parent'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('team', 'user'), name='in_a_team_once'),
        ),
        migrations.RunSQL("".join(map(trigger, TABLES)), "".join(map(untrigger, TABLES))),
    ]
