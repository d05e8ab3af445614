"""Rules: everyone reads how a hospital set them, its coordinators and administrators change them."""

from sqlalchemy import select

from scheduler.extensions import commit
from scheduler.models import JournalEntry, RosterVersion, RuleChoice
from scheduler.queries.problem import build_problem
from solver.problem import Strength
from solver.rules import RULES


def choices(db_session, organisation_id, rule):
    return db_session.scalars(
        select(RuleChoice).where(
            RuleChoice.organisation_id == organisation_id, RuleChoice.rule == rule, RuleChoice.applies_to == ""
        )
    ).all()


def address(world, rule="daily_rest", more=""):
    return f"/organisations/{world.ours.home}/rules/{rule}{more}"


def test_all_rules_and_goals_are_listed_with_strength_and_source(page_client, world):
    page = page_client.sign_in("manager.mons").get("/rules")

    assert page.heading == "Rules"
    for rule in RULES:
        assert rule.title in page.text, rule.id
    assert "Blocks publishing" in page.text
    assert "Directive 2003/88/EC" in page.text
    assert "You can read these rules." in page.text
    assert "Exception: Self-employed (Information)" in page.text


def test_a_partner_reads_the_rules_of_the_other_hospital(page_client, world):
    page = page_client.sign_in("coordinator.maubeuge").get(f"/rules?organisation={world.ours.home}")

    assert "Rules of Hospital Mons" in page.text
    assert "Change this rule" not in page.text
    page_client.get(address(world), status=403)
    page_client.get(f"/rules?organisation={world.theirs.home}", status=404)


def test_a_coordinator_sets_strength_and_values_and_takes_them_back(db_session, page_client, world):
    client = page_client.sign_in("coordinator.mons")

    page = client.get(address(world))
    client.submit(page, {"Strength": "Warning", "Weight": "700"}, button="Save rule")

    [choice] = choices(db_session, world.ours.home, "daily_rest")
    assert (choice.strength, choice.weight, choice.params) == ("warn", 700, {})
    assert "changed" in client.get("/rules").text
    [entry] = db_session.scalars(select(JournalEntry).where(JournalEntry.deed == "rule.set"))
    assert entry.facts["rule"] == "daily_rest"

    client.submit(client.get(address(world)), {"Strength": "Blocks publishing", "Weight": "500"}, button="Save rule")

    db_session.expire_all()
    assert choices(db_session, world.ours.home, "daily_rest") == []


def test_a_limit_that_a_hospital_sets_reaches_the_solver_and_judges_drafts_again(db_session, page_client, world):
    client = page_client.sign_in("administrator.mons")
    draft = db_session.get(RosterVersion, world.ours.draft)
    draft.findings = {}
    commit()

    client.post(address(world), {"strength": "block", "param_rest_hours": "13"})

    db_session.expire_all()
    assert db_session.get(RosterVersion, world.ours.draft).findings != {}
    settings = [one for one in build_problem(world.ours.roster).settings if one.rule == "daily_rest"]
    assert any(dict(one.params).get("rest_hours") == 13 for one in settings)


def test_wrong_values_are_refused_beside_their_fields_and_nothing_is_lost(page_client, world):
    client = page_client.sign_in("coordinator.mons")

    page = client.submit(
        client.get(address(world)), {"Strength": "Warning", "Weight": "-4"}, button="Save rule", status=422
    )

    assert "The rule is not saved" in page.text
    assert "Enter a whole number from 0 to 1,000,000." in page.text


def test_a_rule_of_nature_cannot_be_weakened(page_client, world):
    client = page_client.sign_in("coordinator.mons")

    page = client.get(address(world, "no_overlap"))

    assert "This rule cannot be weakened" in page.text
    client.post(address(world, "no_overlap"), {"strength": "off"}, status=422)


def test_a_rule_that_even_an_empty_roster_breaks_cannot_block(db_session, page_client, world):
    client = page_client.sign_in("coordinator.mons")

    assert "Blocks publishing" not in client.get(address(world, "lines_both_sides")).text
    client.post(address(world, "lines_both_sides"), {"strength": "block"}, status=422)
    assert choices(db_session, world.ours.home, "lines_both_sides") == []


def test_an_exception_holds_for_the_contracts_sites_and_kinds_it_names(db_session, page_client, world):
    client = page_client.sign_in("coordinator.mons")

    page = client.get(address(world, "max_sessions", "/exceptions/new"))
    client.submit(page, {"Employee": True, "Strength": "Warning"}, button="Save rule")

    [setting] = [s for s in build_problem(world.ours.roster).settings if s.rule == "max_sessions"]
    assert setting.strength is Strength.WARN
    assert setting.applies_to.contracts == {"employee"}
    assert setting.applies_to.organisations == {"MONS"}


def test_an_exception_about_nothing_or_twice_is_refused(page_client, world):
    client = page_client.sign_in("coordinator.mons")
    new = address(world, "daily_rest", "/exceptions/new")

    page = client.submit(client.get(new), {"Strength": "Warning"}, button="Save rule", status=422)
    assert "Choose at least one contract, site or kind of session" in page.text

    page = client.submit(client.get(new), {"Self-employed": True}, button="Save rule", status=422)
    assert "There is an exception for exactly these already." in page.text


def test_an_exception_is_changed_and_taken_back(db_session, page_client, world):
    client = page_client.sign_in("coordinator.mons")
    one = address(world, "daily_rest", f"/exceptions/{world.ours.rule_choice}")

    client.submit(client.get(one), {"Strength": "Off"}, button="Save rule")
    db_session.expire_all()
    assert db_session.get(RuleChoice, world.ours.rule_choice).strength == "off"

    client.submit(client.get(one), {}, button="Yes, take it back")
    db_session.expire_all()
    assert db_session.get(RuleChoice, world.ours.rule_choice) is None


def test_every_parameter_of_a_rule_has_a_label():
    for rule in RULES:
        for name in rule.params:
            base = name[:-3] if name[-3:-2] == "_" and name[-2:].isupper() else name
            assert rule.labels.get(base), (rule.id, base)


def test_an_exception_names_only_what_the_rule_can_tell_apart(db_session, page_client, world):
    client = page_client.sign_in("coordinator.mons")

    page = client.get(address(world, "max_sessions", "/exceptions/new"))
    assert "Kinds of session" not in page.text
    facts = {"contracts": ["employee"], "kinds": ["consultation"], "strength": "warn"}
    page = client.post(address(world, "max_sessions", "/exceptions/new"), facts, status=422)
    assert "adds up the work of all places" in page.text
    assert "Add an exception" not in client.get(address(world, "pinned")).text
    client.post(
        address(world, "pinned", "/exceptions/new"),
        {"contracts": ["employee"], "strength": "block"},
        status=422,
    )

    client.post(address(world, "privileges", "/exceptions/new"), {"kinds": ["consultation"], "strength": "warn"})
    [setting] = [s for s in build_problem(world.ours.roster).settings if s.rule == "privileges"]
    assert setting.applies_to.kinds == {"consultation"}


def test_an_exception_that_is_saved_unchanged_stays_as_it_was(db_session, page_client, world):
    client = page_client.sign_in("coordinator.mons")
    client.post(address(world), {"strength": "block", "param_rest_hours": "13"})
    one = address(world, more=f"/exceptions/{world.ours.rule_choice}")

    page = client.get(one)
    assert "Leave it empty to keep what holds in general: 13." in page.text
    client.submit(page, {}, button="Save rule")

    db_session.expire_all()
    choice = db_session.get(RuleChoice, world.ours.rule_choice)
    assert (choice.strength, choice.weight, choice.params) == ("info", None, {})


def test_rules_are_found_by_words_and_by_the_address_of_one(page_client, world):
    client = page_client.sign_in("clinician.mons")

    page = client.get("/rules?find=hours+rest")
    assert "Eleven hours of rest" in page.text
    assert "Nobody is in two places" not in page.text
    assert "No rule or goal holds these words." in client.get("/rules?find=xyzzy").text
    page = client.get("/rules?rule=daily_rest")
    assert "Eleven hours of rest" in page.text
    assert "Exception: Self-employed (Information)" in page.text


def test_what_a_rule_says_about_a_roster_leads_to_the_rule(page_client, world):
    client = page_client.sign_in("coordinator.mons")
    client.post(address(world, "longest_span"), {"strength": "warn", "param_hours": "1", "param_hours_FR": "1"})

    board = client.get(f"/rosters/{world.ours.roster}/versions/2")
    assert 'href="/rules?rule=longest_span"' in board.html
