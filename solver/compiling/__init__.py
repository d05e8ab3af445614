"""Turns a problem and its rules into one linear model, piece by piece; ``solver.model`` puts it together."""
