"""Addresses of the collaboration room."""

from django.urls import URLPattern

from rapport.engine.collaboration.views.paths import CALLS, FILES, PAGES, PINS

app_name = "collaboration"

urlpatterns: list[URLPattern] = []
urlpatterns += FILES + PAGES + PINS + CALLS
