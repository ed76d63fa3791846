"""Addresses of what stands on records and in workspaces."""

from django.urls import URLPattern, path

from rapport.engine.collaboration.views import calls, files, pages, pins

FILES: list[URLPattern] = [
    path("<slug:slug>/<uuid:key>/files", files.files_page, name="files"),
    path("attachments/<uuid:key>/rename", files.rename, name="rename-file"),
    path("attachments/<uuid:key>/delete", files.delete, name="delete-file"),
]

PAGES: list[URLPattern] = [
    path("workspaces/<uuid:key>/pages/new", pages.new_page, name="new-page"),
    path("workspaces/<uuid:space>/pages/<uuid:key>", pages.page, name="page"),
    path("workspaces/<uuid:space>/pages/<uuid:key>/history", pages.history, name="page-history"),
    path("workspaces/<uuid:space>/pages/<uuid:key>/back", pages.bring_page_back, name="bring-page-back"),
    path("workspaces/<uuid:space>/pages/<uuid:key>/delete", pages.delete_page, name="delete-page"),
]

PINS: list[URLPattern] = [
    path("<slug:slug>/<uuid:key>/pin", pins.pin_record, name="pin"),
    path("<slug:slug>/views/<uuid:key>/pin", pins.pin_view, name="pin-view"),
    path("pins/<uuid:key>/<slug:deed>", pins.pin_deed, name="pin-deed"),
]

CALLS: list[URLPattern] = [
    path("settings/calls/", calls.call_rules, name="call-rules"),
    path("calls/<uuid:key>", calls.call, name="call"),
    path("<slug:slug>/<uuid:key>/call", calls.start_call, name="start-call"),
]
