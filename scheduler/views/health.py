"""Tells a supervisor whether the app can work."""

from flask import Blueprint, Response, make_response

from scheduler.queries.health import is_ready
from scheduler.security import PUBLIC, access

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@access(PUBLIC)
def show() -> Response:
    """Answer 200 when the database answers and is migrated, else 503."""
    ready = is_ready()
    response = make_response("ok\n" if ready else "not ready\n", 200 if ready else 503)
    response.mimetype = "text/plain"
    return response
