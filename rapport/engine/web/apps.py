"""How people see it: shell, screens, components, style and script."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "rapport.engine.web"
    label = "web"

    def ready(self) -> None:
        """Let the timeline tell of shares."""
        import_module("rapport.engine.web.views.telling_shares")
