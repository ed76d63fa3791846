"""What users are called is kept in memory beside the definitions: a change raises their stamp."""

from django.db import migrations

STAMP = """
CREATE TRIGGER user_names_stamp AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF name, email ON accounts_user
FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users"), ("records", "0003_definitions_are_stamped")]
    operations = [migrations.RunSQL(STAMP, "DROP TRIGGER user_names_stamp ON accounts_user")]
