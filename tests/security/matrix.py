"""Tries every route as every role, with ids of one's own and of other people's hospitals.

Routes are read off the app, so a new page is tried without being named here.  A new kind of id in an address has to
be added to ``own_ids`` once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.security import PUBLIC, SAFE_METHODS, access_of
from tests.page_client import PageClient

ANONYMOUS = None
LOGINS = (
    ANONYMOUS,
    "clinician.mons",
    "manager.mons",
    "coordinator.mons",
    "administrator.mons",
    "coordinator.maubeuge",
    "coordinator.tourcoing",
    "platform",
)
NOWHERE = {int: 987_654, str: "Xk3" * 16}
"""Ids that nothing has."""
_TOKENS = re.compile(r'(name="csrf_token" (?:type="hidden" )?value|name="csrf-token" content)="[^"]*"')


def own_ids(side):
    """Give, for each parameter of an address, the id of one such thing of a side."""
    return {
        "roster_id": side.roster,
        "number": 2,
        "version_id": side.draft,
        "session_id": side.session,
        "seat_id": side.seat,
        "run_id": side.solve_run,
        "organisation_id": side.home,
        "site_id": side.home_site,
        "room_id": side.home_room,
        "agreement_id": side.agreement,
        "clinician_id": side.visitor,
        "account_id": next(iter(side.accounts.values())),
        "leave_id": side.leave,
        "rule_id": "daily_rest",
        "choice_id": side.rule_choice,
        "subscription_id": side.subscription,
        "token": NOWHERE[str],
        "slug": "roster",
    }


@dataclass(frozen=True)
class Route:
    """One address pattern with one method."""

    endpoint: str
    method: str
    pattern: str
    parameters: tuple[str, ...]

    def __str__(self):
        return f"{self.method} {self.pattern}"


def routes_of(app):
    """All routes but files and the answers to OPTIONS and HEAD that Flask gives by itself."""
    return [
        Route(rule.endpoint, method, rule.rule, tuple(sorted(rule.arguments)))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"})
    ]


def unknown_parameters(app):
    """Parameters of addresses of which the world has no example."""
    known = {*_NO_IDS, *_EXAMPLE}
    return sorted(
        f"{route}: add {name!r} to own_ids in tests/security/matrix.py"
        for route in routes_of(app)
        for name in route.parameters
        if name not in known
    )


def address_of(app, route, ids):
    """Give the path of a route with these ids."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(route.endpoint, {name: ids[name] for name in route.parameters}, method=route.method)


def try_as(app, world, login, only=""):
    """Try everything, or what begins with a path, and give a line for each answer that is not as it should be."""
    client = PageClient(app)
    if login is not ANONYMOUS:
        client.sign_in(login)
    is_stranger = login is not None and login.endswith("tourcoing")
    mine, others = (world.theirs, world.ours) if is_stranger else (world.ours, world.theirs)
    visitor = _Visitor(app, client, own_ids(mine), own_ids(others), login)
    for route in routes_of(app):
        if route.pattern.startswith(only):
            yield from visitor.try_route(route)


@dataclass
class _Visitor:
    app: object
    client: PageClient
    mine: dict
    others: dict
    login: str | None

    def try_route(self, route) -> Iterator[str]:
        mark = access_of(self.app, route.endpoint)
        if mark is None:
            yield f"{route} has no access mark"
        elif PUBLIC not in mark.who and not self._is_admitted(mark):
            yield from self._expect_refusal(route)
        elif route.parameters:
            yield from self._expect_nothing_of_others(route)
        elif route.method == "GET":
            yield from self._expect_no_failure(route, self.mine)

    def _is_admitted(self, mark):
        if self.login is ANONYMOUS:
            return False
        role = self.login.partition(".")[0]
        return bool(mark.who & {"signed in", role}) or (role == "platform" and "platform administrator" in mark.who)

    def _expect_refusal(self, route):
        response = self._send(route, self.mine)
        if self.login is not ANONYMOUS:
            is_right = response.status_code == 403
        else:
            is_right = response.status_code == 303 and response.location.startswith("/sign-in")
        if not is_right:
            yield f"{route} as {self.login}: {response.status_code}, although the role is not admitted"

    def _expect_nothing_of_others(self, route):
        """Each parameter alone, and all together, may be another hospital's: nothing may be told of it."""
        ids = [name for name in route.parameters if name not in _NO_IDS]
        for strange in {tuple(ids), *((name,) for name in ids)}:
            if strange == ("number",) or not strange:
                continue  # every roster has versions 1 and 2
            if self.login == "platform" and set(strange) <= _OPEN_TO_PLATFORM:
                continue
            answer = self._send(route, self.mine | {name: self.others[name] for name in strange})
            if answer.status_code == 404:
                continue
            nothing = self._send(route, self.mine | {name: NOWHERE[type(self.others[name])] for name in strange})
            if not _is_same_refusal(answer, nothing):
                yield f"{route} as {self.login} with {', '.join(strange)} of strangers: {answer.status_code}, not 404"
        if route.method == "GET":
            yield from self._expect_no_failure(route, self.mine)

    def _expect_no_failure(self, route, ids):
        response = self._send(route, ids)
        if response.status_code >= 500 or response.status_code in (400, 405):
            yield f"{route} as {self.login}: {response.status_code}"
        text = response.get_data(as_text=True)
        for name in strangers(self.login):
            if name in text and response.status_code < 400:
                yield f"{route} as {self.login} names {name}"

    def _send(self, route, ids):
        path = address_of(self.app, route, ids)
        data = None if route.method in SAFE_METHODS else {"csrf_token": self.client.token()}
        return self.client.client.open(path, method=route.method, data=data)


def strangers(login):
    """Names that someone may read on no page."""
    if login == "platform":
        return ("Dr Visitor", "Dr Colleague", "Dr Host", "Hospital Mons and", "Hospital Mouscron and")
    hidden = "Mons Maubeuge" if login and login.endswith("tourcoing") else "Mouscron Tourcoing"
    towns = hidden.split() if login is not ANONYMOUS else ["Mons", "Maubeuge", "Mouscron", "Tourcoing"]
    people = [f"Dr {kind} Hospital {town}" for kind in ("Visitor", "Colleague", "Host") for town in towns]
    return (*people, *(f"Hospital {town} and" for town in towns))


def _is_same_refusal(one, other):
    """Tell whether two refusals are alike but for their tokens, so that the id's existence cannot be told."""
    if not 400 <= one.status_code < 500 or one.status_code != other.status_code:
        return False
    texts = [_TOKENS.sub("", answer.get_data(as_text=True)) for answer in (one, other)]
    return texts[0] == texts[1]


class _Nothing:
    def __getattr__(self, name):
        return {0: 0} if name == "accounts" else 0


_EXAMPLE = own_ids(_Nothing())
_NO_IDS = frozenset({"slug", "rule_id"})
"""Parameters that name nothing of a hospital: all have the same rules."""
_OPEN_TO_PLATFORM = frozenset({"organisation_id", "site_id", "room_id"})
"""What the platform administrator keeps for all hospitals."""
