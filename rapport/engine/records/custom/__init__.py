"""Custom fields: what an administrator makes in the browser, and what the database builds for it."""
