"""Export: any list with its filter, streamed, as CSV, XLSX or vCard, that import reads back."""

from rapport.engine.records.exports.export import FORMATS, Export, export, formats_of

__all__ = ["FORMATS", "Export", "export", "formats_of"]
