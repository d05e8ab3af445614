"""Sessions and seats made from templates."""

from datetime import timedelta

import pytest

from scheduler.extensions import db
from scheduler.models import ClinicalSession, Seat
from scheduler.services.session_plans import is_due, make_sessions
from tests import factories as make
from tests.services.pair import MONDAY, build_pair


def test_a_roster_gets_the_sessions_and_seats_of_its_templates(pair):
    assert [(s.week_on, s.index, len(s.seats)) for s in pair.sessions()] == [(MONDAY, 0, 1), (MONDAY, 1, 1)]
    assert [len(s.seats) for s in pair.sessions(pair.theatre)] == [3]


def test_making_sessions_again_makes_nothing(pair):
    ids = [s.id for s in pair.sessions()]

    made = make_sessions(roster=pair.roster)

    assert made == []
    assert [s.id for s in pair.sessions()] == ids


def test_a_session_added_to_a_template_is_made_beside_the_others(pair):
    ids = [s.id for s in pair.sessions()]
    pair.visit.sessions_per_week = 3

    made = make_sessions(roster=pair.roster)

    assert [s.index for s in made] == [2]
    assert [s.id for s in pair.sessions()][:2] == ids


def test_a_larger_head_count_adds_a_seat_and_keeps_the_others(pair):
    [session] = pair.sessions(pair.theatre)
    uids = {seat.uid for seat in session.seats}
    pair.theatre.demands[1].head_count = 2

    make_sessions(roster=pair.roster)

    assert len(session.seats) == 4
    assert uids < {seat.uid for seat in session.seats}


def test_every_second_week_counts_from_the_anchor(db_session):
    pair = build_pair(weeks=4)
    other = make.make_template(pair.host, code="T3")
    other.every_weeks, other.anchor_on = 2, MONDAY + timedelta(weeks=1)

    make_sessions(roster=pair.roster)

    assert [s.week_on for s in pair.sessions(other)] == [MONDAY + timedelta(weeks=n) for n in (1, 3)]


@pytest.mark.parametrize(("weeks", "due"), [(-3, False), (-2, True), (0, True), (1, False), (2, True)])
def test_weeks_before_the_anchor_keep_the_rhythm(db_session, weeks, due):
    template = make.make_template(make.make_site(make.make_organisation("ONE")), code="T9")
    template.every_weeks = 2

    assert is_due(template, template.anchor_on + timedelta(weeks=weeks)) is due


def test_a_template_that_is_not_rostered_makes_no_sessions(pair):
    other = make.make_template(pair.host, code="T3")
    other.is_rostered = False

    make_sessions(roster=pair.roster)

    assert pair.sessions(other) == []


def test_uids_are_never_shared(pair):
    uids = [one.uid for model in (ClinicalSession, Seat) for one in db.session.query(model)]

    assert len(uids) == len(set(uids))
