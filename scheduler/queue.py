"""Hands solve-run ids to the task queue."""

from apiflask import APIFlask


def init_app(app: APIFlask) -> None:
    """Connect the app to its queue."""
