"""A calendar program, and the published duties it fetches."""

import contextvars
from datetime import timedelta

import pytest

from scheduler import clock
from scheduler.extensions import commit, db
from scheduler.models import ClinicalSession, Clinician, PublishedDuty, RosterVersion, Seat
from scheduler.services import feeds
from tests import factories as make


class CalendarProgram:
    """Fetches feeds as a phone does: without cookies."""

    def __init__(self, app):
        self.app = app

    def send(self, path, method="GET", **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=sent)

    def get(self, path, **headers):
        return self.send(path, **headers)


@pytest.fixture
def program(app):
    return CalendarProgram(app)


@pytest.fixture
def subscribe(app):
    """Make a subscription from the command line's side; gives the feed's path and the subscription's id."""

    def make_one(clinician_id, **choices):
        def work():
            with app.app_context():
                made, token = feeds.create_subscription(
                    actor=None, clinician_id=clinician_id, **{"language": "en", **choices}
                )
                commit()
                return f"/cal/{token}/roster.ics", made.id

        return contextvars.Context().run(work)

    return make_one


@pytest.fixture
def change(app):
    """Run a function in the app as a publishing request would: its feeds are made anew, then all is committed."""

    def run(deed, *arguments):
        def work():
            with app.app_context():
                touched = deed(*arguments)
                feeds.mark_stale(clinician_ids=touched)
                feeds.render_stale()
                commit()

        contextvars.Context().run(work)

    return run


@pytest.fixture
def held(world):
    """The held session's seat, and functions that change who holds it, when, and what else there is."""
    return Held(world.ours)


class Held:
    def __init__(self, side):
        self.side = side

    def move(self, days):
        """Move the session by so many days."""
        duty = self._duty()
        duty.on_date += timedelta(days=days)
        duty.start_at += timedelta(days=days)
        duty.end_at += timedelta(days=days)
        self._revise(duty.seat)
        return [duty.clinician_id]

    def give_to(self, clinician_id):
        """Let someone else take the seat."""
        duty = self._duty()
        before = duty.clinician_id
        duty.clinician_id = clinician_id
        duty.clinician = db.session.get(Clinician, clinician_id)
        self._revise(duty.seat)
        return [before, clinician_id]

    def drop(self):
        """Hold the session no more."""
        duty = self._duty()
        who = duty.clinician_id
        db.session.delete(duty)
        return [who]

    def add_next(self):
        """Let the same clinician hold the second session too."""
        first = self._duty()
        session = db.session.get(ClinicalSession, self.side.gap)
        version = db.session.get(RosterVersion, self.side.published)
        on = make.WEEK.replace(day=26)
        start_at, end_at = make.interval(on, "morning")
        db.session.add(
            PublishedDuty(
                seat=session.seats[0],
                version=version,
                session=session,
                clinician=first.clinician,
                on_date=on,
                half_day="morning",
                start_at=start_at,
                end_at=end_at,
                room=first.room,
                is_exclusive=True,
            )
        )
        return [first.clinician_id]

    def _duty(self):
        return db.session.get(PublishedDuty, self.side.seat)

    def _revise(self, seat: Seat):
        seat.sequence += 1
        seat.revised_at = clock.now()
