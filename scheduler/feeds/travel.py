"""The time on the road around a clinician's duties away from home."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from scheduler.duties import Duty, SitePlace, TravelBlock

TIME_AT_HOME = timedelta(hours=3)
"""Between two duties away one goes home when at least this much remains there."""

Minutes = Callable[[SitePlace, SitePlace], tuple[int, bool]]
"""Gives the minutes by road between two sites, and whether they are estimated."""

Interval = tuple[datetime, datetime]


def travel_blocks(duties: Iterable[Duty], minutes: Minutes, home: SitePlace) -> tuple[TravelBlock, ...]:
    """Give the blocks in the order of time: out before the first duty of a run, on between sites, back after the last.

    No block overlaps a duty of any kind or another block: it is cut short where a duty leaves less time than the road
    takes, and left out where none remains.  Cancelled duties count for nothing, and nobody travels for cover: it is
    given from wherever one is, but nothing is written over it.

    Notes
    -----
    n log n in the number of duties.
    """
    held = [duty for duty in duties if not duty.is_cancelled]
    stays = sorted(
        (duty for duty in held if duty.is_exclusive), key=lambda duty: (duty.start_at, duty.end_at, duty.uid)
    )
    if not stays:
        return ()
    road = _Road(minutes, home, _merged((duty.start_at, duty.end_at) for duty in held))
    blocks = [road.arrival(stays[0], home, "out")]
    for one, other in pairwise(stays):
        blocks += road.between(one, other)
    blocks.append(road.departure(stays[-1]))
    return _apart(block for block in blocks if block is not None)


@dataclass(frozen=True, slots=True)
class _Road:
    """What travelling asks: times by road, where home is, and the merged times of all duties."""

    minutes: Minutes
    home: SitePlace
    taken: Sequence[Interval]

    def between(self, one: Duty, other: Duty) -> list[TravelBlock | None]:
        """Give the ways from one duty to the next: home and out again, or straight on."""
        if self._goes_home(one, other):
            return [self.departure(one), self.arrival(other, self.home, "out")]
        if one.site.id == other.site.id:
            return []
        if other.site.id == self.home.id:
            return [self.departure(one)]
        return [self.arrival(other, one.site, "out" if one.site.id == self.home.id else "on")]

    def arrival(self, duty: Duty, origin: SitePlace, part: str) -> TravelBlock | None:
        """Give the way from somewhere to a duty, which ends when the duty begins."""
        minutes, is_estimated = self._minutes(origin, duty.site)
        start_at, end_at = duty.start_at - timedelta(minutes=minutes), duty.start_at
        before = bisect_left(self.taken, (end_at,)) - 1
        if before >= 0:
            start_at = max(start_at, self.taken[before][1])
        way = TravelBlock(duty.uid, duty.seat_id, part, origin, duty.site, start_at, end_at, minutes, is_estimated)
        return way if start_at < end_at else None

    def departure(self, duty: Duty) -> TravelBlock | None:
        """Give the way home from a duty, which begins when the duty ends."""
        minutes, is_estimated = self._minutes(duty.site, self.home)
        start_at, end_at = duty.end_at, duty.end_at + timedelta(minutes=minutes)
        after = bisect_right(self.taken, start_at, key=lambda interval: interval[1])
        if after < len(self.taken):
            end_at = min(end_at, self.taken[after][0])
        way = TravelBlock(duty.uid, duty.seat_id, "back", duty.site, self.home, start_at, end_at, minutes, is_estimated)
        return way if start_at < end_at else None

    def _goes_home(self, one: Duty, other: Duty) -> bool:
        needed = self._minutes(one.site, self.home)[0] + self._minutes(self.home, other.site)[0]
        return other.start_at - one.end_at >= timedelta(minutes=needed) + TIME_AT_HOME

    def _minutes(self, origin: SitePlace, destination: SitePlace) -> tuple[int, bool]:
        return (0, False) if origin.id == destination.id else self.minutes(origin, destination)


def _apart(blocks: Iterable[TravelBlock]) -> tuple[TravelBlock, ...]:
    """Cut what overlaps the block before, as happens when someone is in two places at once."""
    apart: list[TravelBlock] = []
    for block in sorted(blocks, key=lambda block: (block.start_at, block.end_at, block.duty_uid)):
        start_at = max(block.start_at, apart[-1].end_at) if apart else block.start_at
        if start_at < block.end_at:
            apart.append(replace(block, start_at=start_at))
    return tuple(apart)


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Join intervals that overlap or touch; the result is in the order of time."""
    merged: list[Interval] = []
    for start_at, end_at in sorted(intervals):
        if merged and start_at <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_at))
        else:
            merged.append((start_at, end_at))
    return merged
