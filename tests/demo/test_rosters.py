"""What the demonstration promises of its rosters, week by week."""

from collections import Counter
from datetime import date

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import (
    Account,
    ClinicalSession,
    Clinician,
    PublishedDuty,
    Roster,
    RosterVersion,
    SessionTemplate,
    Site,
)
from scheduler.queries.problem import build_problem
from scheduler.queries.scopes import scope_of
from scheduler.services import journal, rosters
from solver.audit import refusals
from solver.outcome import Outcome
from solver.problem import Problem
from solver.search import solve
from tests.demo_fixture import demo_day

VISITORS = {"C02", "C03", "C04"}


def problem_of(week: int) -> Problem:
    """Give the question of a week's roster, which is made if it is not there."""
    monday = demo_day(week)
    roster_id = db.session.scalar(select(Roster.id).where(Roster.first_on == monday))
    if roster_id is None:
        sites = db.session.scalars(select(Site.id).where(Site.code.in_(("BE-MONS-SJ", "FR-MAUBEUGE")))).all()
        account = db.session.scalars(select(Account).where(Account.login == "coordinator.mons")).one()
        actor = scope_of(account, clock.today())
        roster_id = rosters.create_roster(actor=actor, title="A week", first_on=monday, weeks=1, site_ids=sites).id
    return build_problem(roster_id, for_solving=False)


def solved(week: int) -> tuple[Problem, Outcome]:
    problem = problem_of(week)
    return problem, solve(problem, seconds=60)


def groups_of_gaps(problem: Problem, outcome: Outcome) -> Counter[str]:
    return Counter(problem.session[gap.session].group for gap in outcome.gaps)


def visitors_at_maubeuge(problem: Problem, outcome: Outcome) -> set[str]:
    return {
        who
        for held in outcome.plan.held
        if problem.session[held.session].site == "FR-MAUBEUGE"
        for _, who in held.team
        if problem.clinician[who].home_site == "BE-MONS-SJ"
    }


def test_in_a_week_like_any_other_everything_is_held_and_each_urologist_visits(loaded: APIFlask) -> None:
    problem, outcome = solved(2)

    assert outcome.status == "optimal"
    assert outcome.gaps == ()
    assert visitors_at_maubeuge(problem, outcome) >= VISITORS | {"C01"}


def test_while_a_urologist_is_on_leave_everything_is_held(loaded: APIFlask) -> None:
    _, outcome = solved(3)

    assert outcome.gaps == ()
    assert "C03" not in {who for held in outcome.plan.held for _, who in held.team}


def test_while_the_oncologist_is_on_leave_clinics_and_board_have_gaps_for_that_reason(loaded: APIFlask) -> None:
    problem, outcome = solved(5)

    assert groups_of_gaps(problem, outcome) == {"D01": 2, "D02": 1}
    board = next(gap for gap in outcome.gaps if problem.session[gap.session].group == "D02")
    empty = [seat.role for seat in board.seats if not seat.free]
    assert empty == ["oncologist"]
    oncologist = next(seat for seat in board.seats if seat.role == "oncologist")
    assert {refusal.clinician: refusal.reason.rule for refusal in oncologist.refusals}["C01"] == "leave"


@pytest.mark.parametrize(
    ("clinician", "week", "weekday", "rule"),
    [
        ("C23", 2, 5, "agreement_in_force"),
        ("C23", 3, 1, None),
        ("C23", 3, 5, None),
        ("C23", 4, 1, "registration"),
        ("C24", 2, 1, "insurance"),
        ("C24", 4, 5, "insurance"),
        ("C02", 4, 1, None),
        ("C03", 2, 5, None),
        ("C03", 3, 1, "leave"),
        ("C03", 3, 5, "leave"),
        ("C03", 4, 1, None),
    ],
)
def test_a_trap_closes_on_its_day_with_its_reason(
    loaded: APIFlask, clinician: str, week: int, weekday: int, rule: str | None
) -> None:
    assert first_refusal(problem_of(week), clinician, demo_day(week, weekday)) == rule


def first_refusal(problem: Problem, clinician: str, on: date) -> str | None:
    """Give the first rule that keeps a clinician from leading a urology consultation at Maubeuge that morning."""
    session = next(s for s in problem.sessions if s.group == "D03")
    option = next(o for o in session.options if o.on == on and o.half_day == "morning")
    found = next(refusals(problem, session.id, session.seats[0].id, clinician, option), None)
    return found.rule if found is not None else None


def test_the_first_two_weeks_are_published_whole(demo_app: APIFlask) -> None:
    with demo_app.app_context():
        published = db.session.scalars(select(RosterVersion).where(RosterVersion.state == "published")).all()
        weeks = {version.roster.first_on: version for version in published}

        assert set(weeks) == {demo_day(0), demo_day(1)}
        for version in published:
            sessions = db.session.scalars(
                select(ClinicalSession).where(ClinicalSession.roster_id == version.roster_id)
            ).all()
            assert {p.session_id for p in version.placements} == {s.id for s in sessions}
            assert {a.organisation.code for a in version.approvals} == {"MONS", "MAUBEUGE"}


def test_the_published_weeks_still_tell_that_they_were_proven(demo_app: APIFlask) -> None:
    with demo_app.app_context():
        published = db.session.scalars(select(RosterVersion).where(RosterVersion.state == "published")).all()

        assert [(found["status"], found["bound"]) for found in (version.findings for version in published)] == [
            ("optimal", version.findings["cost"]) for version in published
        ]


def test_published_duties_put_each_urologist_at_maubeuge(demo_app: APIFlask) -> None:
    with demo_app.app_context():
        visits = db.session.execute(
            select(Clinician.code, ClinicalSession.week_on)
            .select_from(PublishedDuty)
            .join(PublishedDuty.clinician)
            .join(PublishedDuty.session)
            .join(ClinicalSession.template)
            .join(SessionTemplate.site)
            .where(Site.code == "FR-MAUBEUGE")
        ).all()

        for week in (demo_day(0), demo_day(1)):
            assert {code for code, week_on in visits if week_on == week} >= VISITORS


def test_the_journal_tells_all_that_was_done_and_is_whole(demo_app: APIFlask) -> None:
    with demo_app.app_context():
        deeds = Counter(db.session.scalars(select(journal.JournalEntry.deed)))

        assert journal.verify() is None
        assert deeds["demonstration.loaded"] == 1
        assert deeds["roster.created"] == deeds["solve.finished"] == deeds["roster_version.published"] == 2
        assert deeds["roster_version.approved"] == 4
