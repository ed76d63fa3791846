"""Reading files: each kind as rows of texts, one at a time, whatever their size."""
