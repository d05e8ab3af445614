"""Questions to the solver as pages: asked by buttons, watched, and answered in words; no worker runs here."""

import json
from datetime import date

import pytest

from scheduler.answers import Remedies, RemediesAsked, TradeOff, TradeOffAsked, asked_to_json
from scheduler.extensions import db
from scheduler.models import SolveRun
from solver.explaining.changes import ChangeKind, FactChange
from solver.explaining.remedies import Remedy
from solver.explaining.tradeoff import TradeOffPoint
from solver.outcome import RuleCost
from solver.plan import Plan
from solver.records_json import encode_record
from solver.text import say

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def mons(page_client, world):
    return page_client.sign_in("coordinator.mons")


def path_of(world, session):
    return f"/rosters/{world.ours.roster}/versions/2/sessions/{session}"


def answered(world, asked, kind, answer):
    """The path of a question of the world that was answered so."""
    run = db.session.get(SolveRun, world.ours.solve_run)
    run.kind, run.asked, run.state = kind, asked_to_json(asked), "done"
    run.base_version_id, run.outcome = world.ours.draft, json.dumps(encode_record(answer))
    return f"/solve-runs/{run.id}"


def test_a_gap_has_a_button_that_asks_what_would_have_to_change(mons, world):
    page = mons.get(path_of(world, world.ours.gap))

    asked = mons.follow(mons.submit(page, {}, button="What would have to change?"))

    assert asked.heading == "What would have to change so that “Consultation · Urology” can be held?"
    assert "The question waits for its turn." in asked.text
    assert asked.heading in mons.get(path_of(world, world.ours.gap)).links


def test_a_question_that_waits_is_stopped(mons, world):
    page = mons.follow(mons.submit(mons.get(path_of(world, world.ours.gap)), {}, button="What would have to change?"))

    stopped = mons.follow(mons.submit(page, {}, button="Stop"))

    assert "The question was stopped." in stopped.text


def test_progress_of_a_question_is_sent_once(mons, world):
    page = mons.submit(mons.get(path_of(world, world.ours.gap)), {}, button="What would have to change?")
    first = mons.get(f"{page.location}/progress", headers=FETCH)

    again = mons.get(
        f"{page.location}/progress", status=304, headers={**FETCH, "If-None-Match": first.response.headers["ETag"]}
    )

    assert "The question waits for its turn." in first.html
    assert not again.html


def test_someone_in_a_seat_is_explained_and_others_are_asked_about(mons, world):
    page = mons.get(f"{path_of(world, world.ours.session)}?seat={world.ours.seat}")
    assert "Why Dr Visitor Hospital Mons?" in page.text
    assert "nobody but Dr Visitor Hospital Mons may take this seat" in page.text

    asked = mons.follow(mons.submit(page, {"Person": "Dr Colleague Hospital Mons"}, button="Ask the solver"))

    assert asked.heading.startswith("Why is “Consultation · Urology” not done by Dr Colleague Hospital Mons on ")


def test_whoever_could_take_the_seat_of_a_gap_is_ranked(mons, world):
    seat = next(
        link
        for text, link in mons.get(path_of(world, world.ours.gap)).links.items()
        if text.startswith("Who could?") and "seat=" in link
    )

    page = mons.get(seat.partition("#")[0])

    assert "points better" in page.text
    assert "Sessions are held:" in page.text


def test_all_rules_that_forbid_someone_can_be_opened(mons, world):
    page = mons.get(f"{path_of(world, world.ours.session)}?seat={world.ours.seat}")

    summaries = ["".join(one.itertext()) for one in page.all("summary")]

    assert any("forbid it" in text or "forbids it" in text for text in summaries)


def test_the_answer_says_each_change_whether_it_was_tried_and_what_it_costs(mons, world, db_session):
    change = FactChange(ChangeKind.MORE_A_DAY, "MON1", number=3)
    sentence = say("Let %(clinician)s work up to %(number)d sessions a day.", clinician="Dr Visitor", number=3)
    found = Remedy(str(world.ours.gap), (change,), (sentence,), True, True, 20, False, Plan())

    page = mons.get(answered(world, RemediesAsked(str(world.ours.gap)), "remedies", Remedies((found,))))

    assert "Let Dr Visitor work up to 3 sessions a day." in page.text
    assert "tried out: a lawful plan exists" in page.text
    assert "at most 20 points worse" in page.text


def test_no_answer_in_the_time_is_told_as_that(mons, world, db_session):
    page = mons.get(answered(world, RemediesAsked(str(world.ours.gap)), "remedies", Remedies(())))

    assert "No small set of changes was found in the time." in page.text


def test_a_trade_off_is_a_table_of_plans(mons, world, db_session):
    points = (
        TradeOffPoint((50, 1), RuleCost("trips", 0, 0), RuleCost("continuity", 1, 5), 5, 0, True, Plan()),
        TradeOffPoint((1, 1), RuleCost("trips", 1, 20), RuleCost("continuity", 0, 0), 20, 0, False, Plan()),
    )

    page = mons.get(answered(world, TradeOffAsked("trips", "continuity"), "trade_off", TradeOff(points)))

    (table,) = page.all("table")
    rows = [["".join(cell.itertext()).split()[0] for cell in row.iter("td")] for row in table.iter("tr")][1:]
    assert [row[:4] for row in rows] == [["0", "1", "0", "5"], ["1", "0", "0", "20"]]
    assert "as you weigh them today" in page.text


def test_two_goals_are_chosen_and_weighed(mons, world):
    page = mons.get(f"/rosters/{world.ours.roster}/versions/2/trade-off")
    goals = {"One goal": "Journeys are bundled", "The other goal": "Visits are shared fairly"}

    asked = mons.follow(mons.submit(page, goals, button="Ask the solver"))

    assert asked.heading == "What does “Journeys are bundled” gain when “Visits are shared fairly” gives way?"


def test_one_goal_twice_is_refused_beside_the_field(mons, world):
    page = mons.get(f"/rosters/{world.ours.roster}/versions/2/trade-off")
    same = {"One goal": "Journeys are bundled", "The other goal": "Journeys are bundled"}

    assert "Choose two different goals." in mons.submit(page, same, button="Ask the solver", status=422).text


def test_a_manager_reads_the_answer_and_is_offered_no_question(page_client, world, db_session):
    client = page_client.sign_in("manager.mons")

    gap = client.get(path_of(world, world.ours.gap))
    page = client.get(answered(world, RemediesAsked(str(world.ours.gap)), "remedies", Remedies(())))

    assert "What would have to change?" not in gap.text
    assert page.heading.startswith("What would have to change so that")


def test_a_day_that_is_not_offered_is_told_on_the_page_of_the_session(mons, world):
    facts = {"seat_id": world.ours.seat, "clinician_id": world.ours.visitor, "on": date(2026, 11, 29).isoformat()}

    page = mons.follow(mons.post(f"{path_of(world, world.ours.session)}/contrast", facts))

    assert "does not offer this day" in page.text
