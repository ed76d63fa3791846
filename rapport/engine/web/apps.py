"""How people see it: shell, screens, components, style and script."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "rapport.engine.web"
    label = "web"

    def ready(self) -> None:
        """Give every record page the panels that it has, whatever its type."""
        import_module("rapport.engine.web.quality")
