"""Reads of the database, one file per area; each takes a Scope and loads all that a page walks over."""
