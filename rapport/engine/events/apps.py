"""What has happened: actors, acts, the journal, its seal, reactions and undo."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "rapport.engine.events"
    label = "events"

    def ready(self) -> None:
        """Load the `reactions.py` of every room, so that each process knows all reactions."""
        autodiscover_modules("events", "reactions")
        post_migrate.connect(_start_reactions, sender=self)


def _start_reactions(*, using: str, apps: Any = apps, **_more: Any) -> None:
    from rapport.engine.events.reactions import start_reactions

    if "reactioncursor" in apps.all_models["events"]:
        start_reactions(using)
