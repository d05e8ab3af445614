"""The blocking rules on duty lines, volumes, meetings and the home service, straight from JSON, without ``solver``."""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from itertools import combinations, product
from zoneinfo import ZoneInfo

from tests.solver.naive_checker import day, instant, meet, same_time, spell

RESPONSE = timedelta(minutes=30)
WORKING = ((time(8), time(12)), (time(13, 30), time(17, 30)))


def broken(problem, plan):
    """Give the ids of these rules that a plan breaks, which holds known sessions once and at their half-days."""
    return _Check(problem, plan).found


class _Check:
    def __init__(self, problem, plan):
        self.problem = problem
        self.sites = {s["id"]: s for s in problem["sites"]}
        self.people = {c["id"]: c for c in problem["clinicians"]}
        sessions = {s["id"]: s for s in problem["sessions"]}
        self.minutes = {frozenset((t["one"], t["other"])): t["minutes"] for t in problem["travel"]}
        self.found = set()
        self.taken = []
        self.volumes = Counter()
        for held in plan["held"]:
            session = sessions[held["session"]]
            option = next(o for o in session["options"] if same_time(o, held))
            self.one_session(session, option, dict(held["team"]))
        for who in self.people:
            self.one_person([t for t in self.taken if t["who"] == who], who)
        self.one_week()
        for minimum in problem["home_minimums"]:
            self.home(minimum)

    def one_session(self, session, option, team):
        for seat in session["seats"]:
            if seat["id"] in team:
                start, end = instant(option["start_at"]), instant(option["end_at"])
                if seat["cover_hours"] is not None:
                    start, end = end, end + timedelta(hours=seat["cover_hours"])
                self.taken.append(
                    {
                        "who": team[seat["id"]],
                        "site": session["site"],
                        "on": option["on"],
                        "start": start,
                        "end": end,
                        "line": session["line"],
                        "exclusive": seat["exclusive"],
                        "cover": seat["cover_hours"] is not None,
                    }
                )
        country = self.sites[session["site"]]["country"]
        members = [seat["specialties"] for seat in session["seats"] if seat["exclusive"]]
        most = max((len(set(choice)) for choice in product(*members)), default=0)
        if session["kind"] == "mdt" and country == "FR" and team and most < 3 <= len(members):
            self.found.add("mdt_specialties")
        self.count(session, option, team)

    def count(self, session, option, team):
        for agreement in self.problem["agreements"]:
            if agreement["id"] == session["agreement"]:
                for number, line in enumerate(agreement["lines"]):
                    fits = not line["kinds"] or session["kind"] in line["kinds"]
                    if fits and self.counts(session, line["specialty"], team):
                        week = day(option["on"]).isocalendar()[:2]
                        self.volumes[agreement["id"], number, week, line["max_per_week"]] += 1

    def counts(self, session, specialty, team):
        asking = [s for s in session["seats"] if s["side"] != "host" and specialty in s["specialties"]]
        if any(s["specialties"] == [specialty] for s in asking):
            return True
        who = team.get(asking[0]["id"]) if asking else None
        return who is not None and specialty in self.people[who]["specialties"]

    def one_week(self):
        if any(limit is not None and count > limit for (*_, limit), count in self.volumes.items()):
            self.found.add("agreement_maximum")

    def one_person(self, taken, who):
        for a, b in combinations(taken, 2):
            both = a["line"] and b["line"] and meet(a["start"], a["end"], b["start"], b["end"])
            one_line = a["line"] == b["line"] or a["exclusive"] or b["exclusive"]
            if both and one_line and not (a["exclusive"] and b["exclusive"]):
                self.found.add("duty_lines")
        work = [t for t in taken if t["exclusive"]]
        for duty in self.problem["fixed_duties"]:
            if duty["clinician"] == who and duty["exclusive"]:
                start, end = spell(duty)
                work.append({"site": duty["site"], "start": start, "end": end})
        for call in taken:
            if call["line"] and not call["exclusive"] and not call["cover"]:
                for other in work:
                    if other["site"] != call["site"]:
                        way = timedelta(minutes=self.minutes[frozenset((call["site"], other["site"]))])
                        for gap in (call["start"] - other["end"], other["start"] - call["end"]):
                            if timedelta() <= gap < way - RESPONSE:
                                self.found.add("duty_lines")

    def home(self, minimum):
        site = self.sites[minimum["site"]]
        away, gone, team = defaultdict(set), defaultdict(set), set()
        for who, person in self.people.items():
            if (
                self.sites[person["home_site"]]["organisation"] == site["organisation"]
                and minimum["specialty"] in person["specialties"]
            ):
                team.add(who)
        first = day(self.problem["first_on"])
        for number in range(7 * self.problem["weeks"]):
            on = first + timedelta(days=number)
            if on.isoweekday() > 5 or on.isoformat() in site["holidays"] + site["closed_on"]:
                continue
            for spell_start, spell_end in WORKING:
                zone = ZoneInfo(site["zone"])
                start, end = datetime.combine(on, spell_start, zone), datetime.combine(on, spell_end, zone)
                key = (on, spell_start)
                for absence in self.problem["absences"]:
                    if meet(*spell(absence), start, end):
                        gone[key].add(absence["clinician"])
                for duty in self.problem["fixed_duties"]:
                    if duty["exclusive"] and meet(*spell(duty), start, end) and self.foreign(duty["site"], site):
                        gone[key].add(duty["clinician"])
                for taken in self.taken:
                    during = taken["exclusive"] and meet(taken["start"], taken["end"], start, end)
                    if during and self.foreign(taken["site"], site):
                        away[key].add(taken["who"])
                new = (away[key] & team) - gone[key]
                if new and len(team - gone[key] - new) < minimum["clinicians"]:
                    self.found.add("home_minimum")

    def foreign(self, place, site):
        return self.sites[place]["organisation"] != site["organisation"]
