"""Pages on which many records are edited, deleted or restored at once."""
