"""A rule can be set otherwise for some people and places; the rest stays as it is."""

import pytest

from solver.audit import audit
from solver.model import compile_model
from solver.problem import AppliesTo, HalfDay, InvalidProblem, Preference, RuleSetting, Strength, Wish, WorkLimit
from solver.rules import active_rules
from tests.solver.build import AWAY, HOME, clinician, day, held, option, plan, problem, room, session
from tests.solver.judging import broken, cost

LATE = session("Late", options=option(0, "evening", "18:00", "22:00"), kind="theatre")
EARLY = session("Early", options=option(1, "morning", "08:00"))
AWAY_LATE = session("Away late", "away", options=option(0, "evening", "18:00", "22:00"), kind="theatre")
AWAY_EARLY = session("Away early", "away", options=option(1, "morning", "08:00"))


def to(**fields):
    return AppliesTo(**{name: frozenset(values.split()) for name, values in fields.items()})


def only(rule, strength=None, *, params=(), weight=None, **fields):
    return RuleSetting(rule, strength=strength, weight=weight, params=params, applies_to=to(**fields))


def world(*settings, **more):
    people = [clinician("A", contract="employee"), clinician("P", contract="praticien")]
    sessions = [LATE, EARLY, AWAY_LATE, AWAY_EARLY]
    return problem(people, sessions, settings=settings, **more)


def rests(asked, who, *sessions):
    """Give how binding the breach of rest is, if there is one."""
    judged = audit(asked, plan(*(held(s, who) for s in sessions)))
    lawful = compile_model(asked).encode(plan(*(held(s, who) for s in sessions)))
    assert (lawful is not None) == judged.lawful
    return [b.strength for b in judged.breaches if b.rule == "daily_rest"]


def test_a_setting_holds_for_the_people_it_names():
    asked = world(only("daily_rest", Strength.WARN, contracts="praticien"))

    assert rests(asked, "A", LATE, EARLY) == [Strength.BLOCK]
    assert rests(asked, "P", LATE, EARLY) == [Strength.WARN]


def test_a_rule_can_be_off_for_some():
    asked = world(only("daily_rest", Strength.OFF, contracts="praticien"))

    assert rests(asked, "A", LATE, EARLY) == [Strength.BLOCK]
    assert rests(asked, "P", LATE, EARLY) == []


def test_a_rule_that_is_off_can_be_on_for_some():
    off = RuleSetting("daily_rest", strength=Strength.OFF)
    asked = world(off, only("daily_rest", Strength.BLOCK, contracts="praticien"))

    assert rests(asked, "A", LATE, EARLY) == []
    assert rests(asked, "P", LATE, EARLY) == [Strength.BLOCK]


def test_what_a_setting_leaves_open_is_as_in_general():
    general = RuleSetting("daily_rest", params=(("rest_hours", 10),))
    asked = world(general, only("daily_rest", Strength.WARN, contracts="praticien"))

    assert rests(asked, "A", LATE, EARLY) == rests(asked, "P", LATE, EARLY) == []


def test_the_last_of_several_settings_holds():
    warn = only("daily_rest", Strength.WARN, organisations="Home")
    info = only("daily_rest", Strength.INFO, contracts="praticien")

    assert rests(world(warn, info), "A", LATE, EARLY) == [Strength.WARN]
    assert rests(world(warn, info), "P", LATE, EARLY) == [Strength.INFO]
    assert rests(world(info, warn), "P", LATE, EARLY) == [Strength.WARN]


@pytest.mark.parametrize(
    ("work", "wanted"),
    [
        ((AWAY_LATE, AWAY_EARLY), Strength.WARN),
        ((LATE, EARLY), Strength.BLOCK),
        ((LATE, AWAY_EARLY), Strength.BLOCK),
    ],
)
def test_a_pair_is_judged_by_a_setting_for_places_where_it_names_both(work, wanted):
    assert rests(world(only("daily_rest", Strength.WARN, sites="away")), "A", *work) == [wanted]


@pytest.mark.parametrize("kinds", ["theatre consultation", "theatre"])
def test_kinds_that_share_their_hours_are_told_apart(kinds):
    other = session("Other", options=option(0, "evening", "18:00", "22:00"), kind="mdt")
    asked = problem(
        [clinician("A", contract="employee")],
        [LATE, EARLY, other],
        settings=(only("daily_rest", Strength.WARN, kinds=kinds),),
    )

    assert rests(asked, "A", LATE, EARLY) == [Strength.WARN if "consultation" in kinds else Strength.BLOCK]
    assert rests(asked, "A", other, EARLY) == [Strength.BLOCK]


def test_filters_are_asked_where_a_setting_holds():
    asked = world(only("registration", Strength.WARN, sites="away", contracts="praticien"), sites=(HOME, AWAY))
    people = [clinician(w, registrations=(), contract=c) for w, c in (("A", "employee"), ("P", "praticien"))]
    asked = problem(people, [AWAY_LATE, LATE], settings=asked.settings)

    def found(who, where):
        judged = audit(asked, plan(held(where, who)))
        assert (compile_model(asked).encode(plan(held(where, who))) is not None) == judged.lawful
        return [b.strength for b in judged.breaches if b.rule == "registration"]

    assert found("A", AWAY_LATE) == found("A", LATE) == found("P", LATE) == [Strength.BLOCK]
    assert found("P", AWAY_LATE) == [Strength.WARN]


def test_the_costs_of_a_rule_are_added_up_under_one_name():
    asked = world(only("coverage", weight=7, sites="away"))
    judged = audit(asked, plan())

    assert [c.cost for c in judged.rule_costs if c.rule == "coverage"] == [2 * 1000 + 2 * 7]
    assert cost(asked, "coverage", held(AWAY_LATE, "A")) == 2007
    assert len({c.rule for c in judged.rule_costs}) == len(judged.rule_costs)


def test_rules_about_people_see_each_of_them_once():
    preference = tuple(Preference(who, day(0), HalfDay.EVENING, 1) for who in "AP")
    asked = world(
        only("preferences", weight=100, contracts="praticien"),
        only("wishes", weight=10, contracts="praticien"),
        preferences=preference,
        wishes=(Wish("A", day(0)), Wish("P", day(0)), Wish("A", day(5)), Wish("P", day(5))),
    )

    assert cost(asked, "preferences") == 102
    assert cost(asked, "wishes") == 22
    assert cost(asked, "wishes", held(LATE, "P")) == 12


def test_least_amounts_are_asked_of_each_person_once():
    limits = (WorkLimit("sessions", low=2),)
    people = [clinician("A", limits=limits), clinician("P", limits=limits, contract="praticien")]
    asked = problem(people, [LATE], settings=(only("work_limits", weight=10, contracts="praticien"),))

    assert cost(asked, "work_limits") == 2 * 500 + 2 * 10
    assert cost(asked, "work_limits", held(LATE, "P")) == 2 * 500 + 10


def test_without_settings_for_some_there_is_one_of_each_rule():
    rules = active_rules(world(RuleSetting("daily_rest", strength=Strength.WARN)))

    assert len({rule.id for rule in rules}) == len(rules)


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        (only("daily_rest", sites="nowhere"), "settings[0].applies_to.sites"),
        (only("daily_rest", organisations="Nobody"), "settings[0].applies_to.organisations"),
        (only("daily_rest", countries="XX"), "settings[0].applies_to.countries"),
        (only("max_sessions", sites="away"), "settings[0].applies_to.sites"),
        (only("max_sessions", kinds="theatre"), "settings[0].applies_to.kinds"),
        (only("no_overlap", contracts="employee"), "settings[0].applies_to"),
        (only("daily_rest", contracts="employee", params=(("colour", 1),)), "settings[0].params[0][0]"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_path(setting, path):
    with pytest.raises(InvalidProblem) as refused:
        active_rules(world(setting))

    assert refused.value.path == path


def test_blocking_rules_without_a_change_stay():
    asked = world(only("daily_rest", params=(("rest_hours", 9),), contracts="praticien"), rooms=(room("R"),))

    assert broken(asked, held(LATE, "A"), held(EARLY, "A")) == {"daily_rest"}
    assert broken(asked, held(LATE, "P"), held(EARLY, "P")) == set()
