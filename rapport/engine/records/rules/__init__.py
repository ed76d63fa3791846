"""Rules that make a field visible, required or read-only while a filter over the record itself holds."""
