"""Addresses of files; included under `files/`."""

from django.urls import path

from rapport.engine.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:file_id>", views.file, name="file"),
    path("contents/<str:token>", views.content, name="content"),
]
