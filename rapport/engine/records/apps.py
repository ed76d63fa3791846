"""What we keep: record types, fields, filters, the gate, actions, search, tags and timeline."""

from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "rapport.engine.records"
    label = "records"

    def ready(self) -> None:
        """Let search and indexes follow the journal, and records say who may see files and what undo must wait for."""
        import_module("rapport.engine.records.bulk.undoing")
        import_module("rapport.engine.records.computed.following")
        import_module("rapport.engine.records.custom.reactions")
        import_module("rapport.engine.records.custom.usage")
        import_module("rapport.engine.records.duplicates.reactions")
        import_module("rapport.engine.records.duplicates.unlike")
        import_module("rapport.engine.records.filing")
        import_module("rapport.engine.records.hierarchies")
        import_module("rapport.engine.records.computed.usage")
        import_module("rapport.engine.records.merging.undoing")
        import_module("rapport.engine.records.quality.belonging")
        import_module("rapport.engine.records.quality.following")
        import_module("rapport.engine.records.quality.journal")
        import_module("rapport.engine.records.quality.usage")
        import_module("rapport.engine.records.roles.undoing")
        import_module("rapport.engine.records.roles.usage")
        import_module("rapport.engine.records.rules.usage")
        import_module("rapport.engine.records.saved.usage")
        import_module("rapport.engine.records.saved.belonging")
        import_module("rapport.engine.records.saved.undoing")
        import_module("rapport.engine.records.search.reactions")
        import_module("rapport.engine.records.sharing.journal")
        import_module("rapport.engine.records.sharing.undoing")
        import_module("rapport.engine.records.undoing")
