"""How people work together: conversations and comments about any record."""

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "rapport.engine.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        """Declare the record types, and give comments their place on every record's page."""
        from rapport.engine.collaboration import record_types  # noqa: F401  declares them

        furnish_workspaces()


def furnish_workspaces() -> None:
    """Declare workspaces and what is in them, and give files their place on every record's page."""
    from rapport.engine.collaboration import record_types_of_workspaces  # noqa: F401  declares them
    from rapport.engine.collaboration.attachments import give_files_a_place

    give_files_a_place()
