"""Answers questions about a plan: why, why not, what must give, what it would cost."""
