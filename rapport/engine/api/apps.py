"""How programs see it: REST over record types and actions."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "rapport.engine.api"
    label = "api"
