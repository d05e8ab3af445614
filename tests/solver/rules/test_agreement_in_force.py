from solver.problem import AgreementLine, Enrolment
from tests.solver.build import FAR_OFF, LONG_AGO, agreement, clinician, day, held, problem, session
from tests.solver.judging import broken, says

A = clinician("A")
LOCAL = clinician("L", "away")
VISIT = session("S", "away", agreement="pact")
RULE = "agreement_in_force"


def world(**pact):
    return problem([A, LOCAL], [VISIT], agreements=(agreement([A, LOCAL], **pact),))


def test_the_last_day_of_an_agreement_is_in_force():
    assert broken(world(valid_until=day(1)), held(VISIT, "A")) == set()


def test_the_day_after_an_agreement_is_refused_for_hosts_too():
    ended = world(valid_until=day(0))

    assert broken(ended, held(VISIT, "A")) == {RULE}
    assert broken(ended, held(VISIT, "L")) == {RULE}
    assert says(ended, RULE, held(VISIT, "L")) == "The agreement “Home and Away” is not in force on 2026-03-02."


def test_the_first_day_of_an_enrolment_counts_and_the_day_before_does_not():
    assert broken(world(enrolments=(Enrolment("A", day(0), FAR_OFF),)), held(VISIT, "A")) == set()
    assert broken(world(enrolments=(Enrolment("A", day(1), FAR_OFF),)), held(VISIT, "A")) == {RULE}


def test_the_day_after_an_enrolment_is_refused():
    assert broken(world(enrolments=(Enrolment("A", LONG_AGO, day(1)),)), held(VISIT, "A")) == set()
    assert broken(world(enrolments=(Enrolment("A", LONG_AGO, day(0)),)), held(VISIT, "A")) == {RULE}


def test_a_line_covers_its_specialty_and_its_kinds_only():
    kinds = frozenset({"theatre"})

    assert broken(world(lines=(AgreementLine("urology"),)), held(VISIT, "A")) == set()
    assert broken(world(lines=(AgreementLine("oncology"),)), held(VISIT, "A")) == {RULE}
    assert broken(world(lines=(AgreementLine("urology", kinds),)), held(VISIT, "A")) == {RULE}


def test_someone_at_home_needs_no_enrolment():
    assert broken(world(enrolments=()), held(VISIT, "L")) == set()
