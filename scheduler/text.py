"""Marks texts for translation where no request is at hand."""

from solver.text import Message, N_, say

__all__ = ["Message", "N_", "say"]
