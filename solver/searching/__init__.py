"""Finds good plans and proves how good they are; ``solver.search`` decides what is done when."""
