"""The demonstration's data: whole, loaded once, and dated from the week of the first loading."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from apiflask import APIFlask
from sqlalchemy import func, select, text

from scheduler.demo.load import find_anchor, load_demonstration, renew_password
from scheduler.errors import NotAllowed
from scheduler.extensions import db
from scheduler.models import (
    Account,
    AgreementEnrolment,
    Clinician,
    CooperationAgreement,
    HalfDayTimes,
    Holiday,
    Leave,
    Organisation,
    Room,
    SessionTemplate,
    Site,
    TravelTime,
    Zone,
)
from scheduler.services import accounts
from tests.demo_fixture import DEMO_NOW, DEMO_PASSWORD, DEMO_WEEK_0
from tests.demo_fixture import demo_day as day


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def person(code: str) -> Clinician:
    return db.session.scalars(select(Clinician).where(Clinician.code == code)).one()


@pytest.mark.parametrize(
    ("model", "number"),
    [
        (Site, 55),
        (Organisation, 55),
        (Zone, 7),
        (CooperationAgreement, 16),
        (Clinician, 26),
        (TravelTime, 289),
        (Holiday, 141),
        (Leave, 2),
        (Account, 6),
    ],
)
def test_everything_is_loaded(loaded: APIFlask, model: type, number: int) -> None:
    assert count(model) == number


def test_a_second_load_in_a_later_week_changes_nothing(loaded: APIFlask) -> None:
    before = _all_rows()

    with time_machine.travel(DEMO_NOW + timedelta(weeks=6)):
        again = load_demonstration()

    assert again.added == {}
    assert again.password is None
    assert again.anchor == DEMO_WEEK_0
    assert _all_rows() == before


def _all_rows() -> dict[str, list[tuple[object, ...]]]:
    tables = sorted(db.metadata.tables)
    return {name: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in tables}


def test_what_people_changed_is_left_as_it_is(loaded: APIFlask) -> None:
    site = db.session.scalars(select(Site).where(Site.code == "FR-MAUBEUGE")).one()
    site.name = "Another name"

    load_demonstration()

    assert site.name == "Another name"


def test_a_row_that_was_removed_comes_back(loaded: APIFlask) -> None:
    db.session.delete(db.session.scalars(select(Holiday)).first())
    db.session.flush()

    again = load_demonstration()

    assert again.added == {"holiday": 1}


def test_weeks_count_from_the_week_of_the_first_loading(loaded: APIFlask) -> None:
    away = {leave.clinician.code: (leave.start_on, leave.end_on) for leave in db.session.scalars(select(Leave))}

    assert find_anchor() == DEMO_WEEK_0
    assert away == {"C01": (day(5), day(5, 6)), "C03": (day(3), day(3, 6))}


def test_a_paper_is_valid_to_the_end_of_its_last_week(loaded: APIFlask) -> None:
    declaration = next(paper for paper in person("C23").registrations if paper.country == "FR")

    assert declaration.kind == "temporary_declaration"
    assert declaration.valid_until == day(4)
    assert person("C01").a1_valid_until == day(111)
    assert person("C01").insurances[0].valid_until == day(121)


def test_the_one_with_a_declaration_is_enrolled_from_week_three(loaded: APIFlask) -> None:
    enrolments = db.session.scalars(
        select(AgreementEnrolment).join(AgreementEnrolment.clinician).where(Clinician.code == "C23")
    ).all()

    assert [(e.agreement.code, e.valid_from) for e in enrolments] == [("MONS-MAUBEUGE-URO", day(3))]


def test_the_insurance_of_one_visitor_lacks_france(loaded: APIFlask) -> None:
    assert [insurance.countries for insurance in person("C24").insurances] == [["BE"]]


def test_maubeuges_first_theatre_is_equipped_and_open_on_wednesday_and_thursday(loaded: APIFlask) -> None:
    rooms = {
        room.code: room for room in db.session.scalars(select(Room).join(Room.site).where(Site.code == "FR-MAUBEUGE"))
    }

    first, second = rooms["FR-MAUBEUGE-T1"], rooms["FR-MAUBEUGE-T2"]
    assert first.equipment == ["endourology"]
    assert {(o.weekday, o.half_day) for o in first.openings} == {
        (weekday, half_day) for weekday in (3, 4) for half_day in ("morning", "afternoon")
    }
    assert (second.equipment, second.openings) == ([], [])
    assert sorted(room.kind for room in rooms.values()) == ["consulting"] * 3 + ["meeting"] + ["theatre"] * 2


def test_theatre_hours_differ_from_other_hours(loaded: APIFlask) -> None:
    times = {(t.kind, t.half_day): (t.starts, t.ends) for t in db.session.scalars(select(HalfDayTimes))}

    assert times[None, "morning"] == ("08:30", "12:30")
    assert times["theatre", "morning"] == times["joint_theatre", "morning"] == ("08:00", "13:00")
    assert times["theatre", "afternoon"] == times["joint_theatre", "afternoon"] == ("13:30", "18:00")
    assert len(times) == 9


def test_only_the_demand_of_the_first_roster_is_rostered(loaded: APIFlask) -> None:
    rostered = db.session.scalars(select(SessionTemplate.code).where(SessionTemplate.is_rostered)).all()

    assert sorted(rostered) == ["D01", "D02", "D03", "D04", "D06", "D07", "D08", "D09", "D10"]


def test_the_surgeon_of_the_mdt_is_a_urologist_of_either_side(loaded: APIFlask) -> None:
    mdt = db.session.scalars(select(SessionTemplate).where(SessionTemplate.code == "D02")).one()

    assert [(d.side, d.role.code, [s.name for s in d.specialties]) for d in mdt.demands] == [
        ("visitor", "oncologist", ["medical oncology"]),
        ("any", "surgeon", ["urology"]),
        ("host", "radiotherapist", ["radiotherapy"]),
    ]


def test_cover_lasts_two_days_and_occupies_nobody(loaded: APIFlask) -> None:
    theatre = db.session.scalars(select(SessionTemplate).where(SessionTemplate.code == "D04")).one()
    cover = next(demand for demand in theatre.demands if demand.role.code == "cover")

    assert (cover.cover_hours, cover.is_exclusive) == (48, False)


def test_the_three_specialties_at_givet_take_turns(loaded: APIFlask) -> None:
    turns = db.session.scalars(select(SessionTemplate).where(SessionTemplate.code.like("D13%"))).all()

    assert {(t.every_weeks, t.anchor_on) for t in turns} == {(3, day(week)) for week in range(3)}


def test_what_no_source_gives_is_marked_as_invented(loaded: APIFlask) -> None:
    agreements = db.session.scalars(select(CooperationAgreement)).all()

    assert all(agreement.invented for agreement in agreements)
    assert all("volumes" in a.invented for a in agreements if any(line.min_per_week for line in a.lines))
    assert all(agreement.sources for agreement in agreements)


def test_visiting_agreements_tie_two_countries_and_send_their_clinicians(loaded: APIFlask) -> None:
    visiting = db.session.scalars(select(CooperationAgreement).where(CooperationAgreement.kind == "visiting")).all()

    assert len(visiting) == 8
    assert all(a.home_site.country != a.host_site.country for a in visiting)
    assert {a.code for a in visiting if not a.enrolments} == {"VEURNE-DUNKERQUE"}


def test_days_off_differ_across_the_border(loaded: APIFlask) -> None:
    may = {row.calendar for row in db.session.scalars(select(Holiday).where(Holiday.on_date == date(2026, 5, 8)))}
    july = {row.calendar for row in db.session.scalars(select(Holiday).where(Holiday.on_date == date(2026, 7, 21)))}
    easter_sunday = db.session.scalars(
        select(Holiday).where(Holiday.on_date == date(2026, 4, 5), Holiday.calendar == "BE")
    ).one()

    assert may == {"FR", "FR-57"}
    assert july == {"BE"}
    assert not easter_sunday.is_statutory


def test_all_demonstration_accounts_share_one_password_that_is_kept_nowhere(app: APIFlask) -> None:
    with app.app_context():
        password = load_demonstration().password

        assert password is not None
        for login in ("coordinator.mons", "demo"):
            assert accounts.find_by_password(login, password, demonstration_allowed=True) is not None
        assert password not in repr(_all_rows())
        db.session.rollback()


def test_a_new_password_ends_the_old_one(loaded: APIFlask) -> None:
    new = renew_password()

    assert accounts.find_by_password("demo", new, demonstration_allowed=True) is not None
    assert accounts.find_by_password("demo", DEMO_PASSWORD, demonstration_allowed=True) is None


def test_demonstration_accounts_are_refused_at_a_public_address(loaded: APIFlask) -> None:
    assert accounts.find_by_password("demo", DEMO_PASSWORD, demonstration_allowed=False) is None


def test_the_demonstration_is_not_offered_at_a_public_address(app: APIFlask) -> None:
    app.config["PASSERELLE"] = replace(app.config["PASSERELLE"], public_url="https://roster.example")

    with app.app_context():
        for deed in (load_demonstration, renew_password):
            with pytest.raises(NotAllowed):
                deed()
        assert count(Site) == 0
