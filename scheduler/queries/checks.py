"""What the named checks find about a roster before it is solved, with names and ways to what they touch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, CooperationAgreement
from scheduler.queries.discretion import Discretion, discretion_of
from scheduler.queries.problem import build_problem
from scheduler.queries.roster_access import find_roster
from scheduler.queries.roster_people import known_clinicians
from scheduler.queries.session_states import load_sessions
from scheduler.scope import Scope
from scheduler.text import Message
from solver.checking.prechecks import check_problem
from solver.outcome import Breach, Finding, Severity
from solver.problem import Problem, Strength

MOST_LINKS = 8
"""So many sessions and people are linked to from one finding."""


@dataclass(frozen=True, slots=True)
class SessionLink:
    """A session that a finding touches."""

    session_id: int
    kind: str
    specialty: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """What a check found.

    Parameters
    ----------
    severity
        stops, gap or look.
    sessions
        Of those that go by the same words one.
    people
        Pairs of id and name.
    more
        Number of sessions beside those listed.
    """

    severity: str
    message: Message
    sessions: tuple[SessionLink, ...]
    people: tuple[tuple[int, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """The findings, the gravest first; ``hidden`` counts those about what the reader does not see."""

    lines: tuple[CheckLine, ...]
    hidden: int


def check_roster(scope: Scope, roster_id: int, base_version_id: int | None) -> ChecksPage:
    """Check the question that a solve of a roster would ask.

    Parameters
    ----------
    base_version_id
        The version whose pins stand; None: no pins.

    Raises
    ------
    NotFound
        When there is no such roster for this account, or no such version of it.
    """
    _, reach = find_roster(scope, roster_id)
    problem = build_problem(roster_id, base_version_id)
    discretion = discretion_of(scope, reach, roster_id)
    telling = _Telling(scope, problem, discretion)
    found = check_problem(problem)
    lines = tuple(telling.line(one) for one in found if telling.tells(one))
    return ChecksPage(lines, len(found) - len(lines))


class _Telling:
    """Tells one reader about findings."""

    def __init__(self, scope: Scope, problem: Problem, discretion: Discretion) -> None:
        self._discretion = discretion
        self._sessions = load_sessions(discretion.seen)
        self._people = _people(scope, self._sessions.values())
        self._unknown = frozenset(c.name for c in problem.clinicians if c.id not in self._people)
        self._strange = _strange_agreements(scope, problem)

    def tells(self, finding: Finding) -> bool:
        """Tell whether a finding is about something that the reader sees, and names nothing else."""
        return self._discretion.tells(_breach(finding)) and not self._names_unknown(finding.message)

    def line(self, finding: Finding) -> CheckLine:
        """Put a finding in words."""
        seen = [one for one in map(int, finding.sessions) if one in self._sessions]
        alike = {(link.kind, link.specialty): link for link in map(self._link, reversed(seen))}
        links = tuple(sorted(alike.values(), key=lambda link: link.session_id))[:MOST_LINKS]
        known = [self._people[code] for code in finding.clinicians if code in self._people]
        return CheckLine(
            severity=finding.severity.value,
            message=self._discretion.said(_breach(finding)),
            sessions=links,
            people=tuple(known[:MOST_LINKS]),
            more=len(seen) - len(links),
        )

    def _link(self, session_id: int) -> SessionLink:
        template = self._sessions[session_id].template
        return SessionLink(session_id, template.kind, template.specialty)

    def _names_unknown(self, message: Message) -> bool:
        texts = [fact for _, fact in message.facts if isinstance(fact, str)]
        return any(name in text for text in texts for name in self._unknown | self._strange)


def _breach(finding: Finding) -> Breach:
    """Give a finding as a breach, of which discretion knows what may be told."""
    return Breach(
        rule=finding.check,
        strength=Strength.BLOCK if finding.severity is Severity.STOPS else Strength.WARN,
        message=finding.message,
        sessions=finding.sessions,
        clinicians=finding.clinicians,
    )


def _people(scope: Scope, sessions: Iterable[ClinicalSession]) -> Mapping[str, tuple[int, str]]:
    """Give by code the id and name of those whom the reader may know of."""
    known = known_clinicians(scope, {session.template for session in sessions})
    rows = db.session.execute(select(Clinician.code, Clinician.id, Clinician.name).where(Clinician.id.in_(known)))
    return {code: (clinician_id, name) for code, clinician_id, name in rows}


def _strange_agreements(scope: Scope, problem: Problem) -> frozenset[str]:
    """Give the titles of agreements to which no hospital of the reader is a party."""
    agreement, mine = CooperationAgreement, scope.organisation_ids
    own = db.session.scalars(
        select(agreement.title).where(
            or_(agreement.home_organisation_id.in_(mine), agreement.host_organisation_id.in_(mine))
        )
    ).all()
    return frozenset(one.title for one in problem.agreements) - frozenset(own)
