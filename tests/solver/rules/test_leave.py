from tests.solver.build import absence, clinician, held, problem, seat, session
from tests.solver.judging import broken

MORNING = session("S")
COVERED = session("T", seats=[seat("cover", exclusive=False, cover_hours=48)])


def world(spell):
    return problem([clinician("A")], [MORNING, COVERED], absences=(spell,))


def test_an_absence_may_end_when_the_session_starts_and_start_when_it_ends():
    assert broken(world(absence("A", 0, "06:00", "08:30")), held(MORNING, "A")) == set()
    assert broken(world(absence("A", 0, "12:30", "18:00")), held(MORNING, "A")) == set()


def test_a_minute_of_absence_within_the_session_is_refused():
    assert broken(world(absence("A", 0, "06:00", "08:31")), held(MORNING, "A")) == {"leave"}
    assert broken(world(absence("A", 0, "12:29", "18:00")), held(MORNING, "A")) == {"leave"}


def test_cover_is_refused_during_leave_until_its_last_minute():
    assert broken(world(absence("A", 2, "12:29", "18:00")), held(COVERED, "A")) == {"leave"}
    assert broken(world(absence("A", 2, "12:30", "18:00")), held(COVERED, "A")) == set()
