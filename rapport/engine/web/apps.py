"""How people see it: shell, screens, components, style and script."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "rapport.engine.web"
    label = "web"
