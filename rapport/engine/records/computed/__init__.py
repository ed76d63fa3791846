"""Computed fields: values that follow from others, kept beside their records and brought up to date by the journal."""
