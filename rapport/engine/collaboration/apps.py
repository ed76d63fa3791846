"""How people work together: conversations and comments about any record."""

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "rapport.engine.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        """Declare the record types, and give comments their place on every record's page."""
        from rapport.engine.collaboration import (
            record_types,  # noqa: F401  declares them
            record_types_of_workspaces,  # noqa: F401  as above
        )
