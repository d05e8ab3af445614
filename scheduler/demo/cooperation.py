"""Agreements, enrolments and session templates of the demonstration."""

from datetime import date
from typing import Any

from scheduler.demo.source import Store, Weeks, read_json, titles_of_sources
from scheduler.models import (
    AgreementEnrolment,
    AgreementLine,
    ClinicalRole,
    Clinician,
    CooperationAgreement,
    Demand,
    SessionTemplate,
    Site,
    Specialty,
    TemplateHalfDay,
)

PEOPLE_TRAVEL = ("visiting", "reserved_capacity")
"""Kinds of agreement in which clinicians are enrolled."""
SHOWN_TO_THE_PUBLIC = ("visiting",)
"""Kinds of agreement whose consultations the public may know of; real hospitals decide that themselves."""


def load_cooperation(store: Store, weeks: Weeks, *, sites: dict[str, Site], people: dict[str, Clinician]) -> None:
    """Load agreements with who is enrolled in them, and the templates of sessions."""
    agreements = {}
    for facts in read_json("agreements.json"):
        if store.has(CooperationAgreement, code=facts["code"]):
            agreements[facts["code"]] = store.once(CooperationAgreement, {"code": facts["code"]})
        else:
            agreement = _agreement(store, weeks, facts, sites)
            agreement.enrolments = _enrolments(weeks, facts, people)
            agreements[facts["code"]] = agreement
    for facts in read_json("session_templates.json"):
        if not store.has(SessionTemplate, code=facts["code"]):
            _template(store, weeks, facts, agreements, sites)


def _agreement(store: Store, weeks: Weeks, facts: dict[str, Any], sites: dict[str, Site]) -> CooperationAgreement:
    home, host = sites[facts["home"]], sites[facts["host"]]
    titles = titles_of_sources()
    return store.once(
        CooperationAgreement,
        {"code": facts["code"]},
        title=facts["title"],
        kind=facts["kind"],
        home_organisation=home.organisation,
        host_organisation=host.organisation,
        home_site=home,
        host_site=host,
        legal_basis=facts["legal_basis"],
        valid_from=_valid_from(weeks, facts),
        valid_until=weeks.end_of(facts["to_week"]),
        frequency=facts["frequency"],
        note=facts["note"],
        sources=[titles[code] for code in facts["sources"]],
        invented=facts["invented"],
        facts=facts["facts"],
        is_released=facts["kind"] in SHOWN_TO_THE_PUBLIC,
        lines=[
            AgreementLine(
                specialty=store.once(Specialty, {"name": line["specialty"]}),
                kinds=line["kinds"],
                min_per_week=line["min_per_week"],
                target_per_week=line["target_per_week"],
                max_per_week=line["max_per_week"],
            )
            for line in facts["lines"]
        ],
    )


def _valid_from(weeks: Weeks, facts: dict[str, Any]) -> date:
    """Give the published date, or an invented one."""
    if "valid_from" in facts:
        return date.fromisoformat(facts["valid_from"])
    return weeks.monday(facts["from_week"])


def _enrolments(weeks: Weeks, facts: dict[str, Any], people: dict[str, Clinician]) -> list[AgreementEnrolment]:
    """Enrol those who visit the other side in a specialty of the agreement."""
    if facts["kind"] not in PEOPLE_TRAVEL:
        return []
    covered = {line["specialty"] for line in facts["lines"]}
    ways = {(facts["home"], facts["host"]), (facts["host"], facts["home"])}
    found = []
    for person in read_json("clinicians.json"):
        visits = {(person["home"], other) for other in person["visits"]}
        if person["specialty"] in covered and visits & ways:
            first = person.get("enrolled_from_week")
            found.append(
                AgreementEnrolment(
                    clinician=people[person["code"]],
                    valid_from=_valid_from(weeks, facts) if first is None else weeks.monday(first),
                    valid_until=weeks.end_of(facts["to_week"]),
                )
            )
    return found


def _template(
    store: Store,
    weeks: Weeks,
    facts: dict[str, Any],
    agreements: dict[str, CooperationAgreement],
    sites: dict[str, Site],
) -> None:
    store.once(
        SessionTemplate,
        {"code": facts["code"]},
        agreement=agreements[facts["agreement"]] if facts["agreement"] else None,
        site=sites[facts["site"]],
        kind=facts["kind"],
        specialty=facts["specialty"],
        sessions_per_week=facts["sessions_per_week"],
        every_weeks=facts["every_weeks"],
        anchor_on=weeks.monday(facts.get("anchor_week", 0)),
        is_fixed=facts["is_fixed"],
        is_rostered=facts["is_rostered"],
        priority=facts["priority"],
        room_kind=facts.get("room_kind"),
        equipment=facts.get("equipment", []),
        counts_as_session=facts["counts_as_session"],
        note=facts.get("note", ""),
        half_days=[_half_day(text) for text in facts["half_days"]],
        demands=[_demand(store, position, seat) for position, seat in enumerate(facts["team"], 1)],
    )


def _half_day(text: str) -> TemplateHalfDay:
    weekday, half_day = text.split()
    return TemplateHalfDay(weekday=int(weekday), half_day=half_day)


def _demand(store: Store, position: int, seat: dict[str, Any]) -> Demand:
    return Demand(
        position=position,
        role=store.once(ClinicalRole, {"code": seat["role"]}),
        side=seat["side"],
        head_count=seat["head_count"],
        is_exclusive=seat.get("is_exclusive", True),
        cover_hours=seat.get("cover_hours"),
        specialties=[store.once(Specialty, {"name": name}) for name in seat["specialties"]],
    )
