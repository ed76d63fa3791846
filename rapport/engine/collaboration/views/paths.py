"""Addresses of what stands on records and in workspaces."""

from django.urls import URLPattern, path

from rapport.engine.collaboration.views import files

FILES: list[URLPattern] = [
    path("<slug:slug>/<uuid:key>/files", files.files_page, name="files"),
    path("attachments/<uuid:key>/rename", files.rename, name="rename-file"),
    path("attachments/<uuid:key>/delete", files.delete, name="delete-file"),
]
