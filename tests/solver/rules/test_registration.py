from tests.solver.build import clinician, day, held, paper, problem, session
from tests.solver.judging import broken, says

ABROAD = session("S", "away")


def world(*papers):
    return problem([clinician("A", registrations=papers)], [ABROAD])


def test_a_registration_whose_last_day_is_the_session_counts():
    assert broken(world(paper("BE"), paper("FR", end=day(1))), held(ABROAD, "A")) == set()


def test_a_registration_that_ended_the_day_before_is_refused_with_its_end():
    lapsed = world(paper("BE"), paper("FR", end=day(0)))

    assert broken(lapsed, held(ABROAD, "A")) == {"registration"}
    assert "valid until 2026-03-02" in says(lapsed, "registration", held(ABROAD, "A"))


def test_a_registration_that_starts_the_day_after_is_refused():
    assert broken(world(paper("FR", start=day(1))), held(ABROAD, "A")) == {"registration"}


def test_a_registration_for_the_home_country_does_not_count_abroad():
    assert broken(world(paper("BE")), held(ABROAD, "A")) == {"registration"}
