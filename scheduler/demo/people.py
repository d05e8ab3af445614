"""Invented clinicians of the demonstration, with their papers and leave."""

from datetime import timedelta
from typing import Any

from scheduler import clock
from scheduler.demo.source import Store, Weeks, read_json
from scheduler.models import (
    Affiliation,
    ClinicalRole,
    Clinician,
    Insurance,
    Leave,
    Registration,
    Site,
    Specialty,
)
from scheduler.services.renaming import sort_name_of


def load_people(store: Store, weeks: Weeks, sites: dict[str, Site]) -> dict[str, Clinician]:
    """Load all clinicians and their leave; give the clinicians by code."""
    settings = read_json("demonstration.json")
    people = {}
    for facts in read_json("clinicians.json"):
        known = store.has(Clinician, code=facts["code"])
        person = store.once(
            Clinician, {"code": facts["code"]}, **({} if known else _values(store, weeks, facts, settings))
        )
        if not known:
            person.affiliations.append(_affiliation(facts, sites[facts["home"]]))
            for leave in settings["leave"]:
                if leave["clinician"] == person.code:
                    _add_leave(store, weeks, person, leave)
        people[person.code] = person
    return people


def _values(store: Store, weeks: Weeks, facts: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    a1 = facts["a1_to_week"]
    return {
        "name": facts["name"],
        "sort_name": sort_name_of(facts["name"]),
        "birth_year": facts["birth_year"],
        "languages": facts["languages"],
        "max_sessions_per_week": facts["max_sessions_per_week"],
        "max_sessions_per_day": settings["max_sessions_per_day"],
        "max_days_abroad_per_week": facts["max_days_abroad_per_week"],
        "a1_valid_until": None if a1 is None else weeks.end_of(a1),
        "specialties": [store.once(Specialty, {"name": facts["specialty"]})],
        "roles": [store.once(ClinicalRole, {"code": code}) for code in facts["roles"]],
        "registrations": [
            Registration(
                country=paper["country"],
                kind=paper["kind"],
                number=paper["number"],
                valid_from=weeks.monday(paper["from_week"]),
                valid_until=weeks.end_of(paper["to_week"]),
            )
            for paper in facts["registrations"]
        ],
        "insurances": [
            Insurance(
                countries=paper["countries"],
                valid_from=weeks.monday(paper["from_week"]),
                valid_until=weeks.end_of(paper["to_week"]),
            )
            for paper in facts["insurances"]
        ],
    }


def _affiliation(facts: dict[str, Any], home: Site) -> Affiliation:
    return Affiliation(
        organisation=home.organisation,
        site=home,
        contract=facts["contract"],
        share=facts["share"],
        is_home=True,
    )


def _add_leave(store: Store, weeks: Weeks, person: Clinician, leave: dict[str, Any]) -> None:
    start_on = weeks.monday(leave["from_week"])
    store.once(
        Leave,
        {"clinician": person, "start_on": start_on},
        kind=leave["kind"],
        end_on=start_on + timedelta(days=leave["days"]),
        entered_at=clock.now(),
    )
