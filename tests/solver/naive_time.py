"""The rules of working time and of contracts once more, straight from the JSON, slowly and without ``solver``.

``broken`` gives the ids of these rules that a plan does not keep, whether they forbid or warn.
"""

from datetime import date, datetime, timedelta
from itertools import combinations, product

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEFAULTS = {
    "average_week": {"hours": 48, "reference_weeks": 17, "reference_weeks_BE": 13},
    "longest_week": {"hours": 0, "hours_BE": 60, "hours_LU": 48},
    "longest_day": {"hours": 0, "hours_LU": 10},
    "longest_spell": {"hours": 0, "hours_BE": 24, "hours_FR": 24},
}
THEATRE = {"theatre", "joint_theatre"}


def broken(problem, plan):
    """Give the ids of the rules that the plan does not keep."""
    found = set()
    for person in problem["clinicians"]:
        _Person(problem, plan, person).judge(found)
    return found


class _Person:
    def __init__(self, problem, plan, person):
        self.problem, self.person = problem, person
        self.sites = {s["id"]: s for s in problem["sites"]}
        self.country = self.sites[person["home_site"]]["country"]
        self.first = date.fromisoformat(problem["first_on"])
        self.days = [self.first + n * DAY for n in range(7 * problem["weeks"])]
        self.ways = {frozenset((t["one"], t["other"])): t["minutes"] for t in problem["travel"]}
        self.work = [*self.planned(plan), *self.fixed()]
        self.work.sort(key=lambda w: w["start"])
        self.new = [w for w in self.work if not w["fixed"]]

    def planned(self, plan):
        sessions = {s["id"]: s for s in self.problem["sessions"]}
        for held in plan["held"]:
            session = sessions[held["session"]]
            times = [o for o in session["options"] if (o["on"], o["half_day"]) == (held["on"], held["half_day"])]
            for option, seat in product(times, session["seats"]):
                if seat["exclusive"] and [seat["id"], self.person["id"]] in [list(pair) for pair in held["team"]]:
                    names = {session["kind"], option["half_day"]}
                    yield self.piece(session, option, names, session["counts_as_session"], fixed=False)

    def fixed(self):
        for duty in self.problem["fixed_duties"]:
            if duty["clinician"] == self.person["id"] and duty["exclusive"]:
                one = self.piece(duty, duty, {duty["kind"]} - {""}, duty["counts_as_session"], fixed=True)
                midnight = datetime.combine(one["start"].date(), datetime.min.time(), one["start"].tzinfo)
                small = [(m, m + 5 * HOUR) for m in (midnight, midnight + DAY)]
                if any(min(one["end"], b) - max(one["start"], a) >= 3 * HOUR for a, b in small):
                    one["names"].add("night")
                yield one

    def piece(self, place, times, names, counts, *, fixed):
        start, end = (datetime.fromisoformat(times[name]) for name in ("start_at", "end_at"))
        on = date.fromisoformat(times["on"])
        return {
            "site": place["site"],
            "on": on,
            "start": start,
            "end": end,
            "names": names,
            "counts": counts,
            "fixed": fixed,
        }

    def number(self, rule, name):
        own = DEFAULTS[rule]
        for setting in self.problem["settings"]:
            if setting["rule"] == rule and setting["applies_to"] is None:
                own = own | dict(setting["params"])
        return own.get(f"{name}_{self.country}", own[name])

    def judge(self, found):
        self.before_theatre(found)
        for limit in self.person["limits"]:
            self.limit(limit, found)
        self.successions(found)
        if self.person["contract"] != "self-employed" and self.new:
            self.after_night(found)
            self.weekly_rest(found)
            self.hours(found)
            self.spells(found)
            self.nights(found)

    # Rest

    def pairs(self, hours, is_later):
        nights = [w for w in self.work if "night" in w["names"]]
        return [
            (n, w)
            for n in nights
            for w in self.work
            if n["end"] <= w["start"] < n["end"] + hours * HOUR and is_later(w) and not (n["fixed"] and w["fixed"])
        ]

    def after_night(self, found):
        if self.pairs(11, lambda w: True):
            found.add("rest_after_night")

    def before_theatre(self, found):
        if self.pairs(5, lambda w: w["names"] & THEATRE and "night" not in w["names"]):
            found.add("rest_before_theatre")

    def weekly_rest(self, found):
        fixed = [w for w in self.work if w["fixed"]]
        for monday in self.days[::7]:
            start = datetime.combine(monday, datetime.min.time(), self.new[0]["start"].tzinfo)
            for hours in (35, 44) if self.country == "LU" else (35,):
                if self.has_rest(start, hours, fixed) and not self.has_rest(start, hours, self.work):
                    found.add("weekly_rest")

    def has_rest(self, monday, hours, work):
        known = datetime.combine(self.days[-1] + DAY, datetime.min.time(), monday.tzinfo) + 8 * HOUR
        for half_hour in range(7 * 48):
            start = monday + half_hour * HOUR / 2
            end = start + hours * HOUR
            if end <= known and all(w["end"] <= start or end <= w["start"] for w in work):
                return True
        return False

    # Hours

    def minutes(self, work):
        total = sum((w["end"] - w["start"]) / timedelta(minutes=1) for w in work)
        for on in {w["on"] for w in work}:
            sites = {w["site"] for w in work if w["on"] == on}
            excess = {s: max(0, self.way(self.person["home_site"], s) - 30) for s in sites}
            total += 2 * sum(excess.values())
            total += sum(self.way(a, b) - excess[a] - excess[b] for a, b in combinations(sites, 2))
        return total

    def way(self, one, other):
        return 0 if one == other else self.ways[frozenset((one, other))]

    def too_much(self, chosen, most):
        """Tell whether work is more than allowed, and planned work has a part in it."""
        fixed = self.minutes([w for w in chosen if w["fixed"]])
        return any(not w["fixed"] for w in chosen) and self.minutes(chosen) - fixed > max(0, most - fixed)

    def hours(self, found):
        weeks = self.number("average_week", "reference_weeks")
        past = {
            date.fromisoformat(w["first_on"]): sum(m for _, m in w["minutes"])
            for w in self.problem["past_weeks"]
            if w["clinician"] == self.person["id"]
        }
        longest, day = self.number("longest_week", "hours"), self.number("longest_day", "hours")
        for monday in self.days[::7]:
            period = [monday - 7 * n * DAY for n in range(weeks)]
            known = [first for first in period if first in past or first >= self.first]
            chosen = [w for w in self.work if w["on"] - w["on"].weekday() * DAY in period]
            most = 60 * (self.number("average_week", "hours") + self.person["opt_out_hours"]) * len(known)
            if self.too_much(chosen, most - sum(past.get(first, 0) for first in known)):
                found.add("average_week")
            week = [w for w in self.work if w["on"] - w["on"].weekday() * DAY == monday]
            if longest and self.too_much(week, 60 * longest):
                found.add("longest_week")
        for on in {w["on"] for w in self.new}:
            if day and self.too_much([w for w in self.work if w["on"] == on], 60 * day):
                found.add("longest_day")

    def nights(self, found):
        for monday in self.days[::7]:
            week = [w for w in self.work if "night" in w["names"] and w["on"] - w["on"].weekday() * DAY == monday]
            total = sum(((w["end"] - w["start"]) for w in week), timedelta())
            if any(not w["fixed"] for w in week) and total > 48 * HOUR:
                found.add("night_work")

    def spells(self, found):
        longest = self.number("longest_spell", "hours")
        for chain in self.chains(self.work, 11 * HOUR):
            if longest and chain[-1]["end"] - chain[0]["start"] > longest * HOUR:
                found.add("longest_spell")
        pause = timedelta(minutes=15 if self.country == "BE" else 20)
        short = [w for w in self.work if w["end"] - w["start"] <= 6 * HOUR]
        if any(chain[-1]["end"] - chain[0]["start"] > 6 * HOUR for chain in self.chains(short, pause)):
            found.add("breaks")
        for a in self.work:
            for b in self.work:
                same = a["on"] == b["on"] and ("night" in a["names"]) == ("night" in b["names"])
                french = all(self.sites[w["site"]]["country"] == "FR" for w in (a, b))
                if same and french and not (a["fixed"] and b["fixed"]) and b["end"] - a["start"] > 14 * HOUR:
                    found.add("longest_span")

    def chains(self, work, rest):
        """Give every row of pieces, some of them planned, between which there is less than a rest."""

        def grow(chain):
            if any(not w["fixed"] for w in chain):
                yield chain
            for w in work:
                if timedelta() <= w["start"] - chain[-1]["end"] < rest:
                    yield from grow([*chain, w])

        for w in work:
            yield from grow([w])

    # Contracts

    def limit(self, limit, found):
        name, high, low = limit["name"], limit["high"], limit["low"] or 0
        if name.endswith("in_a_row"):
            self.in_a_row(limit, low, high, found)
        elif high is not None:
            for length in ({"minutes_per_week": 7, "minutes_per_day": 1}.get(name, len(self.days)),):
                for start in range(0, len(self.days), length):
                    days = self.days[start : start + length]
                    own = [w for w in self.work if w["on"] in days]
                    new = [w for w in own if not w["fixed"]]
                    fixed = self.count(limit, [w for w in own if w["fixed"]])
                    if self.count(limit, own) - fixed > max(0, high - fixed) and new:
                        found.add("work_limits")

    def count(self, limit, work):
        kind = limit["kind"]
        match limit["name"]:
            case "sessions":
                return sum(kind in w["names"] if kind else w["counts"] for w in work)
            case "nights":
                return len({w["on"] for w in work if (kind or "night") in w["names"]})
            case "weekends":
                return len({w["on"].isocalendar()[:2] for w in work if w["on"].isoweekday() > 5})
            case _:
                return sum((w["end"] - w["start"]) / timedelta(minutes=1) for w in work)

    def in_a_row(self, limit, low, high, found):
        name = limit["kind"] or ("night" if limit["name"].startswith("nights") else "")
        mine = [w for w in self.work if not name or name in w["names"]]
        fixed = {w["on"] for w in mine if w["fixed"]}
        new = {w["on"] for w in mine if not w["fixed"]} - fixed
        first, last = self.days[0], self.days[-1]
        line = [first + n * DAY for n in range(-20, len(self.days) + 20)]
        for run, at_work in runs(line, fixed | new):
            inner = run[0] > first and run[-1] < last
            if limit["name"] == "days_off_in_a_row":
                before, after = run[0] - DAY, run[-1] + DAY
                ends = {before, after}
                if not at_work and first <= after <= last and ends <= fixed | new and ends & new and len(run) < low:
                    found.add("days_in_a_row")
            elif at_work:
                if high is not None and len(run) > high and set(run) & new:
                    found.add("days_in_a_row")
                if len(run) < low and inner and run[0] in new:
                    found.add("days_in_a_row")

    def successions(self, found):
        for pair in self.problem["successions"]:
            for a in self.work:
                for b in self.work:
                    follows = b["on"] == a["on"] + DAY and not (a["fixed"] and b["fixed"])
                    if follows and pair["before"] in a["names"] and pair["after"] in b["names"]:
                        found.add("successions")


def runs(line, worked):
    """Give the stretches of days at work and off, with whether they are at work."""
    start = 0
    for i in range(1, len(line) + 1):
        if i == len(line) or (line[i] in worked) != (line[start] in worked):
            yield line[start:i], line[start] in worked
            start = i
