"""Finding which records of a table mean the same: by kinds of columns, not knowing what the table is about."""
