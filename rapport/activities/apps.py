"""What we plan and note: tasks and notes."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "rapport.activities"
    label = "activities"

    def ready(self) -> None:
        """Declare the record types, and give notes and tasks their place on every record's page."""
        from rapport.activities.notes import compose_note, tell_notes
        from rapport.activities.record_types import NoteType
        from rapport.engine.web.composers import COMPOSERS
        from rapport.engine.web.views.telling import TELLERS

        COMPOSERS.insert(0, compose_note)
        TELLERS[f"created:{NoteType.journal_type}"] = tell_notes
        furnish_tasks()


def furnish_tasks() -> None:
    """A panel on every record's page, words on its timeline, and what comments are assigned by."""
    from rapport.activities.record_types import TaskType
    from rapport.activities.task_actions import assign_comment
    from rapport.activities.tasks import WORDS, tasks_of_comments, tasks_panel, tell_tasks
    from rapport.engine.collaboration.assigning import register_assigner
    from rapport.engine.records.registry import PANELS_OF_ALL
    from rapport.engine.web.views.telling import TELLERS

    PANELS_OF_ALL.append(tasks_panel)
    TELLERS.update({f"{kind}:{TaskType.journal_type}": tell_tasks for kind in WORDS})
    register_assigner(assign_comment, tasks_of_comments)
