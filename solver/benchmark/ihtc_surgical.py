"""Surgical part of the Integrated Healthcare Timetabling Competition 2024: a day and a theatre for each patient.

A patient is a session offered on several days, with a seat for the surgeon and one for a theatre; neither seat
occupies a person at fixed hours, since a theatre's patients follow one another.  Theatres are people as far as the
problem knows: a team with so many minutes on each day.
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from solver.benchmark.settings import only
from solver.facts import (
    AppliesTo,
    Clinician,
    HalfDay,
    Option,
    RuleSetting,
    Seat,
    Session,
    Side,
    Site,
    Strength,
    WorkLimit,
)
from solver.plan import Plan
from solver.problem import Problem

Json = dict[str, Any]

FIRST_ON = date(2024, 1, 1)
"""The Monday that stands for day 0."""

THEATRE, SURGEON = "theatre", "surgeon"
"""Roles of seats and of those who fill them; the contract of theatres, too."""

MANDATORY = 20
"""A mandatory patient not operated costs as much as so many of the dearest optional ones waiting to the end."""


@dataclass(frozen=True)
class SurgicalInstance:
    """An instance and the same question as a problem; see ``solver.benchmark.Instance``.

    Attributes
    ----------
    data
        The instance as read.
    """

    name: str
    data: Json
    problem: Problem
    offset: int = 0
    unsupported: tuple[str, ...] = ()

    def solution(self, plan: Plan) -> Json:
        """Give each patient's day and theatre, in the order of the instance."""
        placed = _placed(plan)
        rows = []
        for patient in self.data["patients"]:
            day, theatre = placed.get(patient["id"], ("none", None))
            row = {"id": patient["id"], "admission_day": day}
            rows.append(row if theatre is None else row | {"operating_theater": theatre})
        return {"patients": rows}

    def cost(self, plan: Plan) -> int | None:
        """Give the four costs of the surgical part, counted from the file; None when a hard rule is broken."""
        placed = _placed(plan)
        weights: dict[str, int] = self.data["weights"]
        loads: dict[tuple[str, str, int], int] = {}
        teams: dict[tuple[str, int], set[str]] = {}
        total: int = 0
        for patient in self.data["patients"]:
            if patient["id"] not in placed:
                if patient["mandatory"]:
                    return None
                total += int(weights["unscheduled_optional"])
                continue
            day, theatre = placed[patient["id"]]
            if not patient["surgery_release_day"] <= day <= _due(self.data, patient):
                return None
            total += weights["patient_delay"] * (day - patient["surgery_release_day"])
            for kind, name in ((SURGEON, patient["surgeon_id"]), (THEATRE, theatre)):
                loads[kind, name, day] = loads.get((kind, name, day), 0) + patient["surgery_duration"]
            teams.setdefault((patient["surgeon_id"], day), set()).add(theatre)
        minutes = _minutes(self.data)
        if any(load > minutes[kind, name][day] for (kind, name, day), load in loads.items()):
            return None
        total += weights["open_operating_theater"] * sum(kind == THEATRE for kind, _, _ in loads)
        return total + weights["surgeon_transfer"] * sum(len(theatres) - 1 for theatres in teams.values())


def read_ihtc_surgical(path: Path) -> SurgicalInstance:
    """Read an instance in the competition's JSON."""
    data = json.loads(path.read_text(encoding="utf-8"))
    people = [_clinician(SURGEON, s["id"], s["max_surgery_time"]) for s in data["surgeons"]]
    people += [_clinician(THEATRE, t["id"], t["availability"]) for t in data["operating_theaters"]]
    problem = Problem(
        first_on=FIRST_ON,
        weeks=math.ceil(data["days"] / 7),
        sites=(Site("hospital", "Hospital", "BE", "Hospital", zone="UTC"),),
        rooms=(),
        clinicians=tuple(people),
        sessions=tuple(_session(data, patient) for patient in data["patients"]),
        settings=_settings(data["weights"]),
        title=path.stem,
    )
    return SurgicalInstance(path.stem, data, problem)


def _clinician(role: str, name: str, minutes: list[int]) -> Clinician:
    limits = tuple(
        WorkLimit("booked_minutes_per_day", high=high, on=FIRST_ON + timedelta(days=day))
        for day, high in enumerate(minutes)
    )
    specialties = frozenset({name} if role == SURGEON else {THEATRE})
    return Clinician(name, name, "hospital", specialties, frozenset({role}), contract=role, limits=limits)


def _session(data: Json, patient: Json) -> Session:
    days = range(patient["surgery_release_day"], _due(data, patient) + 1)
    mandatory, surgeon = bool(patient["mandatory"]), patient["surgeon_id"]
    return Session(
        id=patient["id"],
        title=patient["id"],
        group=f"{surgeon} {patient['surgery_duration']}",
        site="hospital",
        kind="operation",
        options=tuple(_option(day, patient["surgery_duration"]) for day in days),
        seats=(
            Seat(SURGEON, SURGEON, (surgeon,), Side.ANY, exclusive=False),
            Seat(THEATRE, THEATRE, (THEATRE,), Side.ANY, exclusive=False),
        ),
        priority=int(mandatory),
        counts_as_session=False,
        unheld_cost=_unheld(data, mandatory),
    )


def _option(day: int, minutes: int) -> Option:
    on = FIRST_ON + timedelta(days=day)
    start = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
    return Option(on, HalfDay.MORNING, start, start + timedelta(minutes=minutes))


def _unheld(data: Json, mandatory: bool) -> int:
    weights = data["weights"]
    optional = int(weights["unscheduled_optional"])
    return MANDATORY * (optional + data["days"] * int(weights["patient_delay"])) if mandatory else optional


def _due(data: Json, patient: Json) -> int:
    return int(patient["surgery_due_day"]) if patient["mandatory"] else int(data["days"]) - 1


def _settings(weights: Json) -> tuple[RuleSetting, ...]:
    theatres = AppliesTo(contracts=frozenset({THEATRE}))
    goals = (
        RuleSetting("waiting", strength=Strength.WARN, weight=weights["patient_delay"]),
        RuleSetting("days_opened", Strength.WARN, weights["open_operating_theater"], applies_to=theatres),
        RuleSetting("one_team_a_day", strength=Strength.WARN, weight=weights["surgeon_transfer"]),
    )
    return only(goals, kept=("booked_minutes", "role_and_specialty", "coverage"))


def _placed(plan: Plan) -> dict[str, tuple[int, str]]:
    """Give the day's number and the theatre of each patient operated."""
    return {held.session: ((held.on - FIRST_ON).days, dict(held.team)[THEATRE]) for held in plan.held}


def _minutes(data: Json) -> dict[tuple[str, str], list[int]]:
    surgeons = {(SURGEON, s["id"]): s["max_surgery_time"] for s in data["surgeons"]}
    return surgeons | {(THEATRE, t["id"]): t["availability"] for t in data["operating_theaters"]}
