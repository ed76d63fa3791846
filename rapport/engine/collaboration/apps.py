"""How people work together: conversations and comments about any record."""

from importlib import import_module

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "rapport.engine.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        """Declare the record types, and give comments their place on every record's page."""
        import_module("rapport.engine.collaboration.record_types")
        import_module("rapport.engine.collaboration.telling")
        import_module("rapport.engine.collaboration.views.heads")
        import_module("rapport.engine.collaboration.views.api_follow")
        import_module("rapport.engine.collaboration.muting")
        import_module("rapport.engine.collaboration.notices.words")
        import_module("rapport.engine.collaboration.reactions")
