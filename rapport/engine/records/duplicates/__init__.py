"""Records that seem to be one: found by a scan, kept up to date by the journal, shown before one more is made."""
