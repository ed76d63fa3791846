"""What we keep: record types, fields, filters, the gate, actions, search, tags and timeline."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "rapport.engine.records"
    label = "records"
