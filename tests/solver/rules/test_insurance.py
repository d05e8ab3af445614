from tests.solver.build import clinician, day, held, paper, problem, session
from tests.solver.judging import broken

ABROAD = session("S", "away")


def world(*papers):
    return problem([clinician("A", insurances=papers)], [ABROAD])


def test_cover_whose_last_day_is_the_session_counts():
    assert broken(world(paper("BE", "FR", end=day(1), kind="insurance")), held(ABROAD, "A")) == set()


def test_cover_that_ended_the_day_before_is_refused():
    assert broken(world(paper("BE", "FR", end=day(0), kind="insurance")), held(ABROAD, "A")) == {"insurance"}


def test_cover_that_lacks_the_country_is_refused():
    assert broken(world(paper("BE", kind="insurance")), held(ABROAD, "A")) == {"insurance"}
