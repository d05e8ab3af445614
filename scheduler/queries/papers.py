"""Verdicts on the papers that let a clinician work in a country: what holds today, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.models import Clinician

SOON_DAYS = 90
"""A paper that ends within this many days is worth a look now."""

LEVELS = ("missing", "expired", "soon", "ok")
"""Verdicts, the worst first."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper in one country.

    Parameters
    ----------
    kind
        ``registration``, ``temporary_declaration``, ``insurance`` or ``a1``.
    country
        ISO code; the home country for an A1.
    last_on
        Last day on which it holds; None when there is no such paper.
    number
        Shown to the clinician and to the own coordinator and administrator; empty for everyone else.
    """

    kind: str
    country: str
    level: str
    last_on: date | None
    number: str = ""


def papers_of(clinician: Clinician, countries: Iterable[str], today: date) -> tuple[Paper, ...]:
    """Judge registration and insurance in each country, and the A1 of who works abroad; home comes first."""
    home = clinician.home.site.country
    wanted = sorted(set(countries) | {home}, key=lambda country: (country != home, country))
    papers = [paper for country in wanted for paper in _in_country(clinician, country, today)]
    if len(wanted) > 1:
        papers.append(_judged("a1", home, clinician.a1_valid_until, today))
    return tuple(papers)


def worst_of(papers: Iterable[Paper]) -> Paper | None:
    """Give the paper that needs attention first, or None when there are none."""
    return min(papers, key=lambda paper: (LEVELS.index(paper.level), paper.last_on or date.min), default=None)


def without_numbers(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """Give verdict and last day alone, as partners see them."""
    return tuple(Paper(paper.kind, paper.country, paper.level, paper.last_on) for paper in papers)


def _in_country(clinician: Clinician, country: str, today: date) -> list[Paper]:
    registrations = [paper for paper in clinician.registrations if paper.country == country]
    insurances = [paper for paper in clinician.insurances if country in paper.countries]
    registration = max(registrations, key=lambda paper: _rank(paper.valid_from, paper.valid_until, today), default=None)
    insurance = max(insurances, key=lambda paper: _rank(paper.valid_from, paper.valid_until, today), default=None)
    return [
        _judged(
            registration.kind if registration else "registration",
            country,
            registration.valid_until if registration else None,
            today,
            from_on=registration.valid_from if registration else None,
            number=registration.number if registration else "",
        ),
        _judged(
            "insurance",
            country,
            insurance.valid_until if insurance else None,
            today,
            from_on=insurance.valid_from if insurance else None,
        ),
    ]


def _rank(valid_from: date, valid_until: date, today: date) -> tuple[bool, date]:
    """Rank a paper that already counts above one that is still to begin, then the one that ends later."""
    return valid_from <= today, valid_until


def _judged(
    kind: str, country: str, until: date | None, today: date, *, from_on: date | None = None, number: str = ""
) -> Paper:
    if until is None or (from_on is not None and from_on > today):
        return Paper(kind, country, "missing", None, number)
    last_on = until - timedelta(days=1)
    if last_on < today:
        level = "expired"
    elif last_on <= today + timedelta(days=SOON_DAYS):
        level = "soon"
    else:
        level = "ok"
    return Paper(kind, country, level, last_on, number)
