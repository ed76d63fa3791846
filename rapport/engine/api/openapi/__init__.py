"""The OpenAPI description, made from the record types as they are now."""

from rapport.engine.api.openapi.document import document

__all__ = ["document"]
