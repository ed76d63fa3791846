"""Addresses of the activities room."""

from django.urls import path

from rapport.activities import views

app_name = "activities"

urlpatterns = [
    path("<slug:slug>/<uuid:key>/notes", views.write_note, name="write-note"),
    path("notes/<uuid:key>/delete", views.delete_note, name="delete-note"),
]
