"""The week of Mons and Maubeuge as the demonstration plans it, without the app."""

from dataclasses import replace

from solver.problem import Absence, Agreement, AgreementLine, Clinician, Enrolment, Problem, Site, Travel
from tests.solver.build import FAR_OFF, LONG_AGO, MONDAY, at, option, paper, room, seat, session

MONS = Site("BE-MONS-SJ", "Mons", "BE", "MONS", zone="UTC")
MAUBEUGE = Site("FR-MAUBEUGE", "Maubeuge", "FR", "MAUBEUGE", zone="UTC")
VISITORS = ("C02", "C03", "C04")
UROLOGISTS = ("lead", "surgeon", "counterpart", "cover")
WEEKDAYS = range(5)
CLOCK = {"theatre morning": ("08:00", "13:00"), "theatre afternoon": ("13:30", "18:00")}


def demonstration() -> Problem:
    """Give the demonstration's first week."""
    people = (*_mons(), *_maubeuge())
    equipped = room("M-T1", "FR-MAUBEUGE", "theatre", equipment=frozenset({"endourology"}))
    rooms = [equipped, room("M-M1", "FR-MAUBEUGE", "meeting")]
    rooms += [room(f"M-C{n}", "FR-MAUBEUGE") for n in range(3)] + [room(f"B-C{n}", "BE-MONS-SJ") for n in range(4)]
    return Problem(
        first_on=MONDAY,
        weeks=1,
        sites=(MONS, MAUBEUGE),
        rooms=tuple(rooms),
        clinicians=people,
        sessions=tuple(_visiting() + _hosted()),
        agreements=tuple(_agreement(*which) for which in (("ONC", "medical oncology"), ("URO", "urology"))),
        travel=(Travel("BE-MONS-SJ", "FR-MAUBEUGE", 35),),
    )


def on_leave(problem: Problem, clinician: str) -> Problem:
    """Give the same week with one person away from Monday to Friday."""
    away = Absence(clinician, at(0, "00:00"), at(5, "00:00"))
    return replace(problem, absences=(*problem.absences, away))


def _agreement(name, specialty):
    people = {"ONC": ("C01",), "URO": ("C02", "C03", "C04", "C24")}[name]
    enrolments = tuple(Enrolment(who, LONG_AGO, FAR_OFF) for who in people)
    parties = frozenset({"MONS", "MAUBEUGE"})
    return Agreement(name, name, parties, LONG_AGO, FAR_OFF, (AgreementLine(specialty),), enrolments)


def _person(id, home, specialty, roles, **more):
    both, own = ("BE", "FR"), (("BE",) if home == "BE-MONS-SJ" else ("FR",))
    countries = both if more.pop("visits", False) else own
    insured = more.pop("insured", countries)
    values = {
        "contract": "self-employed",
        "max_sessions_per_week": 9,
        "max_days_abroad_per_week": 2,
        "registrations": tuple(paper(country) for country in countries),
        "insurances": (paper(*insured, kind="insurance"),),
        **more,
    }
    return Clinician(id, f"Dr {id}", home, frozenset({specialty}), frozenset(roles), **values)


def _mons():
    oncology = ("lead", "oncologist")
    yield _person("C01", "BE-MONS-SJ", "medical oncology", oncology, visits=True)
    for who in VISITORS:
        yield _person(who, "BE-MONS-SJ", "urology", UROLOGISTS, visits=True)
    yield _person("C21", "BE-MONS-SJ", "medical oncology", oncology)
    yield _person("C22", "BE-MONS-SJ", "urology", UROLOGISTS)
    yield _person("C24", "BE-MONS-SJ", "urology", UROLOGISTS, visits=True, insured=("BE",))


def _maubeuge():
    yield _person("C05", "FR-MAUBEUGE", "urology", UROLOGISTS)
    yield _person("C06", "FR-MAUBEUGE", "urology", UROLOGISTS, share=0.6, max_sessions_per_week=6)
    yield _person("C25", "FR-MAUBEUGE", "medical oncology", ("lead",), share=0.5, max_sessions_per_week=5)
    for who, limit in (("C26", 9), ("C27", 9), ("C28", 5)):
        yield _person(who, "FR-MAUBEUGE", "anaesthesia", ("lead", "anaesthetist"), max_sessions_per_week=limit)
    yield _person("C29", "FR-MAUBEUGE", "radiotherapy", ("radiotherapist",), max_sessions_per_week=4)


def _options(days, clocks=("morning", "afternoon")):
    return [option(d, clock.split()[-1], *CLOCK.get(clock, ("", ""))) for d in days for clock in clocks]


def _weekly(name, count, site, options, seats, **more):
    return [
        session(f"{name}-{n}", site, options, [replace(s, id=f"{name}-{n}-{s.id}") for s in seats], group=name, **more)
        for n in range(count)
    ]


def _visiting():
    site, consulting = "FR-MAUBEUGE", {"room_kind": "consulting"}
    oncologist = seat("lead", "lead", "medical oncology", side="visitor")
    meeting = [
        seat("oncologist", "oncologist", "medical oncology", side="visitor"),
        seat("surgeon", "surgeon"),
        seat("radiotherapist", "radiotherapist", "radiotherapy", side="host"),
    ]
    theatre = [
        seat("lead", side="visitor"),
        seat("counterpart", "counterpart", side="host"),
        seat("anaesthetist", "anaesthetist", "anaesthesia", side="host"),
        seat("cover", "cover", side="host", exclusive=False, cover_hours=48),
    ]
    lists = {"kind": "joint_theatre", "room_kind": "theatre", "equipment": frozenset({"endourology"})}
    mdt = {"kind": "mdt", "room_kind": "meeting", "counts_as_session": False, "agreement": "ONC"}
    return [
        *_weekly("D01", 2, site, _options((1, 3)), [oncologist], agreement="ONC", **consulting),
        *_weekly("D02", 1, site, _options((1,), ("midday",)), meeting, **mdt),
        *_weekly("D03", 4, site, _options(WEEKDAYS), [seat(side="visitor")], agreement="URO", **consulting),
        *_weekly("D04", 2, site, _options((2, 3), tuple(CLOCK)), theatre, agreement="URO", **lists),
    ]


def _hosted():
    consulting = {"room_kind": "consulting"}
    preop = [seat("anaesthetist", "anaesthetist", "anaesthesia", side="host")]
    oncology = [seat("lead", "lead", "medical oncology", side="host")]
    urology = [seat("lead", side="host")]
    morning = _options((4,), ("morning",))
    return [
        *_weekly("D06", 1, "FR-MAUBEUGE", _options((0,)), preop, kind="preop_consultation", **consulting),
        *_weekly("D07", 1, "FR-MAUBEUGE", morning, urology, kind="ward_round", priority=0),
        *_weekly("D08", 8, "BE-MONS-SJ", _options(WEEKDAYS), urology, **consulting),
        *_weekly("D09", 6, "BE-MONS-SJ", _options(WEEKDAYS), oncology, **consulting),
        *_weekly("D10", 2, "FR-MAUBEUGE", _options((0, 2, 4)), oncology, **consulting),
    ]
