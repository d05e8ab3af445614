"""Generated problems are repeatable, of the promised size, stand on real ground, and hold what makes planning hard."""

import csv
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from solver.case import case_of
from solver.engines.process import EnginePool
from solver.generate import SIZES, estimated_minutes, generate
from solver.generating.sites import OBSERVED
from solver.problem import HalfDay, Side
from solver.search import solve

ROOT = Path(__file__).parents[2]
DEMONSTRATION = ROOT / "scheduler" / "demo" / "data"
VISITORS = {"c0001": "medical oncology", "c0003": "urology", "c0005": "urology", "c0007": "urology"}

DIGEST = """
import hashlib, json
from solver.generate import generate
from solver.problem_json import problem_to_json
for size in ("pilot", "zone"):
    for lines in (False, True):
        text = json.dumps(problem_to_json(generate(size, 5, weeks=2, lines=lines)))
        print(hashlib.sha256(text.encode()).hexdigest())
"""


@cache
def first(size):
    """Give the first problem of a size, made once."""
    return generate(size, 1)


@pytest.fixture
def zone():
    return first("zone")


@pytest.fixture
def region():
    return first("region")


def rows(name):
    """Give the rows of a table of the demonstration, or of the solver, without its first line about the source."""
    path = DEMONSTRATION / name
    if not path.exists():
        path = ROOT / "solver" / "generating" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("size", SIZES)
def test_a_size_keeps_its_numbers(size):
    problem = first(size)

    assert (len(problem.sites), len(problem.clinicians), len(problem.sessions)) == SIZES[size]


def test_the_same_seed_gives_the_same_problem():
    assert generate("zone", 7) == generate("zone", 7)


def test_another_seed_gives_another_problem():
    assert generate("pilot", 1) != generate("pilot", 2)


def test_the_same_seed_gives_the_same_bytes_whatever_the_order_of_sets():
    prints = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert len(set(prints[0].split())) == 4
    assert prints[0] == prints[1]


def test_more_weeks_give_as_many_more_sessions():
    problem = generate("pilot", 1, weeks=4)

    assert len(problem.sessions) == 4 * SIZES["pilot"][2]
    assert {o.on.isocalendar().week for s in problem.sessions for o in s.options} == {9, 10, 11, 12}


def test_an_unknown_size_is_refused():
    with pytest.raises(ValueError, match="size must be one of"):
        generate("world", 1)


# Real ground


def test_a_pilot_is_mons_and_maubeuge():
    problem = first("pilot")

    assert [site.id for site in problem.sites] == ["BE-MONS-SJ", "FR-MAUBEUGE"]
    assert problem.travel_minutes("BE-MONS-SJ", "FR-MAUBEUGE") == 35


def test_each_size_holds_the_sites_of_the_smaller_ones():
    sites = [{site.id for site in first(size).sites} for size in SIZES]

    assert sites == sorted(sites, key=len)
    assert all(small < large for small, large in pairwise(sites))


def test_the_sites_are_those_of_the_demonstration():
    names = ("code", "organisation", "name", "town", "country", "latitude", "longitude", "languages")

    ours = [row for row in rows("generated_sites.csv") if row["is_real"] == "1"]

    known = {row["code"]: row for row in rows("sites.csv")}
    assert {row["code"] for row in ours} == set(known)
    for row in ours:
        assert [row[name] for name in names] == [known[row["code"]][name] for name in names]
        assert (row["time_zone"], row["holidays"]) == (
            known[row["code"]]["timezone"],
            known[row["code"]]["holiday_calendar"],
        )


def test_the_zones_are_those_of_the_demonstration():
    ours = {
        (zone, row["code"])
        for row in rows("generated_sites.csv")
        if row["is_real"] == "1"
        for zone in row["zones"].split()
    }
    known = json.loads((DEMONSTRATION / "zones.json").read_text(encoding="utf-8"))

    assert {zone for zone, _ in ours if zone not in {k["code"] for k in known}} <= {OBSERVED}
    assert {pair for pair in ours if pair[0] != OBSERVED} == {(k["code"], site) for k in known for site in k["sites"]}


def test_the_roads_and_holidays_are_those_of_the_demonstration():
    roads = {(row["one"], row["other"], row["minutes"]) for row in rows("travel_times.csv")}
    holidays = {(row["calendar"], row["on_date"]) for row in rows("holidays.csv") if row["is_statutory"] == "1"}

    assert {tuple(row.values()) for row in rows("generated_travel.csv")} == roads
    assert {tuple(row.values()) for row in rows("generated_holidays.csv")} == holidays


def test_invented_campuses_say_so_and_only_a_region_has_them(region):
    invented = {row["code"]: row for row in rows("generated_sites.csv") if row["is_real"] == "0"}

    assert len(invented) == 5
    assert {row["size"] for row in invented.values()} == {"region"}
    assert all("invented" in region.site[code].name for code in invented)


def test_all_minutes_are_estimates_and_those_off_the_table_follow_the_formula():
    problem = first("network")
    listed = {frozenset((row["one"], row["other"])) for row in rows("generated_travel.csv")}
    at = {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in rows("generated_sites.csv")}

    other = [t for t in problem.travel if frozenset((t.one, t.other)) not in listed]

    assert all(t.estimated for t in problem.travel)
    assert 0 < len(other) < len(problem.travel)
    assert all(t.minutes == estimated_minutes(at[t.one], at[t.other]) for t in other)


@pytest.mark.parametrize(
    ("north_km", "minutes"),
    [(0, 6), (5 / 1.3, 6 + 7.5), (20 / 1.3, 6 + 23.1), (50 / 1.3, 56), (140 / 1.3, 118)],
)
def test_travel_is_estimated_by_the_length_of_the_road(north_km, minutes):
    north = north_km / 6371 * 57.29578

    assert estimated_minutes((50.0, 4.0), (50.0 + north, 4.0)) == pytest.approx(minutes, abs=0.6)


def test_visits_cross_a_border_to_a_site_that_is_near(region):
    pairs = [agreement.id.split("/") for agreement in region.agreements]
    farthest = max(region.travel_minutes(*pair) for pair in pairs)

    assert all(region.site[one].country != region.site[other].country for one, other in pairs)
    assert farthest <= 100
    assert {host for _, host in pairs} == set(region.site)
    assert max(Counter(host for _, host in pairs).values()) <= 4


# What must work, and what makes it hard


@pytest.mark.parametrize("seed", range(1, 21))
def test_each_visitor_of_a_pilot_has_two_days_for_it_at_least(seed):
    problem = generate("pilot", seed)
    leaves = case_of(problem).leaves
    days: dict[str, set[date]] = {}

    for who, post, option in leaves.placings:
        session = leaves.demand.groups[post.group].first
        if problem.is_abroad(who, session.site):
            days.setdefault(who, set()).add(session.options[option].on)

    assert {who: next(iter(problem.clinician[who].specialties)) for who in days} == VISITORS
    assert min(map(len, days.values())) >= 2


def test_one_oncologist_and_three_urologists_of_mons_visit_maubeuge_in_every_pilot():
    with EnginePool() as pool:
        for seed in range(1, 6):
            problem = generate("pilot", seed)
            outcome = solve(problem, seconds=20, pool=pool)

            team = {
                who for held in outcome.plan.held for _, who in held.team if problem.is_abroad(who, host(problem, held))
            }
            visits = {s.id for s in problem.sessions if any(seat.side is Side.VISITOR for seat in s.seats)}
            assert team == set(VISITORS), seed
            assert visits <= set(outcome.plan.by_session), seed


def host(problem, held):
    """Give the site at which a session is held."""
    return problem.session[held.session].site


def test_a_zone_holds_the_traps():
    problems = [generate("zone", seed) for seed in range(1, 6)]
    end = max(problems[0].days)
    papers = [(c, p) for problem in problems for c in problem.clinicians for p in c.registrations]
    agreements = [a for problem in problems for a in problem.agreements]

    assert all(problem.absences and problem.fixed_duties and problem.pins for problem in problems)
    assert any(p.valid_until <= end for _, p in papers)
    assert any(len(c.insurances[0].countries) < len(c.registrations) for c, _ in papers)
    assert any(problems[0].first_on < a.valid_until <= end for a in agreements)
    assert any(problems[0].first_on < e.valid_from for a in agreements for e in a.enrolments)
    assert any(site.closed_on for problem in problems for site in problem.sites)
    assert {0.6, 0.8, 1.0} == {c.share for problem in problems for c in problem.clinicians}


def test_a_zone_has_few_theatres_and_not_all_have_endoscopy(zone):
    theatres = [room for room in zone.rooms if room.kind == "theatre"]
    lists = [session for session in zone.sessions if session.room_kind == "theatre"]

    assert len(theatres) < len(lists)
    assert {bool(room.equipment) for room in theatres} == {True, False}
    assert {bool(session.equipment) for session in lists} == {True, False}


def test_evenings_abroad_and_mornings_at_home_make_tight_chains(zone):
    evenings = [s for s in zone.sessions if {o.half_day for o in s.options} == {HalfDay.EVENING}]

    assert {s.seats[0].side for s in evenings} == {Side.VISITOR, Side.HOST}


def test_some_wishes_contradict_habits():
    found = [generate("network", seed) for seed in (1, 2)]
    disliked = {
        (i, p.clinician, p.on.isoweekday()) for i, f in enumerate(found) for p in f.preferences if p.liking == -3
    }

    assert disliked & {(i, h.clinician, h.weekday) for i, f in enumerate(found) for h in f.habits}


def test_a_week_with_a_holiday_of_one_side_closes_that_side():
    problem = generate("zone", 1, first_on=date(2027, 7, 12))

    assert {site.country: site.holidays for site in problem.sites} == {
        "BE": frozenset(),
        "FR": frozenset({date(2027, 7, 14)}),
    }


def test_a_joint_theatre_list_asks_for_both_sides_and_cover():
    session = next(s for s in generate("pilot", 1).sessions if s.kind == "joint_theatre")

    seats = {seat.role: seat for seat in session.seats}

    assert seats["lead"].side is Side.VISITOR
    assert {seats[r].side for r in ("counterpart", "anaesthetist", "cover")} == {Side.HOST}
    assert not seats["cover"].exclusive


@pytest.mark.parametrize(("size", "seed"), [("pilot", 1), ("pilot", 2), ("pilot", 3), ("zone", 1)])
def test_every_seat_has_someone_with_its_role_and_specialty(size, seed):
    problem = generate(size, seed, lines=True)

    for session in problem.sessions:
        for seat in session.seats:
            assert any(
                seat.role in c.roles and c.specialties.intersection(seat.specialties)
                for c in problem.clinicians
                if seat.side is Side.ANY or problem.is_visitor(c.id, session.site) == (seat.side is Side.VISITOR)
            ), session.id


# Round-the-clock lines


@pytest.fixture(scope="module")
def with_lines():
    return generate("zone", 1, lines=True)


def test_lines_are_added_to_a_problem_that_stays_the_same(zone, with_lines):
    assert with_lines.sessions[: len(zone.sessions)] == zone.sessions
    assert [c.id for c in with_lines.clinicians[: len(zone.clinicians)]] == [c.id for c in zone.clinicians]
    assert not any(session.line for session in zone.sessions)
    assert with_lines.absences == zone.absences


@pytest.mark.parametrize(
    ("kind", "duties", "exclusive"), [("on_call_home", 9, False), ("on_call_site", 9, True), ("smur", 14, True)]
)
def test_each_line_is_manned_first_on_all_nights_of_the_week(with_lines, kind, duties, exclusive):
    lines: dict[str, list] = {}
    for session in with_lines.sessions:
        if session.kind == kind and session.line_choice == 1:
            lines.setdefault(session.line, []).append(session)

    assert lines
    for sessions in lines.values():
        options = [session.options[0] for session in sessions]
        assert len(sessions) == duties
        assert {o.on for o in options if o.half_day is HalfDay.NIGHT} == set(with_lines.days)
        assert {o.on.isoweekday() for o in options if o.half_day is HalfDay.MORNING} >= {6, 7}
        assert {session.seats[0].exclusive for session in sessions} == {exclusive}


def test_a_night_lasts_from_twenty_to_eight(with_lines):
    nights = [s.options[0] for s in with_lines.sessions if s.line and s.options[0].half_day is HalfDay.NIGHT]

    assert {(o.end_at - o.start_at).total_seconds() for o in nights} == {12 * 3600}
    assert {o.start_at.hour for o in nights} == {19}


def test_the_second_choice_of_a_line_is_across_the_border(with_lines):
    sides: dict[str, dict[int, set[str]]] = {}
    for session in with_lines.sessions:
        if session.kind == "smur":
            sides.setdefault(session.line, {}).setdefault(session.line_choice, set()).add(session.site)

    assert sides
    for choices in sides.values():
        (base,), (second,) = choices[1], choices[2]
        assert with_lines.site[base].country != with_lines.site[second].country


def test_a_line_at_home_is_handed_over_to_the_other_side_on_friday(with_lines):
    turns: dict[str, dict[int, str]] = {}
    for session in with_lines.sessions:
        if session.kind == "on_call_home" and session.line_choice == 1:
            turns.setdefault(session.line, {})[session.options[0].on.isoweekday()] = session.site

    shared = [days for days in turns.values() if len(set(days.values())) > 1]
    assert shared
    assert all(days[1] == days[4] != days[5] == days[7] for days in shared)
