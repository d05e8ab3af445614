import dataclasses
from pathlib import Path

import pytest

from scheduler import feeds
from scheduler.errors import NotFound
from scheduler.feeds import FEEDS, FEEDS_BY_ID, feed_of
from scheduler.feeds.events import write_session
from scheduler.feeds.feed import Feed, of_its_office
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.variants import CANCELLED, OPTIONS, Variant
from scheduler.scope import Scope
from tests.feeds.build import ENGLISH, make_place, make_session, make_subject, values_of

OURS, THEIRS = 1, 2
CSS_NAMES = {
    "cadetblue",
    "darkorange",
    "mediumpurple",
    "olivedrab",
    "seagreen",
    "slategray",
    "steelblue",
    "teal",
}
"""Of the 147 of CSS, those in use; CSS Color Module Level 3, section 4.3."""

OFFICE_ROLES = ("coordinator", "manager", "administrator")
OF_OURS = {feed.id: make_subject(feed.id, organisation_ids=frozenset({OURS})) for feed in FEEDS}


def holder(role, *, at=OURS, **facts):
    return Scope(account_id=1, roles=((at, role),), **facts)


def who_may(feed_id, subject, scope, *, through=OURS):
    return feed_of(feed_id).may_subscribe(scope, subject, through)


def test_each_feed_has_an_id_a_title_and_a_colour_of_its_own():
    for field in ("id", "title", "color"):
        assert len({getattr(feed, field) for feed in FEEDS}) == len(FEEDS)
    assert {feed.color for feed in FEEDS} == CSS_NAMES


def test_each_file_of_a_feed_is_in_the_registry():
    files = Path(feeds.__file__).parent.glob("*.py")

    assert {path.stem for path in files if "FEED = Feed(" in path.read_text()} == set(FEEDS_BY_ID)


def test_a_feed_is_found_by_its_id():
    assert [feed_of(feed.id) for feed in FEEDS] == list(FEEDS)
    with pytest.raises(NotFound):
        feed_of("duty_line")


def test_each_feed_offers_known_choices_in_their_order():
    for feed in FEEDS:
        assert feed.choices == tuple(option for option in OPTIONS if option in feed.choices)
    assert feed_of("public").choices == ()
    assert feed_of("clinician").choices == OPTIONS


def test_a_clinician_and_the_home_coordinator_may_subscribe_to_the_duties():
    subject = make_subject("clinician", organisation_ids=frozenset({OURS}), clinician_ids=frozenset({7}))

    assert who_may("clinician", subject, holder("clinician", clinician_id=7))
    assert who_may("clinician", subject, holder("coordinator"))
    for role in ("manager", "administrator", "clinician"):
        assert not who_may("clinician", subject, holder(role, clinician_id=8))
    assert not who_may("clinician", subject, holder("coordinator", at=THEIRS), through=THEIRS)
    assert not who_may("clinician", subject, holder("coordinator", at=THEIRS), through=OURS)


@pytest.mark.parametrize("feed_id", ["site", "room"])
def test_the_office_of_the_owner_may_subscribe_to_a_place(feed_id):
    for role in OFFICE_ROLES:
        assert who_may(feed_id, OF_OURS[feed_id], holder(role))
        assert not who_may(feed_id, OF_OURS[feed_id], holder(role, at=THEIRS), through=THEIRS)
        assert not who_may(feed_id, OF_OURS[feed_id], holder(role, at=THEIRS), through=OURS)
    assert not who_may(feed_id, OF_OURS[feed_id], holder("clinician", clinician_id=7))


def test_both_offices_and_those_enrolled_may_subscribe_to_an_agreement_in_force():
    both = frozenset({OURS, THEIRS})
    subject = make_subject("agreement", organisation_ids=both, clinician_ids=frozenset({7}))
    ended = dataclasses.replace(subject, is_in_force=False)
    insiders = [holder("manager"), holder("coordinator", at=THEIRS), holder("clinician", clinician_id=7)]

    for scope in insiders:
        [through] = scope.organisation_ids
        assert who_may("agreement", subject, scope, through=through)
        assert not who_may("agreement", ended, scope, through=through)
    assert not who_may("agreement", subject, holder("clinician", clinician_id=8))
    assert not who_may("agreement", subject, holder("manager", at=3), through=3)


@pytest.mark.parametrize("feed_id", ["specialty", "programme", "zone"])
def test_any_office_may_subscribe_to_its_own_part_of_what_is_nobodys(feed_id):
    subject = make_subject(feed_id)

    assert feed_of(feed_id).is_scoped
    for role in OFFICE_ROLES:
        assert who_may(feed_id, subject, holder(role))
        assert not who_may(feed_id, subject, holder(role), through=THEIRS)
    assert not who_may(feed_id, subject, holder("clinician", clinician_id=7))


def test_nobody_subscribes_to_what_is_open_to_all():
    assert not who_may("public", OF_OURS["public"], holder("coordinator"))


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.id)
def test_the_platform_administrator_subscribes_to_nothing(feed):
    scope = Scope(account_id=1, is_platform_administrator=True)

    assert not feed.may_subscribe(scope, OF_OURS[feed.id], OURS)


def test_options_are_stored_in_one_order():
    variant = Variant.of("fr", "travel,busy,nonsense")

    assert variant == Variant("fr", is_private=True, with_travel=True)
    assert variant.options == "busy,travel"
    assert Variant.of("fr", "").options == ""
    assert Variant.of("fr", ",".join(OPTIONS)).options == ",".join(OPTIONS)


def test_a_dress_tells_apart_what_is_written_apart():
    plain, busy = Variant("fr"), Variant("fr", is_private=True, with_cancelled=True)

    assert feed_of("agreement").dress(plain) == feed_of("specialty").dress(plain) == "fr"
    assert feed_of("site").dress(plain) == feed_of("zone").dress(plain) == "fr-lean"
    assert feed_of("room").dress(plain) == "fr-who"
    assert {feed.dress(busy) for feed in FEEDS} == {"fr-busy"}


def test_equal_dresses_give_equal_bytes():
    fact, written = make_session(), {}
    for feed in FEEDS:
        for variant in (Variant("en"), Variant("en", is_private=True)):
            style = feed.style(variant, ENGLISH, uid_domain="roster.example", public_url="")
            written.setdefault(feed.dress(variant), set()).add(write_session(fact, style).body)

    assert set(written) == {"en", "en-lean", "en-who", "en-busy"}
    assert {len(bodies) for bodies in written.values()} == {1}


def test_a_calendar_is_named_after_its_subject_in_its_language():
    translated = {"Sessions – %(name)s": "Vacations – %(name)s", "Urology": "Urologie"}

    def gettext(text):
        return translated.get(text, text)

    assert feed_of("specialty").name_of(make_subject("specialty", name="urology"), gettext) == "Vacations – Urologie"
    assert feed_of("agreement").name_of(make_subject("agreement", name="A–B · urology"), gettext) == (
        "Vacations – A–B · Urologie"
    )
    zone = make_subject("public", name="Thiérache")
    assert feed_of("public").name_of(zone, gettext, care="urology") == "Consultations – Thiérache · Urologie"


DUTY_LINE = Feed(
    id="duty_line",
    title="Duties of one line",
    about="Line",
    shows="Who answers, day and night.",
    audience="The office of the organisation whose line it is.",
    name_text="On call – %(name)s",
    events="sessions",
    choices=(CANCELLED,),
    is_clinician_first=True,
    color="crimson",
    may_subscribe=of_its_office,
)
"""All that a new feed has to say of itself; the registry would take it as one more line."""


def test_a_new_feed_is_one_value():
    line = make_subject("duty_line", name="SMUR Arlon", timezone="Europe/Brussels", organisation_ids=frozenset({OURS}))
    night = make_session(starts="20:00", ends="08:00", kind="on_call", room=None, site=make_place("Europe/Brussels"))
    style = DUTY_LINE.style(Variant("en"), ENGLISH, uid_domain="roster.example", public_url="")

    body = write_calendar(
        [write_session(night, style)],
        title=DUTY_LINE.name_of(line, ENGLISH),
        timezone=line.timezone,
        description=DUTY_LINE.shows,
        color=DUTY_LINE.color,
    )

    assert DUTY_LINE.may_subscribe(holder("coordinator"), line, OURS)
    assert not DUTY_LINE.may_subscribe(holder("coordinator", at=THEIRS), line, THEIRS)
    assert values_of(body, "NAME") == ["On call – SMUR Arlon"]
    assert values_of(body, "COLOR") == ["crimson"]
    assert values_of(body, "SUMMARY") == ["Dr Ada Exemple +1 · Urology"]
    assert values_of(body, "CATEGORIES") == ["OnCall"]
    assert b"DTSTART;TZID=Europe/Brussels:20260303T200000\r\nDTEND;TZID=Europe/Brussels:20260304T080000\r\n" in body
