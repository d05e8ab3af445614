"""Another name for a site, a room or a clinician: who may, what is told, and which calendars change."""

from datetime import timedelta

import pytest
import time_machine

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import CancelledSession, JournalEntry, Programme, Specialty, Zone
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.session_states import state_to_json, states_of
from scheduler.services import renaming
from scheduler.services.judging import judge_version
from tests import factories as make
from tests.services.pair import TUESDAY, WEDNESDAY

DEEDS = {
    "site": (renaming.rename_site, "site_id"),
    "room": (renaming.rename_room, "room_id"),
    "clinician": (renaming.rename_clinician, "clinician_id"),
}


@pytest.fixture
def published(pair):
    """Ada's visit in room 1; Bram's list with Carl, who also covers it; nobody is told of the second visit."""
    draft = pair.draft()
    [theatre] = pair.sessions(pair.theatre)
    pair.hold(draft, pair.sessions()[0], pair.ada, on=TUESDAY, room_id=pair.rooms[0].id)
    pair.hold(draft, theatre, pair.bram, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(draft)
    return draft


@pytest.fixture
def feeds(pair, published):
    """A feed of each thing, never made; give which are wanted more than once."""
    programme = make.add(Programme(code="P", name="P"))
    zone = make.add(Zone(code="Z", name="Z", sites=[pair.host], programmes=[programme]))
    elsewhere = make.add(Zone(code="E", name="E", sites=[make.make_site(make.make_organisation("ELSEWHERE"))]))
    other = make.make_agreement(pair.home, pair.host, code="OTHER")
    things = {
        "clinician": (pair.ada, pair.bram, pair.carl, make.make_clinician(pair.host, name="Dr Dora Onbekend")),
        "site": (pair.home, pair.host),
        "room": pair.rooms,
        "agreement": (pair.agreement, other),
        "specialty": (db.session.query(Specialty).filter_by(name="urology").one(), make.specialty("oncology")),
        "programme": (programme, make.add(Programme(code="Q", name="Q"))),
        "zone": (zone, elsewhere),
        "public": (zone, elsewhere),
    }
    rows = [(feed, one, make.make_feed_bytes(feed, one.id)) for feed, every in things.items() for one in every]

    def marked():
        db.session.expire_all()
        return {(feed, one) for feed, one, row in rows if row.wanted > 1}

    return marked


def rename(pair, thing, name="New name", *, actor=None, **more):
    kind = type(thing).__name__.lower()
    deed, key = DEEDS[kind]
    return deed(**{key: thing.id}, actor=actor or pair.partner, name=name, **more)


def later(moment=timedelta(minutes=5)):
    """Time travels on from the publication."""
    return time_machine.travel(clock.now() + moment, tick=True)


def revisions(*things):
    db.session.expire_all()
    return [(one.sequence, one.revised_at) for one in things]


def test_a_site_is_renamed_everywhere(pair, published):
    rename(pair, pair.host, "  Centre hospitalier   de Maubeuge ")

    [duty] = duties_of_clinician(pair.ada.id, published.published_at, published.published_at + timedelta(days=30))
    assert duty.site.name == pair.host.name == "Centre hospitalier de Maubeuge"


@pytest.mark.parametrize("what", ["site", "room", "clinician"])
def test_what_shows_the_name_is_revised_and_keeps_its_sequence(pair, published, what):
    visit, unheld = pair.sessions()
    [theatre] = pair.sessions(pair.theatre)
    thing = {"site": pair.host, "room": pair.rooms[2], "clinician": pair.carl}[what]
    shown = [theatre, *theatre.seats]
    others = [unheld, *unheld.seats]
    (shown if what == "site" else others).extend([visit, *visit.seats])
    before, others_before = revisions(*shown), revisions(*others)

    with later():
        at = clock.now()
        rename(pair, thing)

    assert [sequence for sequence, _ in revisions(*shown)] == [sequence for sequence, _ in before]
    assert all(revised_at >= at for _, revised_at in revisions(*shown))
    assert revisions(*others) == others_before


def test_a_name_given_back_at_once_is_a_change_as_well(pair, published):
    [theatre] = pair.sessions(pair.theatre)
    old = pair.host.name

    rename(pair, pair.host, "For a moment")
    [(_, first)] = revisions(theatre)
    rename(pair, pair.host, old)

    assert revisions(theatre)[0][1] >= first + timedelta(seconds=1)


def test_a_renamed_site_marks_its_feeds_its_rooms_and_those_at_home_there(pair, feeds):
    rename(pair, pair.host)

    [urology] = db.session.query(Specialty).filter_by(name="urology")
    zone, programme = db.session.query(Zone).filter_by(code="Z").one(), db.session.query(Programme).first()
    dora = next(one for feed, one in feeds() if feed == "clinician" and one.name == "Dr Dora Onbekend")
    assert feeds() == {
        *(("clinician", one) for one in (pair.ada, pair.bram, pair.carl, dora)),
        ("site", pair.host),
        *(("room", room) for room in pair.rooms),
        ("agreement", pair.agreement),
        ("specialty", urology),
        ("programme", programme),
        ("zone", zone),
    }


def test_a_site_that_only_people_come_from_marks_their_feeds_for_the_way(pair, feeds):
    rename(pair, pair.home, actor=pair.actor)

    assert feeds() == {("site", pair.home), ("clinician", pair.ada), ("clinician", pair.bram)}


def test_a_renamed_room_marks_what_shows_its_sessions(pair, feeds):
    rename(pair, pair.rooms[2])

    marked = feeds()
    assert {one for feed, one in marked if feed == "clinician"} == {pair.bram, pair.carl}
    assert {one for feed, one in marked if feed == "room"} == {pair.rooms[2]}
    assert {one for feed, one in marked if feed == "agreement"} == {pair.agreement}


def test_a_renamed_room_in_which_nothing_is_held_marks_its_own_feed_alone(pair, feeds):
    rename(pair, pair.rooms[1])

    assert feeds() == {("room", pair.rooms[1])}


def test_a_renamed_clinician_marks_the_feeds_of_the_whole_team(pair, feeds):
    rename(pair, pair.bram, actor=pair.actor)

    marked = feeds()
    assert {one for feed, one in marked if feed == "clinician"} == {pair.bram, pair.carl}
    assert {one for feed, one in marked if feed == "room"} == {pair.rooms[2]}
    assert {one for feed, one in marked if feed == "site"} == {pair.host}


def test_the_public_is_told_when_it_sees_the_sessions(pair, feeds):
    pair.agreement.is_released = True

    rename(pair, pair.rooms[0])

    assert {one.code for feed, one in feeds() if feed == "public"} == {"Z"}


@pytest.mark.parametrize("what", ["site", "room", "clinician"])
def test_cancelled_sessions_that_some_still_see_are_revised_too(pair, published, what):
    visit = pair.sessions()[0]
    state = states_of(published.id)[visit.id]
    db.session.connection().exec_driver_sql("delete from published_duty")
    row = make.add(
        CancelledSession(
            session_id=visit.id, roster_id=pair.roster.id, state=state_to_json(state), cancelled_at=clock.now()
        )
    )
    thing = {"site": pair.host, "room": pair.rooms[0], "clinician": pair.ada}[what]
    actor = pair.actor if what == "clinician" else pair.partner
    before = revisions(visit, visit.seats[0])

    with later():
        rename(pair, thing, actor=actor)

    after = revisions(visit, visit.seats[0])
    assert all(now > was for (_, was), (_, now) in zip(before, after, strict=True))
    row.cancelled_at -= timedelta(days=14)
    with later(timedelta(minutes=10)):
        rename(pair, thing, "Another", actor=actor)
    assert revisions(visit, visit.seats[0]) == after


def test_what_feeds_show_no_more_is_left_alone(pair, published):
    visit = pair.sessions()[0]
    before = revisions(visit, *visit.seats)

    with later(timedelta(days=150)):
        rename(pair, pair.host)

    assert revisions(visit, *visit.seats) == before


def test_published_versions_and_the_journal_stay(pair, published):
    states, entries = states_of(published.id), [entry.hash for entry in db.session.query(JournalEntry)]
    findings = published.findings

    rename(pair, pair.host)
    rename(pair, pair.carl)

    db.session.expire_all()
    assert (states_of(published.id), published.findings) == (states, findings)
    assert [entry.hash for entry in db.session.query(JournalEntry)][: len(entries)] == entries


def test_the_journal_names_places_and_no_people(pair, published):
    old = pair.host.name

    rename(pair, pair.host, "CH de Maubeuge")
    rename(pair, pair.rooms[0], "Cabinet 1")
    rename(pair, pair.carl, "Dr Carl Nouveau")

    site, room, clinician = db.session.query(JournalEntry).order_by(JournalEntry.id).all()[-3:]
    assert (site.deed, site.subject, site.subject_id) == ("site.renamed", "site", pair.host.id)
    assert site.facts == {"from": old, "to": "CH de Maubeuge", "sessions": 2}
    assert (room.deed, room.facts) == ("room.renamed", {"from": "Room 1", "to": "Cabinet 1", "sessions": 1})
    assert (clinician.deed, clinician.facts) == ("clinician.renamed", {"sessions": 1})
    assert {tuple(one.organisation_ids) for one in (site, room, clinician)} == {(pair.maubeuge.id,)}


def test_a_clinicians_account_is_called_alike(pair):
    account = make.make_account("carl", roles={pair.maubeuge: "clinician"}, clinician=pair.carl)
    account.name = pair.carl.name
    db.session.flush()

    rename(pair, pair.carl, "Prof. Carla van den Berg")

    assert (account.name, pair.carl.sort_name) == ("Prof. Carla van den Berg", "van den Berg Carla")
    account.name = "Carla"
    rename(pair, pair.carl, "Dr Carla Berg")
    assert account.name == "Carla"


def test_drafts_are_judged_by_the_new_name(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada, on=TUESDAY)
    make.make_leave(pair.ada, start_on=TUESDAY, days=1)
    judge_version(draft)
    assert "Dr Ada Exemple" in repr(draft.findings)

    rename(pair, pair.ada, "Dr Ada Nouvelle", actor=pair.actor)

    assert "Dr Ada Exemple" not in repr(draft.findings)
    assert "Dr Ada Nouvelle" in repr(draft.findings)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Enter a name."),
        (" \t\n ", "Enter a name."),
        ("x" * 81, "Use at most 80 characters."),
        ("Site\u202eduol", "cannot be shown"),
        ("Site \x07", "cannot be shown"),
    ],
)
@pytest.mark.parametrize("what", ["site", "room", "clinician"])
def test_a_name_that_cannot_be_shown_is_refused(pair, what, name, problem):
    thing = {"site": pair.host, "room": pair.rooms[0], "clinician": pair.carl}[what]
    old = thing.name

    with pytest.raises(InvalidInput, match=problem) as refusal:
        rename(pair, thing, name)

    assert list(refusal.value.problems) == ["name"]
    assert thing.name == old


def test_a_name_may_be_as_long_as_it_may(pair):
    assert rename(pair, pair.host, "x" * 80).name == "x" * 80


def test_two_rooms_of_a_site_never_have_one_name(pair):
    with pytest.raises(InvalidInput, match="Another room") as refusal:
        rename(pair, pair.rooms[0], "Room 2")

    assert list(refusal.value.problems) == ["name"]
    elsewhere = make.make_room(pair.home, name="Elsewhere")
    assert rename(pair, pair.rooms[0], elsewhere.name).name == "Elsewhere"


@pytest.mark.parametrize("what", ["site", "room", "clinician"])
def test_whoever_comes_second_is_told(pair, what):
    thing = {"site": pair.host, "room": pair.rooms[0], "clinician": pair.carl}[what]
    known = thing.name
    rename(pair, thing, "First", known=known)

    with pytest.raises(Conflict, match="“First”"):
        rename(pair, thing, "Second", known=known)

    assert thing.name == "First"


def test_a_form_that_is_sent_twice_changes_nothing_more(pair, published):
    known = pair.host.name
    rename(pair, pair.host, "Once", known=known)
    entries = db.session.query(JournalEntry).count()

    assert rename(pair, pair.host, "Once", known=known).name == "Once"
    assert rename(pair, pair.host, "Once", known="Once").name == "Once"

    assert db.session.query(JournalEntry).count() == entries


def accounts(pair):
    for role in ("administrator", "manager", "clinician"):
        make.make_account(f"{role}.maubeuge", roles={pair.maubeuge: role})
    make.make_account("coordinator.stranger", roles={make.make_organisation("STRANGER"): "coordinator"})
    make.make_account("platform", is_platform_administrator=True)
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)
    make.make_account("carl", roles={pair.maubeuge: "clinician"}, clinician=pair.carl)


@pytest.mark.parametrize(
    ("login", "site", "clinician"),
    [
        ("coordinator.maubeuge", None, None),
        ("administrator.maubeuge", None, None),
        ("manager.maubeuge", NotAllowed, NotAllowed),
        ("clinician.maubeuge", NotAllowed, NotFound),
        ("carl", NotAllowed, NotAllowed),
        ("coordinator.mons", NotAllowed, NotFound),
        ("coordinator.stranger", NotFound, NotFound),
        ("platform", NotFound, NotFound),
    ],
)
def test_coordinators_and_administrators_of_the_owner_may_rename(pair, login, site, clinician):
    accounts(pair)
    actor = pair.scope(login)
    for thing, refusal in ((pair.host, site), (pair.rooms[0], site), (pair.carl, clinician)):
        if refusal is None:
            assert rename(pair, thing, actor=actor).name == "New name"
        else:
            with pytest.raises(refusal):
                rename(pair, thing, actor=actor)


def test_a_partner_does_not_rename_someone_who_is_enrolled(pair):
    with pytest.raises(NotAllowed):
        rename(pair, pair.ada, actor=pair.partner)


@pytest.mark.parametrize("deed", list(DEEDS))
def test_what_is_not_there_is_not_found(pair, deed):
    rename_it, key = DEEDS[deed]

    with pytest.raises(NotFound):
        rename_it(**{key: 987_654}, actor=pair.actor, name="Nowhere")


@pytest.mark.parametrize(
    ("name", "sorted_under"),
    [
        ("Dr Ada Exemple", "Exemple Ada"),
        ("Mme Zoé de la Tour", "de la Tour Zoé"),
        ("Madonna", "Madonna"),
        ("Dr", "Dr"),
        ("Ada Exemple", "Exemple Ada"),
    ],
)
def test_names_are_looked_up_by_family_name(name, sorted_under):
    assert renaming.sort_name_of(name) == sorted_under
