"""Bulk: one deed upon many records, chosen one by one or by a filter; at once, or in the background with progress."""
