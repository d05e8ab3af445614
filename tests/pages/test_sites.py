"""Sites: the own ones and those of partners."""

from datetime import date, timedelta

from scheduler.extensions import commit
from scheduler.models import Holiday, Room, RoomClosure, RoomOpening, Site, SiteClosure, Zone
from tests import factories as make


def test_the_list_shows_own_sites_first_and_no_strangers(page_client, world):
    page = page_client.sign_in("coordinator.maubeuge").get("/sites")

    assert "2 sites" in page.text
    assert [name for name in page.links if name.startswith("Site ")] == ["Site FR-MAUBEUGE", "Site BE-MONS"]
    assert "Hospital Maubeuge Yours" in page.text


def test_a_country_narrows_the_list(page_client, world):
    page_client.sign_in("coordinator.mons")

    assert "1 site" in page_client.get("/sites?country=FR").text
    assert "No site fits" in page_client.get("/sites?country=LU").text


def test_a_site_shows_rooms_with_equipment_and_open_half_days(db_session, page_client, world):
    theatre = db_session.get(Room, world.ours.theatre)
    theatre.openings = [RoomOpening(weekday=3, half_day="afternoon"), RoomOpening(weekday=3, half_day="morning")]
    theatre.closures = [
        RoomClosure(start_on=date(2026, 12, 1), end_on=date(2026, 12, 3), reason="New lamps"),
        RoomClosure(start_on=date(2026, 1, 1), end_on=date(2026, 1, 3), reason="Old lamps"),
    ]
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/sites/{world.ours.host_site}")

    assert page.heading == "Site FR-MAUBEUGE"
    assert "Wed Morning, Afternoon" in page.text
    assert "endourology" in page.text
    assert "every half-day" in page.text
    assert "Closed from Tue 1 Dec to 2 Dec 2026 New lamps" in page.text
    assert "Old lamps" not in page.text


def test_a_site_shows_the_way_to_partners_across_the_border(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/sites/{world.ours.home_site}")

    assert "Site FR-MAUBEUGE" in page.links
    assert "45 30 crosses the border estimated" in page.text


def test_a_site_shows_holidays_closures_and_zones(db_session, page_client, world):
    site = db_session.get(Site, world.ours.host_site)
    zone = Zone(code="MOMAU", name="ZOAST Mons-Maubeuge", in_force="2009", sites=[site])
    holiday = Holiday(calendar=site.holiday_calendar, on_date=date(2026, 12, 25), name="Noël")
    late = Holiday(calendar=site.holiday_calendar, on_date=date(2028, 12, 25), name="Noël 2028")
    closure = SiteClosure(site_id=site.id, start_on=make.WEEK, end_on=make.WEEK + timedelta(days=2), reason="Works")
    db_session.add_all([zone, holiday, late, closure])
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/sites/{world.ours.host_site}")

    assert "Fri 25 Dec 2026 Noël" in page.text
    assert "2028" not in page.text
    assert "Mon 23 Nov to 24 Nov 2026 Works" in page.text
    assert "ZOAST Mons-Maubeuge in force since: 2009" in page.text


def test_sites_of_strangers_are_not_found(page_client, world):
    for login in ("coordinator.tourcoing", "manager.tourcoing", "clinician.tourcoing"):
        page_client.sign_in(login).get(f"/sites/{world.ours.host_site}", status=404)


def test_texts_of_the_demonstration_are_shown_in_the_readers_language(db_session, page_client, world):
    site = db_session.get(Site, world.ours.host_site)
    site.register_name, site.register_number, site.note = "Agreement", "42", "Visiting specialists"
    db_session.add(Zone(code="MOMAU", name="ZOAST Mons-Maubeuge", in_force="Consultation", sites=[site]))
    db_session.get(Room, world.ours.theatre).equipment = ["Urology"]
    commit()
    page_client.sign_in("coordinator.mons").post("/language", {"language": "nl", "next": "/"})

    page = page_client.get(f"/sites/{world.ours.host_site}")

    for text in ("Overeenkomst 42", "Bezoekende specialisten", "Raadpleging", "Urologie"):
        assert text in page.text


def test_a_coordinator_renames_a_room(page_client, world):
    page_client.sign_in("coordinator.mons")
    page = page_client.get(f"/sites/{world.ours.home_site}")
    assert "Rename Consulting 1" in page.text

    answer = page_client.submit(page, {"New name": "Cabinet 1"}, button="Save name")

    page = page_client.follow(answer)
    assert "The name is saved." in page.text
    assert "Rename Cabinet 1" in page.text


def test_an_administrator_renames_the_site(db_session, page_client, world):
    page_client.sign_in("administrator.mons")
    path = f"/sites/{world.ours.home_site}"
    assert "Rename this site" in page_client.get(path).text

    page = page_client.follow(page_client.post(f"{path}/rename", {"name": "CHR Mons", "known": "Site BE-MONS"}))

    assert page.heading == "CHR Mons"


def test_a_name_that_is_refused_is_shown_beside_its_field(page_client, world):
    page_client.sign_in("coordinator.mons")
    page = page_client.get(f"/sites/{world.ours.home_site}")

    page = page_client.submit(page, {"New name": " "}, button="Save name", status=422)

    assert page.title.startswith("Site BE-MONS (not saved)")
    assert "The name is not saved Enter a name." in page.text
    assert page.links["Enter a name."] == f"#room-{world.ours.home_room}-name"


def test_whoever_renames_a_site_second_sees_the_name_it_has_now(page_client, other_client, world):
    path = f"/sites/{world.ours.home_site}/rename"
    known = {"known": "Site BE-MONS"}
    page_client.sign_in("coordinator.mons").post(path, {"name": "First", **known})

    page = other_client.sign_in("administrator.mons").post(path, {"name": "Second", **known}, status=409)

    assert page.heading == "First"
    assert "Someone renamed it meanwhile to “First”. Nothing was changed." in page.text
    fields = [(one.get("name"), one.get("value")) for one in page.all("input")]
    assert ("name", "Second") in fields
    assert ("known", "Site BE-MONS") not in fields


def test_nobody_is_offered_to_rename_what_belongs_to_others(page_client, world):
    for login, site_id in (("manager.mons", world.ours.home_site), ("coordinator.mons", world.ours.host_site)):
        page = page_client.sign_in(login).get(f"/sites/{site_id}")

        assert "Rename" not in page.text
    page_client.post(f"/sites/{world.ours.host_site}/rename", {"name": "Ours"}, status=403)
    page_client.post(f"/sites/{world.ours.host_site}/rooms/{world.ours.room}/rename", {"name": "Ours"}, status=403)
    page_client.post(f"/sites/{world.ours.home_site}/rooms/{world.ours.room}/rename", {"name": "Ours"}, status=404)
