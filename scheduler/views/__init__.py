"""The pages, one file per area, in the order of the navigation."""

from apiflask import APIFlask

from scheduler.security import refuse_unmarked
from scheduler.views import (
    agreements,
    calendars,
    clinicians,
    downloads,
    duties,
    feeds,
    health,
    home,
    leave,
    my_week,
    questions,
    rosters,
    rules,
    sign_in,
    sites,
    solve_runs,
)

VIEWS = (
    home.blueprint,
    my_week.blueprint,
    rosters.blueprint,
    solve_runs.blueprint,
    questions.blueprint,
    leave.blueprint,
    clinicians.blueprint,
    sites.blueprint,
    agreements.blueprint,
    rules.blueprint,
    sign_in.blueprint,
    calendars.blueprint,
    duties.blueprint,
    downloads.blueprint,
    health.blueprint,
)
"""All blueprints."""


def init_app(app: APIFlask) -> None:
    """Register all pages; refuse to start if one does not say who may see it."""
    for blueprint in VIEWS:
        app.register_blueprint(blueprint)
    refuse_unmarked(app)
    feeds.init_app(app)
