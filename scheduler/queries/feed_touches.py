"""Which feeds show a session: what is to be made anew when it changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import false, func, select

from scheduler.extensions import db
from scheduler.models import ClinicalSession, CooperationAgreement, SessionTemplate
from scheduler.queries.duties import in_chunks
from scheduler.queries.feed_selections import SELECTIONS_BY_ID, TouchedSessions, TouchedTemplate


@dataclass(frozen=True, slots=True)
class Touched:
    """The feeds that a change shows in: ids of what they are about, by kind of feed."""

    subjects: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, **subject_ids: Iterable[int]) -> "Touched":
        """Give the feeds of these subjects, named by kind of feed."""
        return cls({feed_id: frozenset(ids) for feed_id, ids in subject_ids.items()})

    def __getitem__(self, feed_id: str) -> frozenset[int]:
        """Give the subjects of one kind of feed."""
        return self.subjects.get(feed_id, frozenset())

    def __or__(self, other: "Touched") -> "Touched":
        """Give all feeds of both."""
        both = self.subjects.keys() | other.subjects.keys()
        return Touched({feed_id: self[feed_id] | other[feed_id] for feed_id in both})


def touched_subjects(
    session_ids: Iterable[int], *, clinician_ids: Iterable[int] = (), room_ids: Iterable[int] = ()
) -> Touched:
    """Give all whose feeds show one of these sessions.

    Parameters
    ----------
    clinician_ids, room_ids
        Who takes or took part, and where it is or was held: the caller knows, as that is what changes.
    """
    ids = frozenset(session_ids)
    shown = TouchedSessions(ids, _templates_of(ids), frozenset(clinician_ids), frozenset(room_ids))
    return Touched({feed.id: frozenset(feed.touched(shown)) for feed in SELECTIONS_BY_ID.values()})


def _templates_of(session_ids: Iterable[int]) -> frozenset[TouchedTemplate]:
    return frozenset(
        TouchedTemplate(*row)
        for ids in in_chunks(session_ids)
        for row in db.session.execute(
            select(
                SessionTemplate.id,
                SessionTemplate.site_id,
                SessionTemplate.specialty,
                SessionTemplate.agreement_id,
                SessionTemplate.kind,
                func.coalesce(CooperationAgreement.is_released, false()),
            )
            .join(ClinicalSession, ClinicalSession.template_id == SessionTemplate.id)
            .outerjoin(CooperationAgreement, CooperationAgreement.id == SessionTemplate.agreement_id)
            .where(ClinicalSession.id.in_(ids))
            .distinct()
        )
    )
