"""Ids of strangers in the fields of a form change nothing."""

import sqlite3

import pytest

from scheduler.models import Seat
from tests.factories import WEEK
from tests.page_client import Page, PageClient, text_of

EBB_AND_FLOW = ("sign_in",)
"""Tables that requests may write whatever comes of them."""


def own_session(world):
    return f"/rosters/{world.ours.roster}/versions/2/sessions/{world.ours.session}"


def own_gap(world):
    return f"/rosters/{world.ours.roster}/versions/2/sessions/{world.ours.gap}"


FORMS = {
    "leave of a stranger": lambda w: (
        "/leave",
        {"clinician_id": w.theirs.visitor, "kind": "annual", "first_on": "2027-01-04", "last_on": "2027-01-05"},
    ),
    "leave of a partner's clinician": lambda w: (
        "/leave",
        {"clinician_id": w.ours.host_clinician, "kind": "annual", "first_on": "2027-01-04", "last_on": "2027-01-05"},
    ),
    "a roster of a stranger's site": lambda w: (
        "/rosters",
        {"title": "Mine", "first_on": "2027-01-04", "weeks": 1, "site_ids": [w.ours.home_site, w.theirs.host_site]},
    ),
    "a stranger's room": lambda w: (
        f"{own_session(w)}/move",
        {"revision": 1, "place": f"{WEEK.isoformat()}|morning|{w.theirs.room}"},
    ),
    "a stranger in the seat": lambda w: (
        f"{own_session(w)}/assign",
        {"revision": 1, "seat_id": w.ours.seat, "clinician_id": w.theirs.visitor},
    ),
    "a stranger's seat": lambda w: (
        f"{own_session(w)}/assign",
        {"revision": 1, "seat_id": w.theirs.seat, "clinician_id": w.ours.visitor},
    ),
    "a stranger in the gap": lambda w: (
        f"{own_gap(w)}/place",
        {"revision": 1, "place": "2026-11-24|morning|", f"seat-{w.gap_seat}": w.theirs.visitor},
    ),
    "a stranger's seat in the gap": lambda w: (
        f"{own_gap(w)}/place",
        {"revision": 1, "place": "2026-11-24|morning|", f"seat-{w.theirs.seat}": w.ours.visitor},
    ),
    "a pin on a stranger's seat": lambda w: (f"{own_session(w)}/pin", {"revision": 1, "seat_id": w.theirs.seat}),
    "a stranger's key": lambda w: (
        f"/rosters/{w.ours.roster}/versions/2/approve",
        {"revision": 1, "organisation_id": w.theirs.home},
    ),
    "the partner's key": lambda w: (
        f"/rosters/{w.ours.roster}/versions/2/approve",
        {"revision": 1, "organisation_id": w.ours.host},
    ),
    "a stranger's version to start from": lambda w: (
        f"/rosters/{w.ours.roster}/solve",
        {"base": w.theirs.draft, "seconds": 5},
    ),
    "a stranger's site as a calendar": lambda w: (
        "/my-calendar/create",
        {"feed": "site", "subject": w.theirs.home_site, "through": w.ours.home, "label": "", "language": "en"},
    ),
    "a calendar through a stranger's organisation": lambda w: (
        "/my-calendar/create",
        {"feed": "specialty", "subject": 1, "through": w.theirs.home, "label": "", "language": "en"},
    ),
    "a stranger's calendar": lambda w: (
        "/my-calendar/create",
        {"feed": "clinician", "subject": w.theirs.visitor, "label": "", "language": "en"},
    ),
}


OWN = {
    "leave of the own clinician": lambda w: (
        "/leave",
        {"clinician_id": w.ours.visitor, "kind": "annual", "first_on": "2027-01-04", "last_on": "2027-01-05"},
    ),
    "a roster of the own site": lambda w: (
        "/rosters",
        {"title": "Mine", "first_on": "2027-01-04", "weeks": 1, "site_ids": [w.ours.home_site]},
    ),
    "a room of the partner": lambda w: (
        f"{own_session(w)}/move",
        {"revision": 1, "place": f"{WEEK.isoformat()}|morning|{w.ours.room}"},
    ),
    "the own clinician in the gap": lambda w: (
        f"{own_gap(w)}/place",
        {"revision": 1, "place": f"2026-11-24|morning|{w.ours.room}", f"seat-{w.gap_seat}": w.ours.visitor},
    ),
    "a pin on an own seat": lambda w: (f"{own_session(w)}/pin", {"revision": 1, "seat_id": w.ours.seat}),
    "a calendar of one's own clinician": lambda w: (
        "/my-calendar/create",
        {"feed": "clinician", "subject": w.ours.visitor, "label": "", "language": "en"},
    ),
}


@pytest.mark.parametrize("form", OWN)
def test_the_same_form_with_own_ids_is_accepted(app, world, db_session, form):
    """Else the next test would say nothing."""
    world.gap_seat = db_session.query(Seat).filter_by(session_id=world.ours.gap).one().id
    client = PageClient(app).sign_in("coordinator.mons")
    path, data = OWN[form](world)

    response = client.client.post(path, data={"csrf_token": client.token(), **data})

    assert response.status_code in (200, 303), text_of(Page(response).tree)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_ids_of_strangers_is_refused_and_changes_nothing(app, world, db_session, form, config):
    world.gap_seat = db_session.query(Seat).filter_by(session_id=world.ours.gap).one().id
    client = PageClient(app).sign_in("coordinator.mons")
    path, data = FORMS[form](world)
    before = content_of(config)

    response = client.client.post(path, data={"csrf_token": client.token(), **data})

    assert 400 <= response.status_code < 500, response.status_code
    assert response.status_code != 400
    assert content_of(config) == before


def content_of(config):
    """All rows of the database, as statements."""
    with sqlite3.connect(config.instance_dir / "passerelle.sqlite") as connection:
        lines = list(connection.iterdump())
    connection.close()
    return [line for line in lines if not line.startswith(tuple(f'INSERT INTO "{table}"' for table in EBB_AND_FLOW))]
