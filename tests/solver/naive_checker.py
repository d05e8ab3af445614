"""The blocking rules once more, straight from the JSON of a problem and a plan, slowly and without ``solver``.

``broken`` gives the ids of the rules that a plan breaks.  Written from the rules as people read them, so that a
slip in the rules' own code shows as a difference.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import combinations

from tests.solver import naive_time

WARNED = {"breaks", "longest_day", "longest_span", "night_work"}
"""Rules of working time that warn."""


def broken(problem, plan):
    """Give the ids of the blocking rules that the plan breaks (all but those about pins)."""
    return _Check(problem, plan).found | (naive_time.broken(problem, plan) - WARNED)


class _Check:
    def __init__(self, problem, plan):
        self.problem = problem
        self.sites = {s["id"]: s for s in problem["sites"]}
        self.rooms = {r["id"]: r for r in problem["rooms"]}
        self.people = {c["id"]: c for c in problem["clinicians"]}
        self.sessions = {s["id"]: s for s in problem["sessions"]}
        self.agreements = {a["id"]: a for a in problem["agreements"]}
        self.minutes = {frozenset((t["one"], t["other"])): t["minutes"] for t in problem["travel"]}
        self.found = set()
        self.work = defaultdict(list)
        self.cover = defaultdict(list)
        placed = []
        for held in plan["held"]:
            session = self.sessions.get(held["session"])
            option = next((o for o in session["options"] if same_time(o, held)), None) if session else None
            if option is None or held["session"] in [s["id"] for s, _, _ in placed]:
                self.found.add("whole_session")
                continue
            placed.append((session, option, held))
            self.one_session(session, option, dict(held["team"]))
        for who, person in self.people.items():
            self.one_person(person, self.work[who], self.cover[who])
        self.name_rooms(placed)

    def one_session(self, session, option, team):
        if set(team) != {seat["id"] for seat in session["seats"]}:
            self.found.add("whole_session")
        exclusive = Counter()
        for seat in session["seats"]:
            if seat["id"] in team:
                self.one_seat(session, option, seat, self.people[team[seat["id"]]])
                exclusive[team[seat["id"]]] += seat["exclusive"]
        if any(count > 1 for count in exclusive.values()):
            self.found.add("theatre_team")

    def one_seat(self, session, option, seat, person):
        site, on = self.sites[session["site"]], day(option["on"])
        home = self.sites[person["home_site"]]
        visitor = home["organisation"] != site["organisation"]
        start, end = instant(option["start_at"]), instant(option["end_at"])
        if seat["cover_hours"] is not None:
            start, end = end, end + timedelta(hours=seat["cover_hours"])
        if seat["role"] not in person["roles"] or not set(seat["specialties"]) & set(person["specialties"]):
            self.found.add("role_and_specialty")
        if (seat["side"] == "visitor" and not visitor) or (seat["side"] == "host" and visitor):
            self.found.add("role_and_specialty")
        for kind, rule in (("registrations", "registration"), ("insurances", "insurance")):
            if not any(site["country"] in p["countries"] and valid(p, on) for p in person[kind]):
                self.found.add(rule)
        if not self.agreed(session, seat, person, on, visitor):
            self.found.add("agreement_in_force")
        closed = site["closed_on"] + site["holidays"] + (home["holidays"] if visitor else [])
        if on.isoformat() in closed and not session["line"]:
            self.found.add("holidays_both_sides")
        for absence in self.problem["absences"]:
            if absence["clinician"] == person["id"] and meet(start, end, *spell(absence)):
                self.found.add("leave")
        entry = {
            "session": session["id"],
            "site": session["site"],
            "on": on,
            "start": start,
            "end": end,
            "counts": session["counts_as_session"],
            "fixed": False,
        }
        (self.work if seat["exclusive"] else self.cover)[person["id"]].append(entry)

    def agreed(self, session, seat, person, on, visitor):
        named = session["agreement"]
        if named is not None and not valid(self.agreements[named], on):
            return False
        if not visitor:
            return True
        parties = {self.sites[session["site"]]["organisation"], self.sites[person["home_site"]]["organisation"]}
        return any(
            parties <= set(a["organisations"])
            and valid(a, on)
            and any(
                line["specialty"] in seat["specialties"] and (not line["kinds"] or session["kind"] in line["kinds"])
                for line in a["lines"]
            )
            and any(e["clinician"] == person["id"] and valid(e, on) for e in a["enrolments"])
            for a in self.problem["agreements"]
        )

    def one_person(self, person, work, cover):
        duties = [
            {
                "session": None,
                "site": d["site"],
                "on": day(d["on"]),
                "start": instant(d["start_at"]),
                "end": instant(d["end_at"]),
                "counts": d["counts_as_session"],
                "exclusive": d["exclusive"],
                "fixed": True,
            }
            for d in self.problem["fixed_duties"]
            if d["clinician"] == person["id"]
        ]
        busy = work + [d for d in duties if d["exclusive"]]
        for a, b in combinations(busy, 2):
            if not (a["fixed"] and b["fixed"]):
                self.one_pair(*sorted((a, b), key=lambda w: (w["start"], w["end"])))
        if person["contract"] != "self-employed":
            self.rest(person, work, [d for d in duties if d["exclusive"]])
        away = [(c, w) for c in cover for w in [*work, *duties]]
        away += [(w, d) for w in work for d in duties if not d["exclusive"]]
        away += list(combinations(cover, 2))
        for a, b in away:
            if a["site"] != b["site"] and meet(a["start"], a["end"], b["start"], b["end"]):
                self.found.add("theatre_team")
        if work:
            self.limits(person, work, duties)

    def one_pair(self, first, later):
        if later["start"] < first["end"]:
            self.found.add("no_overlap")
        elif first["site"] != later["site"]:
            need = self.way(first["site"], later["site"]) + self.problem["travel_margin_minutes"]
            if later["start"] - first["end"] < timedelta(minutes=need):
                self.found.add("travel_time")

    def way(self, one, other):
        return 0 if one == other else self.minutes[frozenset((one, other))]

    def rest(self, person, work, duties):
        country = self.sites[person["home_site"]]["country"]
        all_work = work + duties
        for last in all_work:
            for later in all_work:
                if last["on"] == later["on"] or later["start"] < last["end"]:
                    continue
                rest = later["start"] - last["end"]
                if person["travel_counts"]:
                    ways = sum(self.way(person["home_site"], w["site"]) for w in (last, later))
                    rest -= timedelta(minutes=ways)
                for first in all_work:
                    begins = (
                        first["on"] == last["on"] and first["start"] <= last["start"] and first["end"] <= last["end"]
                    )
                    if not begins or (first["fixed"] and last["fixed"] and later["fixed"]):
                        continue
                    spell = last["end"] - first["start"]
                    need = timedelta(hours=11)
                    if country == "BE" and spell >= timedelta(hours=12):
                        need = timedelta(hours=12)
                    if country == "FR" and spell > timedelta(hours=13):
                        need = min(spell, timedelta(hours=24))
                    if rest < need:
                        self.found.add("daily_rest")

    def limits(self, person, work, duties):
        home = self.sites[person["home_site"]]["country"]
        for on in {w["on"] for w in work if w["counts"]}:
            count = sum(w["counts"] and w["on"] == on for w in work + duties)
            if count > person["max_sessions_per_day"]:
                self.found.add("max_sessions")
        for week in {w["on"].isocalendar()[:2] for w in work}:
            mine = [w for w in work if w["on"].isocalendar()[:2] == week]
            fixed = [d for d in duties if d["on"].isocalendar()[:2] == week]
            count = sum(w["counts"] for w in mine + fixed)
            if any(w["counts"] for w in mine) and count > person["max_sessions_per_week"]:
                self.found.add("max_sessions")
            gone = {w["on"] for w in fixed if self.sites[w["site"]]["country"] != home}
            new = {w["on"] for w in mine if self.sites[w["site"]]["country"] != home} - gone
            if new and len(new | gone) > person["max_days_abroad_per_week"]:
                self.found.add("max_sessions")

    def name_rooms(self, placed):
        needing = [(s, o, h["room"]) for s, o, h in placed if s["room_kind"] is not None]
        for session, option, _ in needing:
            if not any(self.serves(room, session, option) for room in self.rooms.values()):
                self.found.add("room_fit")
        for session, option, room in needing:
            if room is not None and not self.serves(self.rooms[room], session, option):
                self.found.add("room_fit")
        named = [(o, h["room"]) for _, o, h in placed if h["room"] is not None]
        for (a, room), (b, other) in combinations(named, 2):
            if room == other and meet(*spell(a), *spell(b)):
                self.found.add("room_fit")
        for moment in {o["start_at"] for _, o, _ in needing}:
            here = [
                {r["id"] for r in self.rooms.values() if self.serves(r, s, o)}
                for s, o, _ in needing
                if instant(o["start_at"]) <= instant(moment) < instant(o["end_at"])
            ]
            if not matchable(here):
                self.found.add("room_fit")

    def serves(self, room, session, option):
        opened = room["open_at"] is None or [option["on"], option["half_day"]] in room["open_at"]
        place = (room["site"], room["kind"]) == (session["site"], session["room_kind"])
        return place and opened and set(session["equipment"]) <= set(room["equipment"])


def matchable(wishes):
    """Tell whether everyone can have a room of their own (Hall's condition, subset by subset)."""
    return all(
        len(set().union(*some)) >= len(some) for n in range(1, len(wishes) + 1) for some in combinations(wishes, n)
    )


def same_time(option, held):
    return (option["on"], option["half_day"]) == (held["on"], held["half_day"])


def instant(text):
    return datetime.fromisoformat(text)


def day(text):
    return date.fromisoformat(text)


def spell(thing):
    return instant(thing["start_at"]), instant(thing["end_at"])


def meet(start, end, other_start, other_end):
    return start < other_end and other_start < end


def valid(paper, on):
    return day(paper["valid_from"]) <= on < day(paper["valid_until"])
