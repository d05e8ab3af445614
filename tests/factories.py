"""Small things for tests: each function adds one thing, fills in what the test does not talk about, and flushes.

All need an app context; whoever wants other sessions to see what was made commits.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import (
    AccessGrant,
    Account,
    Affiliation,
    AgreementEnrolment,
    AgreementLine,
    Assignment,
    ClinicalRole,
    ClinicalSession,
    Clinician,
    CooperationAgreement,
    Demand,
    FeedBytes,
    FeedSubscription,
    HalfDayTimes,
    Insurance,
    Leave,
    Organisation,
    Placement,
    PublishedDuty,
    Registration,
    Room,
    Roster,
    RosterSiteWeek,
    RosterVersion,
    RuleChoice,
    Seat,
    SessionTemplate,
    Site,
    SolveRun,
    Specialty,
    TemplateHalfDay,
    TravelTime,
)

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
"""The instant at which tests with an app begin: a Wednesday, ten in the morning in Brussels."""
WEEK = date(2026, 11, 23)
"""The Monday of the week that rosters of tests plan."""
LONG_AGO, FAR_AHEAD = date(2020, 1, 1), date(2100, 1, 1)
PASSWORD = "a password for tests"
CLOCK = {
    "morning": ("08:30", "12:30"),
    "midday": ("12:30", "13:30"),
    "afternoon": ("13:30", "17:30"),
    "evening": ("18:00", "20:00"),
    "night": ("20:00", "08:00"),
}

_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = count(1)


def add(thing):
    db.session.add(thing)
    db.session.flush()
    return thing


def make_organisation(code, *, name="", country="BE"):
    return add(Organisation(code=code, name=name or code.title(), country=country))


def make_site(organisation, *, code="", town="", country=""):
    country = country or organisation.country
    zones = {"BE": "Europe/Brussels", "FR": "Europe/Paris", "LU": "Europe/Luxembourg"}
    code = code or f"{country}-{organisation.code}"
    return add(
        Site(
            code=code,
            organisation=organisation,
            name=f"Site {code}",
            town=town or organisation.name,
            country=country,
            timezone=zones[country],
            holiday_calendar=country,
            latitude=50.4,
            longitude=3.9,
        )
    )


def make_room(site, *, name="", kind="consulting", equipment=()):
    name = name or f"{kind.title()} {next(_numbers)}"
    return add(Room(code=f"{site.code}-{name}", site=site, name=name, kind=kind, equipment=list(equipment)))


def specialty(name):
    return db.session.scalar(select(Specialty).filter_by(name=name)) or add(Specialty(name=name))


def clinical_role(code):
    return db.session.scalar(select(ClinicalRole).filter_by(code=code)) or add(ClinicalRole(code=code))


def make_half_day_times():
    for half_day, (starts, ends) in CLOCK.items():
        add(HalfDayTimes(site_id=None, kind=None, half_day=half_day, starts=starts, ends=ends))


def make_clinician(
    site, *, code="", name="", specialties=("urology",), roles=("lead",), countries=None, contract="employee"
):
    code = code or f"X{next(_numbers)}"
    countries = countries or (site.country,)
    return add(
        Clinician(
            code=code,
            name=name or f"Dr Test {code}",
            sort_name=code,
            languages=["fr"],
            specialties=[specialty(one) for one in specialties],
            roles=[clinical_role(one) for one in roles],
            affiliations=[Affiliation(organisation=site.organisation, site=site, contract=contract)],
            registrations=[
                Registration(country=one, kind="registration", valid_from=LONG_AGO, valid_until=FAR_AHEAD)
                for one in countries
            ],
            insurances=[Insurance(countries=list(countries), valid_from=LONG_AGO, valid_until=FAR_AHEAD)],
            a1_valid_until=FAR_AHEAD,
        )
    )


def make_agreement(
    home, host, *, code, specialty_name="urology", enrolled=(), valid_from=LONG_AGO, valid_until=FAR_AHEAD
):
    return add(
        CooperationAgreement(
            code=code,
            title=f"Agreement {code}",
            kind="visiting",
            home_organisation=home.organisation,
            host_organisation=host.organisation,
            home_site=home,
            host_site=host,
            valid_from=valid_from,
            valid_until=valid_until,
            lines=[AgreementLine(specialty=specialty(specialty_name))],
            enrolments=[
                AgreementEnrolment(clinician=one, valid_from=valid_from, valid_until=valid_until) for one in enrolled
            ],
        )
    )


def make_travel(one, other, minutes=45):
    low, high = sorted((one, other), key=lambda site: site.id)
    return add(TravelTime(one=low, other=high, minutes=minutes, kilometres=30.0))


def make_template(
    site,
    *,
    code,
    agreement=None,
    kind="consultation",
    specialty_name="urology",
    half_days=((1, "morning"), (2, "morning"), (2, "afternoon")),
    demands=(("lead", "any"),),
    room_kind="consulting",
    sessions_per_week=1,
    priority=1,
):
    """``demands`` are pairs of clinical role and side."""
    return add(
        SessionTemplate(
            code=code,
            agreement=agreement,
            site=site,
            kind=kind,
            specialty=specialty_name,
            sessions_per_week=sessions_per_week,
            anchor_on=WEEK,
            is_fixed=len(half_days) == 1,
            priority=priority,
            room_kind=room_kind,
            half_days=[TemplateHalfDay(weekday=day, half_day=half) for day, half in half_days],
            demands=[
                Demand(position=i, role=clinical_role(role), side=side, specialties=[specialty(specialty_name)])
                for i, (role, side) in enumerate(demands)
            ],
        )
    )


def make_roster(sites, *, templates=(), title="Test roster", first_on=WEEK, weeks=1):
    """A roster with the sessions and seats of these templates, and no version yet."""
    mondays = [first_on + timedelta(weeks=i) for i in range(weeks)]
    roster = add(
        Roster(
            title=title,
            first_on=first_on,
            weeks=weeks,
            site_weeks=[RosterSiteWeek(site=site, week_on=monday) for site in sites for monday in mondays],
        )
    )
    for template in templates:
        for monday in mondays:
            for index in range(template.sessions_per_week):
                make_session(roster, template, week_on=monday, index=index)
    return roster


def make_session(roster, template, *, week_on=WEEK, index=0):
    return add(
        ClinicalSession(
            template=template,
            roster_id=roster.id,
            week_on=week_on,
            index=index,
            seats=[
                Seat(demand=demand, index=i, revised_at=NOW)
                for demand in template.demands
                for i in range(demand.head_count)
            ],
            revised_at=NOW,
        )
    )


def sessions_of(roster):
    return db.session.scalars(select(ClinicalSession).filter_by(roster_id=roster.id).order_by(ClinicalSession.id)).all()


def make_version(roster, *, number=1, state="draft", based_on=None, account=None):
    return add(
        RosterVersion(
            roster=roster,
            number=number,
            state=state,
            based_on=based_on,
            created_at=NOW,
            created_by_id=account.id if account else None,
            published_at=NOW if state in ("published", "superseded") else None,
        )
    )


def place(version, session, *, on=WEEK, half_day="morning", room=None, team: Mapping[Seat, Clinician] | None = None):
    """Hold a session in a version; ``team`` maps its seats to clinicians."""
    start_at, end_at = interval(on, half_day, session.template.site.timezone)
    return add(
        Placement(
            version=version,
            session=session,
            on_date=on,
            half_day=half_day,
            start_at=start_at,
            end_at=end_at,
            room=room,
            assignments=[Assignment(seat=seat, clinician=clinician) for seat, clinician in (team or {}).items()],
        )
    )


def publish_duties(version):
    """Write who holds what in a version as published duties."""
    for placement in version.placements:
        for assignment in placement.assignments:
            add(
                PublishedDuty(
                    seat=assignment.seat,
                    version=version,
                    session=placement.session,
                    clinician=assignment.clinician,
                    on_date=placement.on_date,
                    half_day=placement.half_day,
                    start_at=placement.start_at,
                    end_at=placement.end_at,
                    room=placement.room,
                    is_exclusive=assignment.seat.demand.is_exclusive,
                )
            )


def interval(on, half_day, zone="Europe/Brussels"):
    starts, ends = (datetime.strptime(text, "%H:%M").time() for text in CLOCK[half_day])  # noqa: DTZ007
    last = on if ends > starts else on + timedelta(days=1)
    tz = ZoneInfo(zone)
    return datetime.combine(on, starts, tz).astimezone(UTC), datetime.combine(last, ends, tz).astimezone(UTC)


def make_leave(clinician, *, start_on=WEEK, days=5, kind="annual"):
    return add(
        Leave(clinician=clinician, kind=kind, start_on=start_on, end_on=start_on + timedelta(days=days), entered_at=NOW)
    )


def make_subscription(clinician, *, account=None, token_hash="", language="en", options=""):
    """A subscription to a clinician's feed, whose bytes were never made."""
    return add(
        FeedSubscription(
            bytes=make_feed_bytes("clinician", clinician.id, language=language, options=options),
            clinician=clinician,
            organisation_id=clinician.home.organisation_id,
            account=account,
            token_hash=token_hash or f"hash {next(_numbers)}",
            created_at=NOW,
        )
    )


def make_feed_bytes(feed, subject_id, **key):
    """The row of a feed's bytes, never made; what is there is given."""
    key = {"viewer_id": 0, "care_id": 0, "language": "en", "options": "", **key}
    there = db.session.scalar(select(FeedBytes).filter_by(feed=feed, subject_id=subject_id, **key))
    return there or add(FeedBytes(feed=feed, subject_id=subject_id, **key))


def make_solve_run(roster, *, base_version=None, state="done"):
    return add(SolveRun(roster=roster, base_version=base_version, state=state, problem="{}", requested_at=NOW))


def make_account(
    login,
    *,
    roles: Mapping[Organisation, str] | Iterable = (),
    clinician=None,
    language="en",
    is_platform_administrator=False,
    is_demonstration=False,
):
    """An account with PASSWORD; ``roles`` maps organisations to access roles."""
    return add(
        Account(
            login=login,
            name=login.replace(".", " ").title(),
            password_hash=_PASSWORD_HASH,
            language=language,
            clinician=clinician,
            is_platform_administrator=is_platform_administrator,
            is_demonstration=is_demonstration,
            created_at=NOW,
            grants=[AccessGrant(organisation=one, role=role) for one, role in dict(roles).items()],
        )
    )


def make_exception(organisation, *, rule, strength="warn", params=None, **concerns):
    """An organisation's exception to a rule, for some contracts, kinds or sites."""
    named = {name: sorted(codes) for name, codes in sorted(concerns.items())}
    choice = RuleChoice(organisation_id=organisation.id, rule=rule, strength=strength, params=params or {})
    choice.applies_to = json.dumps(named, sort_keys=True)
    return add(choice)
