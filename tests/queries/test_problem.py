"""From the database to the solver's question."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.extensions import db
from scheduler.models import (
    ClinicianPreference,
    HalfDayTimes,
    Holiday,
    RoomClosure,
    RoomOpening,
    RuleChoice,
    SiteClosure,
    TravelTime,
    Unavailability,
)
from scheduler.queries.problem import build_problem, plan_of
from scheduler.services.judging import judge_version
from solver.plan import Plan
from solver.problem import Absence, AppliesTo, HalfDay, Held, Pin, Preference, Strength
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, build_pair

SPRING, AUTUMN = date(2027, 3, 22), date(2027, 10, 25)
"""Mondays of the weeks whose Sundays change the clock."""


def option_of(problem, session, half_day, on):
    return next(o for o in problem.session[str(session.id)].options if (o.on, o.half_day) == (on, half_day))


def test_ids_are_codes_and_row_ids(pair):
    problem = build_problem(pair.roster.id)

    assert set(problem.site) == {"BE-MONS", "FR-MAUBEUGE"}
    assert set(problem.clinician) == {"A1", "B1", "C1"}
    assert set(problem.room) == {str(room.id) for room in pair.rooms}
    assert set(problem.agreement) == {"MONS-MAUBEUGE"}
    [theatre] = pair.sessions(pair.theatre)
    asked = problem.session[str(theatre.id)]
    assert (asked.group, asked.site, asked.room_kind) == ("T2", "FR-MAUBEUGE", "theatre")
    assert [(s.id, s.role, s.side, s.cover_hours) for s in asked.seats] == [
        (str(seat.id), role, side, hours)
        for seat, role, side, hours in zip(
            theatre.seats, ("lead", "counterpart", "cover"), ("visitor", "host", "host"), (None, None, 48), strict=True
        )
    ]


def test_papers_and_enrolments_are_handed_on(pair):
    problem = build_problem(pair.roster.id)

    ada = problem.clinician["A1"]
    assert {country for paper in ada.registrations for country in paper.countries} == {"BE", "FR"}
    assert [e.clinician for e in problem.agreement["MONS-MAUBEUGE"].enrolments] == ["A1", "B1"]
    assert problem.agreement["MONS-MAUBEUGE"].organisations == {"MONS", "MAUBEUGE"}


def test_theatre_keeps_its_own_hours_and_a_site_its_own(pair):
    for site, kind, times in (
        (None, "theatre", ("08:00", "13:00")),
        (pair.host, None, ("09:00", "12:00")),
        (pair.host, "joint_theatre", ("07:30", "13:30")),
    ):
        make.add(
            HalfDayTimes(
                site_id=site.id if site else None, kind=kind, half_day="morning", starts=times[0], ends=times[1]
            )
        )
    [theatre] = pair.sessions(pair.theatre)

    problem = build_problem(pair.roster.id)

    visit = option_of(problem, pair.sessions()[0], "morning", TUESDAY)
    operation = option_of(problem, theatre, "morning", THURSDAY)
    assert (visit.start_at.hour, visit.end_at.hour) == (8, 11)
    assert (operation.start_at.strftime("%H:%M"), operation.end_at.strftime("%H:%M")) == ("06:30", "12:30")


def test_a_joint_list_keeps_theatre_hours_when_it_has_none_of_its_own(pair):
    make.add(HalfDayTimes(site_id=None, kind="theatre", half_day="morning", starts="08:00", ends="13:00"))
    [theatre] = pair.sessions(pair.theatre)

    option = option_of(build_problem(pair.roster.id), theatre, "morning", THURSDAY)

    assert (option.start_at.hour, option.end_at.hour) == (7, 12)


@pytest.mark.parametrize(
    ("first_on", "weekday", "half_day", "start", "hours"),
    [
        (SPRING, 6, "morning", "2027-03-27T07:30", 4),  # Saturday before the change
        (SPRING, 7, "morning", "2027-03-28T06:30", 4),  # Sunday after it
        (SPRING, 6, "night", "2027-03-27T19:00", 11),
        (AUTUMN, 6, "night", "2027-10-30T18:00", 13),
        (AUTUMN, 7, "morning", "2027-10-31T07:30", 4),
    ],
)
def test_half_days_are_real_intervals_in_weeks_that_change_the_clock(
    db_session, first_on, weekday, half_day, start, hours
):
    pair = build_pair(first_on=first_on)
    template = make.make_template(pair.host, code="T9", half_days=((weekday, half_day),))
    session = make.make_session(pair.roster, template, week_on=first_on)

    [option] = build_problem(pair.roster.id).session[str(session.id)].options

    assert option.start_at == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert option.end_at - option.start_at == timedelta(hours=hours)


def test_a_start_in_the_skipped_hour_is_read_with_the_offset_before(db_session):
    pair = build_pair(first_on=SPRING)
    make.add(HalfDayTimes(site_id=pair.host.id, kind=None, half_day="night", starts="02:30", ends="06:00"))
    template = make.make_template(pair.host, code="T9", half_days=((7, "night"),))
    session = make.make_session(pair.roster, template, week_on=SPRING)

    [option] = build_problem(pair.roster.id).session[str(session.id)].options

    assert (option.start_at.strftime("%H:%M"), option.end_at.strftime("%H:%M")) == ("01:30", "04:00")


def test_leave_lasts_from_midnight_to_midnight_at_home(pair):
    make.make_leave(pair.ada, start_on=MONDAY, days=2)
    make.add(
        Unavailability(
            clinician_id=pair.carl.id,
            start_at=datetime(2026, 11, 26, 8, tzinfo=UTC),
            end_at=datetime(2026, 11, 26, 10, tzinfo=UTC),
        )
    )

    problem = build_problem(pair.roster.id)

    assert set(problem.absences) == {
        Absence("A1", datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC), "leave"),
        Absence("C1", datetime(2026, 11, 26, 8, tzinfo=UTC), datetime(2026, 11, 26, 10, tzinfo=UTC), "unavailable"),
    }


def test_leave_outside_the_weeks_is_left_out(pair):
    make.make_leave(pair.ada, start_on=MONDAY - timedelta(days=3), days=3)
    make.make_leave(pair.ada, start_on=MONDAY + timedelta(days=10), days=3)

    assert build_problem(pair.roster.id).absences == ()


def test_leave_after_the_last_day_meets_a_cover_that_runs_on(pair):
    draft = pair.draft()
    [session] = pair.sessions(pair.theatre)
    session.seats[2].demand.cover_hours = 100
    pair.hold(draft, session, pair.ada, pair.carl, pair.carl, on=THURSDAY)
    make.make_leave(pair.carl, start_on=MONDAY + timedelta(days=7), days=1)

    [breach] = judge_version(draft).breaches

    assert (breach.rule, breach.clinicians) == ("leave", ("C1",))


def test_whoever_leaves_the_hospital_in_mid_week_is_unavailable_from_then_on(pair):
    pair.ada.home.valid_until = WEDNESDAY

    [absence] = build_problem(pair.roster.id).absences

    assert (absence.clinician, absence.start_at) == ("A1", datetime(2026, 11, 24, 23, tzinfo=UTC))


def test_people_of_other_hospitals_are_left_out(pair):
    make.make_clinician(make.make_site(make.make_organisation("STRANGER")))

    assert set(build_problem(pair.roster.id).clinician) == {"A1", "B1", "C1"}


def test_holidays_closures_and_openings_are_dated(pair):
    for calendar, name, is_statutory in (("FR", "Fête", True), ("BE", "Regional", False)):
        make.add(Holiday(calendar=calendar, on_date=TUESDAY, name=name, is_statutory=is_statutory))
    make.add(SiteClosure(site_id=pair.home.id, start_on=WEDNESDAY, end_on=THURSDAY))
    make.add(RoomOpening(room=pair.rooms[2], weekday=4, half_day="morning"))
    make.add(RoomClosure(room=pair.rooms[0], start_on=MONDAY, end_on=MONDAY + timedelta(days=6)))
    db.session.expire_all()

    problem = build_problem(pair.roster.id)

    assert problem.site["FR-MAUBEUGE"].holidays == {TUESDAY}
    assert problem.site["BE-MONS"].holidays == frozenset()
    assert problem.site["BE-MONS"].closed_on == {WEDNESDAY}
    assert problem.room[str(pair.rooms[2].id)].open_at == {(THURSDAY, HalfDay.MORNING)}
    assert {on for on, _ in problem.room[str(pair.rooms[0].id)].open_at} == {MONDAY + timedelta(days=6)}
    assert problem.room[str(pair.rooms[1].id)].open_at is None


def test_a_road_that_nobody_measured_is_estimated(pair):
    assert build_problem(pair.roster.id).travel[0].minutes == 45
    db.session.query(TravelTime).delete()
    pair.host.latitude += 0.2

    [road] = build_problem(pair.roster.id).travel

    assert road.estimated
    assert 30 < road.minutes < 45


def test_liking_is_spread_over_the_dates(pair):
    make.add(ClinicianPreference(clinician_id=pair.ada.id, weekday=2, half_day="morning", liking=-2))

    assert build_problem(pair.roster.id).preferences == (Preference("A1", TUESDAY, HalfDay.MORNING, -2),)


def elsewhere(pair, on, *, who=None, number=1, **template):
    """A published duty in the roster of another week, at the partner's site."""
    monday = on - timedelta(days=on.weekday())
    template = make.make_template(pair.host, code=f"E{number}", demands=(("lead", "visitor"),), **template)
    roster = make.make_roster([pair.host], templates=[], first_on=monday)
    session = make.make_session(roster, template, week_on=monday)
    version = make.make_version(roster)
    make.place(version, session, on=on, team={session.seats[0]: who or pair.ada})
    db.session.expire_all()
    version.state = "published"
    make.publish_duties(version)
    db.session.flush()


def test_duties_in_other_rosters_are_fixed_also_around_the_weeks(pair):
    elsewhere(pair, MONDAY - timedelta(days=1), number=1)
    elsewhere(pair, MONDAY + timedelta(days=7), number=2)
    elsewhere(pair, MONDAY + timedelta(days=15), number=3)

    problem = build_problem(pair.roster.id)

    assert [(d.clinician, d.site, d.on) for d in problem.fixed_duties] == [
        ("A1", "FR-MAUBEUGE", MONDAY - timedelta(days=1)),
        ("A1", "FR-MAUBEUGE", MONDAY + timedelta(days=7)),
    ]


def test_own_duties_are_published_and_not_fixed(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.publish(draft)

    problem = build_problem(pair.roster.id)

    assert problem.fixed_duties == ()
    assert problem.published == (
        Held(str(session.id), TUESDAY, HalfDay.MORNING, str(pair.rooms[0].id), ((str(session.seats[0].id), "A1"),)),
    )
    assert plan_of(draft) == Plan(problem.published)


def test_a_habit_is_a_visit_on_the_same_weekday_in_two_of_four_weeks(pair):
    for number, weeks in enumerate((1, 3)):
        elsewhere(pair, TUESDAY - timedelta(weeks=weeks), number=number)
    elsewhere(pair, THURSDAY - timedelta(weeks=2), number=5)
    elsewhere(pair, THURSDAY - timedelta(weeks=5), number=6)
    elsewhere(pair, WEDNESDAY - timedelta(weeks=4), who=pair.carl, number=7)

    problem = build_problem(pair.roster.id)

    assert [(h.clinician, h.site, h.weekday) for h in problem.habits] == [("A1", "FR-MAUBEUGE", 2)]
    assert {who.id: who.past_visits for who in problem.clinicians} == {"A1": 3, "B1": 0, "C1": 0}


def test_earlier_weeks_are_summed_up_by_country_as_far_as_the_reference_period_goes(pair):
    elsewhere(pair, TUESDAY - timedelta(weeks=2), number=1)
    elsewhere(pair, TUESDAY - timedelta(weeks=16), number=3, half_days=((2, "night"),))
    elsewhere(pair, TUESDAY - timedelta(weeks=17), number=4)

    weeks = build_problem(pair.roster.id).past_weeks

    assert [(week.clinician, week.first_on) for week in weeks] == [
        ("A1", MONDAY - timedelta(weeks=16)),
        ("A1", MONDAY - timedelta(weeks=2)),
    ]
    assert weeks[1].minutes == (("FR", 240),)
    assert weeks[1].visits == (("FR", 1),)


def test_a_surgeon_who_operated_abroad_is_due_there_until_a_consultation_was_held(pair):
    elsewhere(pair, TUESDAY - timedelta(weeks=3), number=1, kind="theatre")
    elsewhere(pair, TUESDAY - timedelta(weeks=4), who=pair.bram, number=2, kind="theatre")
    elsewhere(pair, TUESDAY - timedelta(weeks=1), who=pair.bram, number=3, kind="consultation")
    elsewhere(pair, TUESDAY - timedelta(weeks=8), who=pair.bram, number=4, kind="theatre")

    [due] = build_problem(pair.roster.id).follow_ups

    operated = TUESDAY - timedelta(weeks=3)
    assert (due.clinician, due.site) == ("A1", "FR-MAUBEUGE")
    assert (due.from_on, due.until_on) == (operated + timedelta(days=14), operated + timedelta(days=43))


@pytest.mark.parametrize(
    ("mons", "maubeuge", "strength"),
    [
        ("warn", None, None),  # the other hospital keeps the rule as it is: blocking
        ("warn", "info", Strength.WARN),
        ("warn", "off", Strength.WARN),
        ("off", "off", Strength.OFF),
    ],
)
def test_the_strictest_of_two_hospitals_holds(pair, mons, maubeuge, strength):
    for organisation, choice in ((pair.mons, mons), (pair.maubeuge, maubeuge)):
        if choice is not None:
            make.add(RuleChoice(organisation_id=organisation.id, rule="daily_rest", strength=choice))

    [setting] = build_problem(pair.roster.id).settings

    assert (setting.rule, setting.strength) == ("daily_rest", strength)


def test_values_that_a_hospital_chose_hold_for_its_own_people(pair):
    make.add(RuleChoice(organisation_id=pair.mons.id, rule="daily_rest", weight=700, params={"rest_hours": 12}))

    general, own = build_problem(pair.roster.id).settings

    assert (general.strength, general.weight, general.params, general.applies_to) == (None, 700, (), None)
    assert own.params == (("rest_hours", 12),)
    assert own.applies_to == AppliesTo(organisations=frozenset({"MONS"}))


def test_a_pin_holds_what_the_base_version_says(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada)
    pair.hold(draft, other, pair.bram, on=THURSDAY)
    pair.edit("pin_session", draft, session_id=one.id)
    pair.edit("pin_session", draft, session_id=other.id, seat_id=other.seats[0].id)

    assert set(build_problem(pair.roster.id, draft.id).pins) == {
        Pin(str(one.id), TUESDAY, HalfDay.MORNING, str(pair.rooms[0].id)),
        Pin(str(other.id), seat=str(other.seats[0].id), clinician="B1"),
    }
    assert build_problem(pair.roster.id).pins == ()


def test_what_has_begun_is_history_and_past_half_days_are_closed_to_a_solve_alone(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada, on=MONDAY)
    pair.publish(draft)

    with pair.at(TUESDAY, 10):
        solving = build_problem(pair.roster.id)
        judging = build_problem(pair.roster.id, for_solving=False)

    assert {(o.on, o.half_day) for o in solving.session[str(one.id)].options} == {(MONDAY, HalfDay.MORNING)}
    assert {(o.on, o.half_day) for o in solving.session[str(other.id)].options} == {
        (TUESDAY, HalfDay.AFTERNOON),
        (THURSDAY, HalfDay.MORNING),
    }
    at = (str(one.id), MONDAY, HalfDay.MORNING)
    assert set(solving.pins) == {
        Pin(*at, room=str(pair.rooms[0].id), history=True),
        Pin(*at, seat=str(one.seats[0].id), clinician="A1", history=True),
    }
    assert len(judging.session[str(one.id)].options) == 4
    assert judging.pins == solving.pins


def test_a_cover_that_still_runs_is_history_for_a_solve_alone(pair):
    draft = pair.draft()
    [session] = pair.sessions(pair.theatre)
    pair.hold(draft, session, pair.ada, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(draft)
    lead, counterpart, cover = (str(seat.id) for seat in session.seats)

    def pinned(on, **more):
        with pair.at(on, 10):
            return {pin.seat for pin in build_problem(pair.roster.id, **more).pins if pin.history}

    assert pinned(THURSDAY) == {None, lead, counterpart, cover}
    assert pinned(THURSDAY, for_solving=False) == {None, lead, counterpart}
    assert pinned(FRIDAY + timedelta(days=1), for_solving=False) == {None, lead, counterpart, cover}


def test_what_is_published_stays_possible_when_the_template_changes(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.publish(draft)
    pair.visit.half_days = [half for half in pair.visit.half_days if half.weekday != 2]

    problem = build_problem(pair.roster.id)

    assert (TUESDAY, HalfDay.MORNING) in {(o.on, o.half_day) for o in problem.session[str(session.id)].options}
