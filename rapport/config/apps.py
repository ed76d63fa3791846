"""The roof: settings, addresses and navigation. Only this room knows every other."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "rapport.config"
    label = "config"

    def ready(self) -> None:
        """Tie the rooms together: what the worker does all the time, and what the side bar shows."""
        from rapport.config import bulk, imports, navigation, restoring, undoing, worker

        worker.add_loops()
        navigation.add_links()
        bulk.tell_by_the_bell()
        imports.tell_by_the_bell()
        undoing.tell_by_the_bell()
        restoring.add_hooks()
