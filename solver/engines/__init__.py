"""Engines for linear models, each in a process of its own: they cannot be imported together."""
