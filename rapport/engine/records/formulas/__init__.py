"""Formulas: a small language of values over the fields of a record and of those related to it."""
