"""Marks texts for translation where no request is at hand."""

from solver.text import N_, Message, say

__all__ = ["N_", "Message", "say"]
