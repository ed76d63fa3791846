"""The one filter language: text ↔ tree ↔ JSON ↔ form, bound to declared fields, compiled to the ORM."""
