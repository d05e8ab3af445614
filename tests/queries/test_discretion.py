"""Sessions of a hospital outside all agreements are its own: the partner on the same roster sees none of them."""

import pytest

from scheduler.errors import InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.queries import explanations, rosters
from scheduler.queries.board import load_board
from scheduler.queries.discretion import UNSEEN, discretion_of
from scheduler.queries.publish_page import load_publish_page
from scheduler.queries.roster_access import find_version
from scheduler.queries.session_page import load_session_page
from scheduler.text import say
from solver.outcome import Breach
from solver.problem import Strength
from tests import factories as make
from tests.services.pair import MONDAY, TUESDAY, WEDNESDAY


@pytest.fixture
def home(pair):
    """Sessions at home in Mons, held by Dora, who is enrolled in nothing, and by Ada, who is."""
    room = make.make_room(pair.home, name="Home room")
    make.make_clinician(pair.home, code="D1", name="Dr Dora Essai")
    own = make.make_template(
        pair.home, code="T9", kind="ward_round", half_days=((1, "morning"), (2, "afternoon")), room_kind="consulting"
    )
    pair.dora = db.session.query(type(pair.ada)).filter_by(code="D1").one()
    pair.home_room = room
    return [make.make_session(pair.roster, own, index=i) for i in range(3)]


@pytest.fixture
def draft(pair, home):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    pair.hold(draft, home[0], pair.dora, on=MONDAY, room_id=pair.home_room.id)
    pair.hold(draft, home[1], pair.ada, on=TUESDAY, half_day="afternoon", room_id=pair.home_room.id)
    return draft


def board_of(pair, version, scope, by="rooms"):
    db.session.flush()
    db.session.expire_all()
    return load_board(scope, pair.roster.id, version.number, by)


def cards_of(board):
    return {card.session_id for row in board.rows for cell in row.cells for card in cell.cards}


def taken(board, title):
    row = next(row for row in board.rows if row.title == title)
    return [(cell.on, cell.half_day) for cell in row.cells if cell.is_taken]


def test_the_partner_has_cards_under_the_agreement_alone(pair, home, draft):
    visit = pair.sessions()[0].id

    mine, partners = (board_of(pair, draft, scope) for scope in (pair.actor, pair.partner))

    assert cards_of(mine) == {visit, home[0].id, home[1].id}
    assert cards_of(partners) == {visit}
    assert {gap.session_id for gap in mine.gaps} - {gap.session_id for gap in partners.gaps} == {home[2].id}
    assert "Dora" not in repr(partners)
    assert "ward_round" not in repr(partners)


def test_a_room_reads_in_use_and_an_enrolled_visitor_busy(pair, draft):
    rooms, people = (board_of(pair, draft, pair.partner, by) for by in ("rooms", "clinicians"))

    assert taken(rooms, "Home room") == [(MONDAY, "morning"), (TUESDAY, "afternoon")]
    assert taken(people, "Dr Ada Exemple") == [(TUESDAY, "afternoon")]
    assert [row.title for row in people.rows] == ["Dr Ada Exemple", "Dr Bram Voorbeeld", "Dr Carl Fictive"]
    assert not taken(board_of(pair, draft, pair.actor), "Home room")


def test_breaches_of_the_others_are_counted_and_not_told(pair, draft):
    make.make_leave(pair.dora, start_on=MONDAY, days=1)

    mine, partners = (board_of(pair, draft, scope) for scope in (pair.actor, pair.partner))

    assert any("Dora" in str(line.message) for line in mine.breaches)
    assert "Dora" not in repr(partners)
    assert partners.count_of("block") == mine.count_of("block") == 1


def test_a_breach_of_someone_unseen_is_not_told_by_a_former_name_either(pair, draft):
    db.session.flush()
    _, reach = find_version(pair.partner, pair.roster.id, draft.number)
    discretion = discretion_of(pair.partner, reach, pair.roster.id)

    def breach(*codes):
        return Breach("max_sessions", Strength.WARN, say("%(who)s works.", who="Dr Dora Before"), clinicians=codes)

    assert not discretion.tells(breach("D1"))
    assert str(discretion.said(breach("D1"))) == UNSEEN
    assert discretion.tells(breach("A1"))
    assert discretion.tells(breach("A1", "D1"))


@pytest.mark.parametrize("ask", ["page", "places", "candidates", "gap"])
def test_a_session_of_the_others_is_not_found(pair, home, draft, ask):
    asked = {
        "page": lambda: load_session_page(pair.partner, pair.roster.id, draft.number, home[0].id),
        "places": lambda: explanations.places(pair.partner, draft.id, home[0].id),
        "candidates": lambda: explanations.candidates(pair.partner, draft.id, home[0].seats[0].id),
        "gap": lambda: explanations.gap_of(pair.partner, draft.id, home[2].id),
    }

    with pytest.raises(NotFound):
        asked[ask]()


@pytest.mark.parametrize("deed", ["move", "remove", "assign", "pin", "unpin", "place", "undo"])
def test_a_session_of_the_others_is_not_the_partners_to_change(pair, home, draft, deed):
    one, free, seat = home[0].id, home[2], home[0].seats[0].id
    deeds = {
        "move": ("move_session", {"session_id": one, "on": TUESDAY, "half_day": "afternoon"}),
        "remove": ("remove_session", {"session_id": one}),
        "assign": ("assign_seat", {"seat_id": seat, "clinician_id": pair.ada.id}),
        "pin": ("pin_session", {"session_id": one}),
        "unpin": ("unpin_session", {"session_id": one}),
        "place": (
            "place_session",
            {
                "session_id": free.id,
                "on": MONDAY,
                "half_day": "morning",
                "team": {free.seats[0].id: pair.bram.id},
            },
        ),
        "undo": ("undo", {}),
    }
    name, facts = deeds[deed]

    with pytest.raises(NotFound):
        pair.edit(name, draft, actor=pair.partner, **facts)


def test_the_partner_is_not_offered_to_undo_what_it_does_not_see(pair, draft):
    assert not board_of(pair, draft, pair.partner).can_undo
    assert board_of(pair, draft, pair.actor).can_undo


def test_changes_of_the_others_are_counted_and_not_listed(pair, home, draft):
    page = load_publish_page(pair.partner, pair.roster.id, draft.number)

    assert [person.name for person in page.people] == ["Dr Ada Exemple"]
    assert [(site.site_name, site.count) for site in page.elsewhere] == [(pair.home.name, 2)]
    assert page.person_count == 2
    assert {c.session_id for c in rosters.differences(pair.partner, draft.id)} == {pair.sessions()[0].id}
    assert load_publish_page(pair.actor, pair.roster.id, draft.number).elsewhere == ()


def test_publishing_does_not_tell_what_blocks_the_others(pair, draft):
    make.make_leave(pair.dora, start_on=MONDAY, days=1)

    with pytest.raises(InvalidInput) as refused:
        pair.publish(draft, actor=pair.partner)

    assert not refused.value.problems


def test_a_clinician_of_the_partner_reads_the_visits_and_not_the_sessions_at_home(pair, home, draft):
    make.make_account("carl", roles={pair.maubeuge: "clinician"}, clinician=pair.carl)
    pair.hold(draft, pair.sessions(pair.theatre)[0], pair.bram, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(draft)

    board = board_of(pair, draft, pair.scope("carl"), "clinicians")

    assert cards_of(board) == {pair.sessions()[0].id, pair.sessions(pair.theatre)[0].id}
    assert "Dora" not in repr(board)


def test_who_coordinates_one_hospital_and_manages_the_other_changes_the_first_alone(pair, home, draft):
    make.make_account("both", roles={pair.mons: "manager", pair.maubeuge: "coordinator"})
    scope = pair.scope("both")

    assert home[0].id in cards_of(board_of(pair, draft, scope))
    with pytest.raises(Exception, match="coordinator"):
        pair.edit("remove_session", draft, actor=scope, session_id=home[0].id)
