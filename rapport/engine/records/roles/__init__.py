"""Roles as administrators make them: what each grants, whom a change affects, and what uses a field."""
