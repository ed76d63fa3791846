"""What we plan and note: notes, for now."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "rapport.activities"
    label = "activities"

    def ready(self) -> None:
        """Declare the record type, and give notes their place on every record's page."""
        from rapport.activities.notes import compose_note, tell_notes
        from rapport.activities.record_types import NoteType
        from rapport.engine.web.composers import COMPOSERS
        from rapport.engine.web.views.telling import TELLERS

        COMPOSERS.insert(0, compose_note)
        TELLERS[f"created:{NoteType.journal_type}"] = tell_notes
