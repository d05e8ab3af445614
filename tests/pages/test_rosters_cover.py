"""Post-operative cover on the pages of a roster: it begins when the session ends, and who only covers is not in it."""

import pytest

from scheduler.extensions import commit, db
from scheduler.models import ClinicalSession, Clinician, Demand, Placement, Room, RosterVersion, Seat
from tests import factories as make

VISITOR, HOST = "Dr Visitor Hospital Mons", "Dr Host Hospital Maubeuge"


@pytest.fixture
def mons(page_client, world):
    return page_client.sign_in("coordinator.mons")


def url(world, rest="", number=2):
    return f"/rosters/{world.ours.roster}/versions/{number}{rest}"


def seat_of_cover(world):
    """Have the sessions ask for 48 hours of cover too; gives the seat of the one that is held."""
    session = db.session.get(ClinicalSession, world.ours.session)
    cover = Demand(
        position=1, role=make.clinical_role("cover"), side="any", cover_hours=48, is_exclusive=False, specialties=[]
    )
    session.template.demands.append(cover)
    seat = make.add(Seat(session=session, demand=cover, index=0, revised_at=make.NOW))
    return seat


def give(version_id, seat, clinician_id):
    """Give the cover to someone in a version."""
    placement = db.session.query(Placement).filter_by(version_id=version_id, session_id=seat.session_id).one()
    make.add(make.Assignment(placement=placement, seat=seat, clinician=db.session.get(Clinician, clinician_id)))


def copy_of(world, number):
    """Make another draft in which the visitor holds the first session."""
    published = db.session.get(RosterVersion, world.ours.published)
    version = make.make_version(published.roster, number=number, based_on=published)
    session, visitor = (
        db.session.get(ClinicalSession, world.ours.session),
        db.session.get(Clinician, world.ours.visitor),
    )
    room = db.session.get(Room, world.ours.room)
    make.place(version, session, room=room, team={session.seats[0]: visitor})
    return version


def make_current(version, world):
    """Have a version be the published one."""
    db.session.get(RosterVersion, world.ours.published).state = "superseded"
    db.session.flush()
    version.state, version.published_at = "published", make.NOW
    commit()


def rows_of(page):
    """By person the text of the row of the page before publishing."""
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    return {name: row for name in (VISITOR, HOST) for row in rows if row.startswith(name)}


def test_cover_that_passes_on_is_told_with_its_own_hours_and_no_room(mons, world, db_session):
    seat = seat_of_cover(world)
    before, after = (copy_of(world, number) for number in (3, 4))
    give(before.id, seat, world.ours.visitor)
    give(after.id, seat, world.ours.host_clinician)
    make_current(before, world)

    rows = rows_of(mons.get(url(world, "/publish", number=4)))

    cover = "Post-operative cover, Mon 23 Nov, 12:30 to Wed 25 Nov, 12:30"
    assert cover in rows[HOST]
    assert "Consulting 1" not in rows[HOST]
    assert "08:30" not in rows[HOST]
    assert rows[VISITOR].count(cover) == 1
    assert rows[VISITOR].count("Lead") == 2
    assert "only the team changes" not in rows[VISITOR]


def test_who_keeps_the_own_part_is_told_that_only_the_team_changes(mons, world, db_session):
    seat = seat_of_cover(world)
    give(world.ours.draft, seat, world.ours.host_clinician)
    commit()

    assert "only the team changes" in rows_of(mons.get(url(world, "/publish")))[VISITOR]


def test_what_is_published_is_compared_with_what_was_before(mons, world, db_session):
    later = copy_of(world, 3)
    give(later.id, seat_of_cover(world), world.ours.host_clinician)
    make_current(later, world)

    page = mons.get(url(world, "/publish", number=3))

    labels = {cell.get("data-label") for cell in page.all("td")}
    assert {"Before", "In this version"} <= labels
    assert "Published now" not in page.text
    assert not {"Published now", "In this draft"} & labels


def card_of(page, name):
    """The text of the first card in a clinician's row."""
    for row in page.all("tr"):
        heads = [head for head in row.iter("th") if "".join(head.itertext()).strip() == name]
        cards = [one for one in row.iter("a") if one.get("data-card")]
        if heads and cards:
            return " ".join(" ".join(cards[0].itertext()).split())
    raise AssertionError(f"no card in the row of {name}")


def test_who_only_covers_has_a_card_that_says_so(mons, world, db_session):
    give(world.ours.draft, seat_of_cover(world), world.ours.host_clinician)
    commit()

    page = mons.get(url(world, "?by=clinicians"))

    card = card_of(page, HOST)
    assert card.startswith("Post-operative cover Urology after the session, until Wed 25 Nov, 12:30")
    assert "Consult" not in card
    assert "Consultation" in card_of(page, VISITOR)


def test_only_who_crosses_the_border_is_marked_on_the_board_of_clinicians(mons, world, db_session):
    session = db_session.get(ClinicalSession, world.ours.session)
    demand = Demand(position=1, role=make.clinical_role("counterpart"), side="host", specialties=[])
    session.template.demands.append(demand)
    seat = make.add(Seat(session=session, demand=demand, index=0, revised_at=make.NOW))
    give(world.ours.draft, seat, world.ours.host_clinician)
    commit()

    page = mons.get(url(world, "?by=clinicians"))

    assert "BE→FR" in card_of(page, VISITOR)
    assert "BE→FR" not in card_of(page, HOST)
