"""Who asks for an e-mail, a domain or a phone reads all that waits to be sorted into the index: nothing may, or little."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations

SORTED_AT_ONCE = (("person", "emails"), ("company", "domains"))
SORTED_SOON = (("person", "phones"), ("company", "phones"))


def shape(model, column, **options):
    name = f"{model}_{column}"
    words = ", ".join(f"{option} = {value}" for option, value in options.items())
    index = GinIndex(OpClass(column, "jsonb_path_ops"), name=name, **options)
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"ALTER INDEX {name} SET ({words}); SELECT gin_clean_pending_list('{name}')",
                f"ALTER INDEX {name} RESET ({', '.join(options)})",
            )
        ],
        [RemoveIndexConcurrently(model, name), AddIndexConcurrently(model, index)],
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_cities_without_case")]
    operations = [
        *(shape(model, column, fastupdate=False) for model, column in SORTED_AT_ONCE),
        *(shape(model, column, gin_pending_list_limit=64) for model, column in SORTED_SOON),
    ]
