"""Dates, times, codes and messages in the reader's language."""

from datetime import UTC, date, datetime

import pytest

from config import LANGUAGES
from scheduler import i18n, terms_text
from scheduler.models import ACCESS_ROLES, HALF_DAYS, LEAVE_KINDS
from scheduler.text import say

MONDAY = date(2026, 11, 23)
INSTANT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Mon 23 Nov"), ("fr", "lun. 23 nov."), ("nl", "ma 23 nov"), ("de", "Mo. 23. Nov.")],
)
def test_a_day_is_written_with_its_weekday(language, written):
    assert i18n.day(MONDAY, language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Monday 23 November 2026"),
        ("fr", "lundi 23 novembre 2026"),
        ("nl", "maandag 23 november 2026"),
        ("de", "Montag, 23. November 2026"),
    ],
)
def test_a_day_is_written_in_full(language, written):
    assert i18n.day_long(MONDAY, language) == written


@pytest.mark.parametrize(("zone", "written"), [("Europe/Paris", "08:30"), ("UTC", "07:30"), ("Europe/London", "07:30")])
def test_a_time_is_the_one_on_the_wall_of_the_site(app, zone, written):
    with app.test_request_context():
        assert i18n.clock_time(INSTANT, zone) == written


def test_a_moment_has_date_and_time():
    assert i18n.moment(INSTANT, "Europe/Paris", "en") == "23 Nov 2026, 08:30"


def test_a_message_is_filled_with_written_facts():
    message = say("%(name)s is away from %(day)s in the %(half_day)s.", name="Ada", day=MONDAY, half_day="morning")

    assert i18n.translate(message, "en") == "Ada is away from Monday 23 November in the morning."


def test_a_message_kept_as_json_is_read_back():
    message = {
        "text": "From %(day)s at %(at)s.",
        "facts": [["day", {"date": "2026-11-23"}], ["at", {"instant": "2026-11-23T07:30:00Z"}]],
    }

    assert i18n.translate(message, "en") == "From Monday 23 November at 23 Nov 2026, 08:30."


def test_a_text_without_facts_keeps_its_percent_signs():
    assert i18n.translate("Filled to 100 %", "en") == "Filled to 100 %"


def test_a_word_that_means_two_things_is_asked_for_with_its_area(app):
    with app.test_request_context():
        assert i18n.term("theatre", "room_kind") == "Operating theatre"
        assert i18n.term("theatre", "session_kind") == "Theatre list"


def test_an_unknown_code_is_shown_as_words(app):
    with app.test_request_context():
        assert i18n.term("new_kind") == "New kind"


def test_every_closed_list_of_codes_has_its_words():
    assert set(HALF_DAYS) <= set(terms_text.HALF_DAY_TEXTS)
    assert set(LEAVE_KINDS) <= set(terms_text.LEAVE_KIND_TEXTS)
    assert set(ACCESS_ROLES) <= set(terms_text.ACCESS_ROLE_TEXTS)


def test_every_language_has_a_name_of_its_own():
    assert list(i18n.LANGUAGE_NAMES) == list(LANGUAGES)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("nl-BE,nl;q=0.9", "nl"), ("fr-FR", "fr"), ("pt,de;q=0.4", "de"), ("ja", "en"), ("", "en"), ("*", "en")],
)
def test_the_browser_is_asked_for_its_languages(app, wanted, language):
    with app.test_request_context(headers={"Accept-Language": wanted}):
        assert i18n.current_language() == language


def test_outside_a_request_the_language_is_english():
    assert i18n.current_language() == "en"
    assert i18n.gettext_for("en")("Sign in") == "Sign in"


def test_the_title_of_an_agreement_is_translated_part_by_part():
    message = say("The agreement “%(agreement)s” is not in force on %(date)s.", agreement="A–B · urology", date=MONDAY)

    assert i18n.shown("A–B · Visiting specialists", "fr") == "A–B · Praticiens visiteurs"
    assert "A–B · Urologie" in i18n.translate(message, "fr")


@pytest.mark.parametrize("typed", ["", "as typed, 100 %", "%(name)s", "One · Two"])
def test_what_someone_typed_is_shown_as_typed(typed):
    assert i18n.shown(typed, "fr") == typed


def test_several_specialties_are_named_one_by_one():
    message = say("%(clinician)s does not practise %(specialty)s.", clinician="Ada", specialty="urology, anaesthesia")

    assert "urologie, anesthésie" in i18n.translate(message, "fr")


@pytest.mark.parametrize(
    ("text", "facts", "written"),
    [
        ("%(languages)s", {"languages": "fr, nl"}, "Französisch, Niederländisch"),
        ("%(after)s / %(before)s", {"after": "mdt", "before": "night"}, "Tumorkonferenz (multidisziplinär) / Nacht"),
        ("%(kind)s", {"kind": "night"}, "Nacht"),
        (
            "%(home_contract)s / %(host_contract)s",
            {"home_contract": "self-employed", "host_contract": "employee"},
            "Selbstständig / Angestellt",
        ),
    ],
    ids=["languages", "work", "half-day", "contracts"],
)
def test_codes_of_rules_are_named(text, facts, written):
    assert i18n.translate(say(text, facts), "de") == written
