"""What is kept as files: a content-addressed store."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "rapport.engine.files"
    label = "files"
