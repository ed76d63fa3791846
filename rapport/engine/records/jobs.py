"""The room's jobs, so that every process knows them."""

from rapport.engine.records.imports.jobs import clear_old_imports, work

__all__ = ["clear_old_imports", "work"]
