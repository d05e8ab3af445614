from dataclasses import replace

import pytest

from tests.solver.build import AWAY, HOME, clinician, held, problem, session
from tests.solver.judging import cost, says

RULE = "languages"
VISIT = session("V", "away")


def world(spoken, wanted):
    away = replace(AWAY, languages=frozenset(wanted))
    return problem([clinician("A", languages=frozenset(spoken)), clinician("L", "away")], [VISIT], sites=(HOME, away))


@pytest.mark.parametrize(
    ("spoken", "wanted", "price"),
    [(("nl",), ("fr",), 500), (("nl", "fr"), ("fr", "de"), 0), ((), ("fr",), 0), (("nl",), (), 0)],
    ids=["foreign", "one in common", "visitor not recorded", "site not recorded"],
)
def test_a_visitor_who_shares_no_language_is_paid_for(spoken, wanted, price):
    assert cost(world(spoken, wanted), RULE, held(VISIT, "A")) == price


def test_the_hosts_own_staff_are_not_asked():
    there = world(("nl",), ("fr",))
    local = replace(
        there, clinicians=(*there.clinicians[:1], replace(there.clinicians[1], languages=frozenset({"nl"})))
    )

    assert cost(local, RULE, held(VISIT, "L")) == 0


def test_the_languages_of_the_site_are_named():
    assert says(world(("nl",), ("fr", "de")), RULE, held(VISIT, "A")) == (
        "Dr A speaks none of the languages of Away Hospital (de, fr)."
    )
