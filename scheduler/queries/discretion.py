"""Which sessions of a roster an account sees, and what is left of sentences that tell of the others.

A reader sees the sessions at the sites of the own organisation, those under its agreements, and those in which its
people take part.  Everything that shows, explains or changes a session asks here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select

from scheduler.errors import NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    Assignment,
    ClinicalSession,
    Clinician,
    CooperationAgreement,
    Placement,
    PublishedDuty,
    SessionTemplate,
    Site,
)
from scheduler.queries.problem_sessions import session_title
from scheduler.queries.roster_access import READ_ONLY, Reach
from scheduler.scope import Scope
from scheduler.text import N_, Message, say
from solver.outcome import Breach
from solver.text import Fact

UNSEEN = N_("Work of another hospital, which you do not see, stands against it.")

NAMING = frozenset(("session", "one", "other", "one_where", "other_where", "where"))
"""Facts of a sentence that may tell of a session."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """What a reader may be told of a roster.

    Parameters
    ----------
    seen
        Ids of the sessions that the reader sees.
    words
        Titles of the other sessions and names of whoever works in those alone: never to be said.
    codes
        Codes of these people: a version that was judged before someone was renamed holds the name of then.
    """

    seen: frozenset[int]
    words: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def message(self, message: Message) -> Message:
        """Give a sentence, or one that names nothing where it would name what the reader does not see."""
        return say(UNSEEN) if self._names_unseen(message) else message

    def messages(self, messages: Iterable[Message]) -> tuple[Message, ...]:
        """Give sentences, each as ``message`` does."""
        return tuple(self.message(one) for one in messages)

    def tells(self, breach: Breach) -> bool:
        """Tell whether a breach concerns something that the reader sees."""
        if breach.sessions:
            return any(int(i) in self.seen for i in breach.sessions)
        return not self._is_about_unseen(breach)

    def said(self, breach: Breach) -> Message:
        """Say what a breach is, without naming sessions that the reader does not see."""
        is_partly_unseen = any(int(i) not in self.seen for i in breach.sessions)
        if is_partly_unseen and any(name in NAMING for name, _ in breach.message.facts):
            return say(UNSEEN)
        return say(UNSEEN) if self._is_about_unseen(breach) else breach.message

    def _is_about_unseen(self, breach: Breach) -> bool:
        is_of_unseen = bool(breach.clinicians) and self.codes.issuperset(breach.clinicians)
        return is_of_unseen or self._names_unseen(breach.message)

    def _names_unseen(self, message: Message) -> bool:
        return any(_text(fact) in self.words for _, fact in message.facts)


def _text(fact: Fact) -> str:
    return fact if isinstance(fact, str) else ""


def seen_sessions(scope: Scope, reach: Reach, roster_id: int, *, to_edit: bool = False) -> frozenset[int]:
    """Give the ids of a roster's sessions that an account sees.

    Parameters
    ----------
    to_edit
        Only those that it may change: the ones of organisations for which it coordinates.
    """
    return frozenset(db.session.scalars(_seen(scope, reach, roster_id, reach.editor_ids if to_edit else reach.own_ids)))


def check_session(scope: Scope, reach: Reach, roster_id: int, session_id: int) -> None:
    """Refuse to change a session that the account does not see, or may only look at.

    Raises
    ------
    NotFound
        When the account does not see it.
    NotAllowed
        When it coordinates for none of the session's hospitals.
    """
    if session_id not in seen_sessions(scope, reach, roster_id):
        raise NotFound()
    if reach.editor_ids != reach.own_ids and session_id not in seen_sessions(scope, reach, roster_id, to_edit=True):
        raise NotAllowed(READ_ONLY)


def discretion_of(scope: Scope, reach: Reach, roster_id: int) -> Discretion:
    """Work out what a reader may be told of a roster."""
    seen = seen_sessions(scope, reach, roster_id)
    rows = db.session.execute(
        select(ClinicalSession.id, SessionTemplate)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .where(ClinicalSession.roster_id == roster_id)
    ).all()
    titles = {session_id: session_title(template) for session_id, template in rows}
    unseen = {title for session_id, title in titles.items() if session_id not in seen}
    if not titles.keys() - seen:
        return Discretion(seen)
    known = {title for session_id, title in titles.items() if session_id in seen}
    people = _unseen_people(roster_id, seen)
    return Discretion(seen, words=frozenset((unseen - known) | set(people.values())), codes=frozenset(people.keys()))


def _unseen_people(roster_id: int, seen: frozenset[int]) -> dict[str, str]:
    """Give by code the names of whoever works in sessions of the roster, and in none that is seen."""
    rows = db.session.execute(
        select(Clinician.code, Clinician.name, Placement.session_id)
        .join(Assignment, Assignment.clinician_id == Clinician.id)
        .join(Placement, Placement.id == Assignment.placement_id)
        .join(ClinicalSession, ClinicalSession.id == Placement.session_id)
        .where(ClinicalSession.roster_id == roster_id)
        .distinct()
    ).all()
    met = {code for code, _, session_id in rows if session_id in seen}
    return {code: name for code, name, _ in rows if code not in met}


def _seen(scope: Scope, reach: Reach, roster_id: int, organisation_ids: frozenset[int]) -> Select[int]:
    found = select(ClinicalSession.id).join(ClinicalSession.template).where(ClinicalSession.roster_id == roster_id)
    if reach.agreement_ids is not None:
        return found.where(SessionTemplate.agreement_id.in_(reach.agreement_ids))
    conditions: list[ColumnElement[bool]] = [
        SessionTemplate.site_id.in_(select(Site.id).where(Site.organisation_id.in_(organisation_ids))),
        SessionTemplate.agreement_id.in_(_agreements(organisation_ids)),
        ClinicalSession.id.in_(_with_people_of(organisation_ids, roster_id)),
    ]
    if scope.clinician_id is not None:
        own = select(PublishedDuty.session_id).where(PublishedDuty.clinician_id == scope.clinician_id)
        conditions.append(ClinicalSession.id.in_(own))
    return found.where(or_(*conditions))


def _agreements(organisation_ids: frozenset[int]) -> Select[int]:
    agreement = CooperationAgreement
    return select(agreement.id).where(
        or_(
            agreement.home_organisation_id.in_(organisation_ids),
            agreement.host_organisation_id.in_(organisation_ids),
        )
    )


def _with_people_of(organisation_ids: frozenset[int], roster_id: int) -> Select[int]:
    return (
        select(Placement.session_id)
        .join(Assignment, Assignment.placement_id == Placement.id)
        .join(Affiliation, Affiliation.clinician_id == Assignment.clinician_id)
        .join(ClinicalSession, ClinicalSession.id == Placement.session_id)
        .where(
            ClinicalSession.roster_id == roster_id,
            Affiliation.is_home,
            Affiliation.organisation_id.in_(organisation_ids),
        )
    )
