"""A calendar program, and the published duties it fetches."""

import contextvars
from datetime import timedelta

import pytest

from scheduler import clock
from scheduler.extensions import commit, db
from scheduler.feeds.variants import Variant
from scheduler.models import ClinicalSession, Clinician, PublishedDuty, RosterVersion, Seat
from scheduler.queries.feed_touches import Touched
from scheduler.rendering import render_all
from scheduler.services import feeds
from tests import factories as make


class CalendarProgram:
    """Fetches feeds as a phone does: without cookies."""

    def __init__(self, app):
        self.app = app

    def send(self, path, method="GET", **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=sent, buffered=True)

    def get(self, path, **headers):
        return self.send(path, **headers)


@pytest.fixture
def program(app):
    return CalendarProgram(app)


@pytest.fixture
def subscribe(app):
    """Make a subscription from the command line's side; gives the feed's path and the subscription's id.

    ``choices`` are those of a Variant; ``feed`` and ``through`` (an organisation) are for feeds of another kind.
    """

    def make_one(subject_id, feed="clinician", through=None, **choices):
        def work():
            with app.app_context():
                made, token = feeds.create_subscription(
                    actor=None,
                    feed=feed,
                    subject_id=subject_id,
                    organisation_id=through,
                    variant=Variant(**{"language": "en", **choices}),
                )
                commit()
                return f"/cal/{token}/roster.ics", made.id

        return contextvars.Context().run(work)

    return make_one


@pytest.fixture
def change(app):
    """Run a function in the app as a publishing request would, commit, and let the background work be done.

    What it gives is what it touched: ids of clinicians, or all of it.
    """

    def run(deed, *arguments, is_rendered=True):
        def work():
            with app.app_context():
                touched = deed(*arguments)
                if not isinstance(touched, Touched):
                    touched = Touched.of(clinician=touched)
                feeds.mark_stale(touched)
                commit()
            if is_rendered:
                render_all(app)

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
