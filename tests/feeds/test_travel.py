from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.feeds.events import write_duty, write_travel
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.travel import travel_blocks
from scheduler.i18n import gettext_for
from tests.feeds.build import REVISED_AT, make_duty, make_place, make_style, values_of

HOME = make_place("Europe/Brussels", id=1, name="CHU Mons", town="Mons")
MAUBEUGE = make_place("Europe/Paris", id=2, name="CH de Maubeuge", town="Maubeuge")
ARLON = make_place("Europe/Brussels", id=3, name="Clinique d’Arlon", town="Arlon")
SITES = (HOME, MAUBEUGE, ARLON)
ROADS = {frozenset({1, 2}): 30, frozenset({1, 3}): 130, frozenset({2, 3}): 140}
TUESDAY = date(2026, 3, 3)


def by_road(origin, destination):
    return ROADS[frozenset({origin.id, destination.id})], destination.id == 3


def ways(*duties):
    """Part, sites and clock times in UTC of each block."""
    return [
        (block.part, block.from_place.town, block.to_place.town, clock(block.start_at), clock(block.end_at))
        for block in travel_blocks(duties, by_road, HOME)
    ]


def clock(moment):
    return moment.strftime("%H:%M")


def test_a_duty_away_has_a_way_out_and_a_way_back():
    duty = make_duty(TUESDAY, "09:00", "12:00", site=MAUBEUGE)

    assert ways(duty) == [
        ("out", "Mons", "Maubeuge", "07:30", "08:00"),
        ("back", "Maubeuge", "Mons", "11:00", "11:30"),
    ]


def test_nobody_travels_to_a_duty_at_home():
    assert ways(make_duty(TUESDAY, site=HOME)) == []


def test_nobody_goes_home_over_lunch():
    morning = make_duty(TUESDAY, "09:00", "12:00", site=MAUBEUGE)
    afternoon = make_duty(TUESDAY, "13:30", "17:00", site=MAUBEUGE)

    assert ways(morning, afternoon) == [
        ("out", "Mons", "Maubeuge", "07:30", "08:00"),
        ("back", "Maubeuge", "Mons", "16:00", "16:30"),
    ]


def test_one_goes_home_when_three_hours_remain_there():
    morning = make_duty(TUESDAY, "09:00", "12:00", site=MAUBEUGE)

    at_the_limit = ways(morning, make_duty(TUESDAY, "16:00", "18:00", site=MAUBEUGE))
    below_it = ways(morning, make_duty(TUESDAY, "15:59", "18:00", site=MAUBEUGE))

    assert [way[0] for way in at_the_limit] == ["out", "back", "out", "back"]
    assert [way[0] for way in below_it] == ["out", "back"]


def test_between_two_sites_away_one_goes_straight_on():
    morning = make_duty(TUESDAY, "08:00", "12:00", site=MAUBEUGE)
    afternoon = make_duty(TUESDAY, "15:00", "18:00", site=ARLON)

    assert ways(morning, afternoon)[1:2] == [("on", "Maubeuge", "Arlon", "11:40", "14:00")]


def test_between_home_and_away_there_is_one_way():
    at_home = make_duty(TUESDAY, "08:00", "12:00", site=HOME)
    away = make_duty(TUESDAY, "13:00", "15:00", site=MAUBEUGE)
    at_home_again = make_duty(TUESDAY, "16:00", "18:00", site=HOME)

    assert ways(at_home, away, at_home_again) == [
        ("out", "Mons", "Maubeuge", "11:30", "12:00"),
        ("back", "Maubeuge", "Mons", "14:00", "14:30"),
    ]


def test_a_way_is_cut_short_where_duties_leave_less_time():
    morning = make_duty(TUESDAY, "08:00", "12:50", site=HOME)
    afternoon = make_duty(TUESDAY, "13:00", "17:00", site=MAUBEUGE)
    [out, _] = travel_blocks([morning, afternoon], by_road, HOME)

    assert (clock(out.start_at), clock(out.end_at)) == ("11:50", "12:00")
    assert out.minutes == 30


def test_no_way_is_left_where_duties_leave_no_time():
    morning = make_duty(TUESDAY, "08:00", "13:00", site=HOME)
    afternoon = make_duty(TUESDAY, "13:00", "17:00", site=MAUBEUGE)

    assert [way[0] for way in ways(morning, afternoon)] == ["back"]


def test_nobody_travels_for_cover_and_nothing_is_written_over_it():
    cover = make_duty(TUESDAY, "17:00", "20:00", site=ARLON, is_exclusive=False)
    theatre = make_duty(TUESDAY, "08:00", "17:00", site=MAUBEUGE)

    assert ways(cover) == []
    assert [way[0] for way in ways(theatre, cover)] == ["out"]


def test_a_cancelled_duty_asks_for_no_way():
    assert ways(make_duty(TUESDAY, site=MAUBEUGE, is_cancelled=True)) == []


def test_sites_without_a_road_have_no_way():
    duty = make_duty(TUESDAY, site=MAUBEUGE)

    assert travel_blocks([duty], lambda origin, destination: (0, True), HOME) == ()


moments = st.integers(0, 14 * 24 * 4).map(
    lambda quarter: datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=15 * quarter)
)
duties_anywhere = st.builds(
    lambda start_at, quarters, site, is_exclusive, is_cancelled: make_duty(
        start_at=start_at,
        end_at=start_at + timedelta(minutes=15 * quarters),
        site=site,
        is_exclusive=is_exclusive,
        is_cancelled=is_cancelled,
    ),
    moments,
    st.integers(1, 80),
    st.sampled_from(SITES),
    st.integers(0, 4).map(bool),
    st.integers(0, 6).map(lambda number: number == 0),
)


@given(duties=st.lists(duties_anywhere, max_size=25), minutes=st.integers(0, 600))
@settings(max_examples=200, deadline=None)
def test_ways_overlap_neither_duties_nor_each_other(duties, minutes):
    blocks = travel_blocks(duties, lambda origin, destination: (minutes, True), HOME)

    assert all(block.start_at < block.end_at for block in blocks)
    assert all(block.end_at - block.start_at <= timedelta(minutes=minutes) for block in blocks)
    assert all(one.end_at <= other.start_at for one, other in pairwise(blocks))
    held = [duty for duty in duties if not duty.is_cancelled]
    assert not [
        (block, duty)
        for block in blocks
        for duty in held
        if block.start_at < duty.end_at and duty.start_at < block.end_at
    ]


@given(duties=st.lists(duties_anywhere, max_size=12), data=st.data())
@settings(max_examples=60, deadline=None)
def test_ways_do_not_depend_on_the_order_of_the_duties(duties, data):
    shuffled = data.draw(st.permutations(duties))

    assert travel_blocks(duties, by_road, HOME) == travel_blocks(shuffled, by_road, HOME)


@given(duties=st.lists(duties_anywhere, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_two_ways_of_a_feed_share_a_uid(duties):
    uids = [write(block).uid for block in travel_blocks(duties, by_road, HOME)]

    assert len(uids) == len(set(uids))


def write(block, **choices):
    return write_travel(block, make_style(**choices), revised_at=REVISED_AT, sequence=2)


def blocks_to(site):
    return travel_blocks([make_duty(TUESDAY, site=site, uid="a-duty")], by_road, HOME)


def test_a_way_is_an_event_that_takes_time():
    out, back = (write(block) for block in blocks_to(MAUBEUGE))

    assert (out.uid, back.uid) == ("a-duty-travel@roster.example", "a-duty-travel-back@roster.example")
    assert values_of(out.body, "SUMMARY") == ["Travel → CH de Maubeuge"]
    assert values_of(out.body, "LOCATION") == ["CH de Maubeuge"]
    assert values_of(out.body, "DESCRIPTION") == [
        r"From CHU Mons to CH de Maubeuge: 30 minutes by road\nState of 2026-03-02 14:05 UTC"
    ]
    assert values_of(out.body, "CATEGORIES") == ["Travel"]
    assert values_of(out.body, "CLASS") == ["PRIVATE"]
    assert values_of(out.body, "TRANSP") == ["OPAQUE"]
    assert values_of(out.body, "X-MICROSOFT-CDO-BUSYSTATUS") == ["BUSY"]
    assert values_of(out.body, "SEQUENCE") == ["2"]
    assert values_of(out.body, "DTSTAMP") == ["20260302T140500Z"]
    assert values_of(out.body, "GEO") == values_of(out.body, "URL") == []


def test_an_estimated_time_says_so():
    [out, _] = blocks_to(ARLON)

    assert "about 130 minutes by road\\, estimated" in values_of(write(out).body, "DESCRIPTION")[0]


def test_a_private_way_says_neither_whence_nor_whither():
    [out, _] = blocks_to(MAUBEUGE)
    body = write(out, is_private=True).body

    assert values_of(body, "SUMMARY") == ["Busy"]
    for name in ("LOCATION", "DESCRIPTION", "GEO", "URL", "CATEGORIES"):
        assert values_of(body, name) == []


def test_a_way_leads_somewhere_in_every_language():
    [out, _] = blocks_to(MAUBEUGE)

    for language in ("fr", "nl", "de"):
        [summary] = values_of(write(out, gettext=gettext_for(language)).body, "SUMMARY")
        assert "CH de Maubeuge" in summary


def test_ways_and_duties_stand_in_one_calendar_in_the_order_of_time():
    duty = make_duty(TUESDAY, "09:00", "12:00", site=MAUBEUGE)
    written = [write(block) for block in travel_blocks([duty], by_road, HOME)] + [write_duty(duty, make_style())]

    events = Calendar.from_ical(write_calendar(written, title="Roster", timezone="Europe/Brussels")).events

    assert [event["CATEGORIES"].cats[0] for event in events] == ["Travel", "Session", "Travel"]
