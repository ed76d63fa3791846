"""What Rapport runs on: embedded PostgreSQL, the supervisor of web and worker, dump and load."""

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "rapport.engine.runtime"
    label = "runtime"
