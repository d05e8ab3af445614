"""A version as a board."""

import pytest

from scheduler.extensions import db
from scheduler.models import Holiday, RoomOpening
from scheduler.queries.board import load_board
from scheduler.queries.board_facts import short_name
from tests import factories as make
from tests.services.pair import MONDAY, THURSDAY, TUESDAY, WEDNESDAY


@pytest.fixture
def draft(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    return draft


def board_of(pair, version, scope=None, by="rooms"):
    db.session.flush()
    db.session.expire_all()
    return load_board(scope or pair.actor, pair.roster.id, version.number, by)


def cell(board, title, on, half_day="morning"):
    row = next(row for row in board.rows if row.title == title)
    return next(c for c in row.cells if (c.on, c.half_day) == (on, half_day))


def test_columns_are_the_half_days_in_which_something_is_or_may_be(pair, draft):
    board = board_of(pair, draft)

    assert [(c.on, c.half_day) for c in board.columns] == [
        (MONDAY, "morning"),
        (TUESDAY, "morning"),
        (TUESDAY, "afternoon"),
        (WEDNESDAY, "morning"),
        (THURSDAY, "morning"),
        (THURSDAY, "afternoon"),
    ]
    assert len(board.days) == 7
    assert all(len(row.cells) == len(board.columns) for row in board.rows)


def test_a_held_session_is_a_card_in_its_room(pair, draft):
    board = board_of(pair, draft)

    [card] = cell(board, "Room 1", TUESDAY).cards
    assert (card.people, card.kind, card.specialty, card.crosses) == (
        ("Exemple A.",),
        "consultation",
        "urology",
        "BE→FR",
    )
    assert (card.room_name, card.timezone, card.start_at.isoformat()) == (
        "Room 1",
        "Europe/Paris",
        "2026-11-24T07:30:00+00:00",
    )
    assert not card.is_changed  # nothing is published yet, so nothing differs from it
    assert {row.site_code for row in board.rows} == {"FR-MAUBEUGE"}


def test_a_session_without_a_room_has_a_row_of_its_own(pair, draft):
    own = make.make_template(pair.home, code="T9", half_days=((1, "morning"),), room_kind=None)
    dora = make.make_clinician(pair.home, code="D1")
    session = make.make_session(pair.roster, own)
    pair.hold(draft, session, dora, on=MONDAY)

    board = board_of(pair, draft)

    row = next(row for row in board.rows if row.key == f"site-{pair.home.id}")
    assert [len(c.cards) for c in row.cells] == [1, 0, 0, 0, 0, 0]


def test_the_clinician_view_has_a_row_for_everyone_who_may_be_planned(pair, draft):
    [theatre] = pair.sessions(pair.theatre)
    pair.hold(draft, theatre, pair.bram, pair.carl, pair.carl, on=WEDNESDAY)

    board = board_of(pair, draft, by="clinicians")

    assert [row.title for row in board.rows] == ["Dr Ada Exemple", "Dr Bram Voorbeeld", "Dr Carl Fictive"]
    [card] = cell(board, "Dr Carl Fictive", WEDNESDAY).cards
    assert (card.roles, card.people) == (("counterpart", "cover"), ("Voorbeeld B.", "Fictive C."))


def test_leave_closes_the_row_and_the_partner_reads_unavailable(pair, draft):
    make.make_leave(pair.bram, start_on=THURSDAY, days=1)

    own = cell(board_of(pair, draft, by="clinicians"), "Dr Bram Voorbeeld", THURSDAY)
    partner = cell(board_of(pair, draft, pair.partner, by="clinicians"), "Dr Bram Voorbeeld", THURSDAY)

    assert (own.is_closed, str(own.closed_reason)) == (True, "Dr Bram Voorbeeld is on leave")
    assert (partner.is_closed, str(partner.closed_reason)) == (True, "Dr Bram Voorbeeld is unavailable")
    assert not cell(board_of(pair, draft, by="clinicians"), "Dr Bram Voorbeeld", TUESDAY).is_closed


def test_the_partner_has_no_row_for_those_who_are_not_enrolled(pair, draft):
    make.make_clinician(pair.home, code="D1", name="Dr Dora Essai")

    own, partner = (
        [row.title for row in board_of(pair, draft, scope, by="clinicians").rows]
        for scope in (pair.actor, pair.partner)
    )

    assert own == ["Dr Ada Exemple", "Dr Bram Voorbeeld", "Dr Dora Essai", "Dr Carl Fictive"]
    assert partner == ["Dr Ada Exemple", "Dr Bram Voorbeeld", "Dr Carl Fictive"]


def test_the_partner_reads_nothing_of_the_leave_of_those_who_are_not_enrolled(pair, draft):
    own = make.make_template(pair.home, code="T9", half_days=((1, "morning"),), room_kind=None)
    dora = make.make_clinician(pair.home, code="D1", name="Dr Dora Essai")
    pair.hold(draft, make.make_session(pair.roster, own), dora, on=MONDAY)
    make.make_leave(dora, start_on=THURSDAY, days=1)

    mine, partners = (board_of(pair, draft, scope, by="clinicians") for scope in (pair.actor, pair.partner))

    assert cell(mine, "Dr Dora Essai", THURSDAY).is_closed
    assert "Dora" not in repr(partners)


def test_a_summary_does_not_name_whom_the_reader_may_not_know(pair, draft):
    """Dora of Mons is the only cardiologist, and not enrolled in the agreement under which the clinic is held."""
    clinic = make.make_template(
        pair.host,
        code="T9",
        agreement=pair.agreement,
        specialty_name="cardiology",
        half_days=((1, "morning"),),
        room_kind=None,
    )
    make.make_clinician(pair.home, code="D1", name="Dr Dora Essai", specialties=("cardiology",))
    session = make.make_session(pair.roster, clinic)
    draft = pair.draft()

    mine, partners = (
        next(str(gap.summary) for gap in board_of(pair, draft, scope).gaps if gap.session_id == session.id)
        for scope in (pair.actor, pair.partner)
    )

    assert "Dr Dora Essai" in mine
    assert partners == "Of 1 who could be asked, nobody can take the seat “lead”."


def test_rooms_are_closed_on_holidays_and_outside_their_hours(pair, draft):
    make.add(Holiday(calendar="FR", on_date=THURSDAY, name="Fête"))
    make.add(RoomOpening(room=pair.rooms[2], weekday=3, half_day="morning"))

    board = board_of(pair, draft)

    assert str(cell(board, "Room 1", THURSDAY).closed_reason) == "Holiday in FR"
    assert str(cell(board, "Theatre 1", TUESDAY).closed_reason) == "Theatre 1 is not open then"
    assert not cell(board, "Theatre 1", WEDNESDAY).is_closed
    assert [str(note) for day in board.days for note in day.notes] == ["Holiday in FR"]


def test_gaps_say_why(pair, draft):
    make.make_leave(pair.ada)
    make.make_leave(pair.bram)
    make.make_leave(pair.carl)
    pair.edit("remove_session", draft, session_id=pair.sessions()[0].id)

    board = board_of(pair, draft)

    assert len(board.gaps) == 3
    assert all(gap.summary is not None for gap in board.gaps)
    assert (board.held_count, board.session_count) == (0, 3)


def test_breaches_mark_the_cards(pair, draft):
    pair.hold(draft, pair.sessions()[1], pair.ada)

    board = board_of(pair, draft)

    assert board.count_of("block") >= 1
    assert {c.breach_level for row in board.rows for at in row.cells for c in at.cards} == {"block"}
    assert all(line.session_ids for line in board.breaches)


def test_a_published_version_shows_what_leave_has_made_of_it(pair, draft):
    pair.publish(draft)
    make.make_leave(pair.ada)

    board = board_of(pair, draft)

    assert [(line.rule, line.strength) for line in board.breaches] == [("leave", "block")]


def test_cards_that_differ_from_what_is_published_are_marked(pair, draft):
    pair.publish(draft)
    second = pair.draft()
    one, other = pair.sessions()
    pair.hold(second, other, pair.bram, on=THURSDAY)
    pair.edit("pin_session", second, session_id=one.id)

    board = board_of(pair, second)

    marks = {c.session_id: (c.is_changed, c.is_pinned) for row in board.rows for at in row.cells for c in at.cards}
    assert marks == {one.id: (False, True), other.id: (True, False)}
    assert (board.change_count, board.pin_count, board.based_on_number) == (1, 1, 1)


def test_what_was_changed_is_marked_until_it_is_published(pair, draft):
    pair.publish(draft)
    second = pair.draft()
    pair.move(second, pair.sessions()[0], THURSDAY)

    marked = board_of(pair, second).change_count
    pair.publish(second)

    assert (marked, board_of(pair, second).change_count) == (1, 0)


def test_keys_are_shown_with_who_gave_them(pair, draft):
    pair.approve(draft)

    board = board_of(pair, draft)

    assert [(a.name, a.needed, a.given_by, a.can_give) for a in board.approvals] == [
        ("Maubeuge", True, "Coordinator Maubeuge", False),
        ("Mons", True, "Coordinator Mons", True),
    ]


def test_a_clinician_reads_the_plan_without_its_judgement(pair, draft):
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)
    pair.publish(draft)

    board = board_of(pair, draft, pair.scope("ada"))

    assert not board.sees_findings
    assert (board.cost, board.breaches, board.approvals, board.is_editable) == (None, (), (), False)
    assert board.held_count == 1


def test_the_board_needs_a_fixed_number_of_statements(pair, draft, app):
    """However many sessions are held, nothing is loaded one by one."""
    few = _statements(pair, draft)
    for n in range(3):
        template = make.make_template(pair.host, code=f"M{n}", half_days=((4, "afternoon"),), room_kind=None)
        person = make.make_clinician(pair.host, code=f"P{n}")
        session = make.make_session(pair.roster, template)
        make.place(draft, session, on=THURSDAY, half_day="afternoon", team={session.seats[0]: person})

    assert _statements(pair, draft) <= few + 1


def _statements(pair, version):
    from sqlalchemy import event

    scope = pair.actor
    db.session.flush()
    db.session.expire_all()
    seen = []

    def count(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        board = load_board(scope, pair.roster.id, version.number)
        assert board.rows
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dr Ada Exemple", "Exemple A."),
        ("Prof. Jan van den Berg", "van den Berg J."),
        ("Dr Plato", "Plato"),
        ("Élise Démo", "Démo É."),
        ("Plato", "Plato"),
    ],
)
def test_names_on_cards_are_short(name, short):
    assert short_name(name) == short
