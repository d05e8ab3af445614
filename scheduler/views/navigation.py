"""What stands in the head of every page: the ways open to this account, its name, and where one is."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from scheduler.queries.people import STAFF
from scheduler.scope import Scope
from scheduler.security import Access, current_account, current_scope
from scheduler.text import N_

MAIN_PAGES = (
    ("home.show", N_("Today")),
    ("my_week.show", N_("My week")),
    ("rosters.index", N_("Rosters")),
    ("leave.index", N_("Leave")),
    ("clinicians.index", N_("Clinicians")),
    ("sites.index", N_("Sites")),
    ("agreements.index", N_("Agreements")),
    ("rules.index", N_("Rules")),
    ("calendars.show", N_("My calendar")),
)
"""Endpoints in the order of the navigation, and what they are called there."""
FOR_CLINICIANS = ("my_week.show",)
"""Ways that only who is a clinician needs."""
FOR_READERS = ("calendars.show",)
"""Ways that only who is a clinician or works in an office needs."""
FOR_STAFF = ("agreements.index", "rules.index")
"""Ways that would only fill the screen of a clinician's phone; open to clinicians all the same."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A way to a page; ``is_current`` marks the area one is in, ``is_exact`` the page itself."""

    title: str
    url: str
    is_current: bool
    is_exact: bool


def page_context() -> dict[str, Any]:
    """Give templates what the frame of the page needs."""
    is_known = bool(current_user.is_authenticated)
    return {
        "nav_items": _items(current_scope()) if is_known else [],
        "account_name": current_account().name if is_known else "",
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "language_names": get_locale().languages,
        "language_url": url_for("sign_in.choose_language"),
        "sign_out_url": url_for("sign_in.sign_out"),
    }


def _items(scope: Scope) -> list[NavItem]:
    area = (request.endpoint or "").partition(".")[0]
    return [
        NavItem(
            title=_(title),
            url=url_for(endpoint),
            is_current=area == endpoint.partition(".")[0] or (area == "solve_runs" and endpoint == "rosters.index"),
            is_exact=request.endpoint == endpoint,
        )
        for endpoint, title in MAIN_PAGES
        if _is_open(endpoint, scope)
    ]


def _is_open(endpoint: str, scope: Scope) -> bool:
    if endpoint in FOR_CLINICIANS and scope.clinician_id is None:
        return False
    if endpoint in FOR_READERS and scope.clinician_id is None and not scope.has_role(*STAFF):
        return False
    if endpoint in FOR_STAFF and not scope.has_role(*STAFF):
        return False
    mark: Access | None = getattr(current_app.view_functions.get(endpoint), "access", None)
    return mark is not None and mark.admits(scope)
