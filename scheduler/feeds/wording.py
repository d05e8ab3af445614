"""What the events of feeds say, in the language of the feed."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from scheduler.duties import Colleague, Duty, SessionFact, SitePlace, TravelBlock
from scheduler.feeds.style import FeedStyle
from scheduler.terms_text import shown, text_of
from scheduler.text import N_

SUMMARY_LENGTH = 60
"""Characters; phones cut longer titles."""

_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters."""


def summary_of_duty(duty: Duty, style: FeedStyle) -> str:
    """Say where a clinician must be, for what, in which town; private: only that someone is busy."""
    if style.is_private:
        title = style.gettext(N_("Busy"))
    else:
        title = _what_and_where(duty, style.gettext, room=duty.room if duty.is_exclusive else None)
    return _short(_marked(title, style.gettext, is_cancelled=duty.is_cancelled))


def summary_of_session(fact: SessionFact, style: FeedStyle) -> str:
    """Say what happens where, or who holds it; private: only that something does."""
    if style.is_private:
        title = style.gettext(N_("Busy"))
    elif style.is_clinician_first:
        title = _who_and_what(fact, style.gettext)
    else:
        title = _what_and_where(fact, style.gettext, room=fact.room)
    return _short(_marked(title, style.gettext, is_cancelled=fact.is_cancelled))


def summary_of_care(fact: SessionFact, style: FeedStyle) -> str:
    """Say which care is given in which town."""
    text = style.gettext(N_("%(specialty)s · %(kind)s – %(place)s"))
    return _short(_marked(text % _named(fact, style.gettext), style.gettext, is_cancelled=fact.is_cancelled))


def summary_of_leave(style: FeedStyle) -> str:
    """Say that someone is away; private: busy."""
    return _short(style.gettext(N_("Busy") if style.is_private else N_("Leave")))


def summary_of_travel(block: TravelBlock, style: FeedStyle) -> str:
    """Say where to; private: only that someone is busy."""
    if style.is_private:
        return _short(style.gettext(N_("Busy")))
    return _short(style.gettext(N_("Travel → %(place)s")) % {"place": block.to_place.name})


def description_of_duty(duty: Duty, style: FeedStyle) -> str:
    """Tell role, specialty, colleagues and agreement, and of when this is."""
    gettext = style.gettext
    kind, role = gettext(text_of(duty.kind, "session_kind")), gettext(text_of(duty.role, "clinical_role"))
    return _paragraph(
        kind if role == kind else gettext(N_("%(kind)s, role: %(role)s")) % {"kind": kind, "role": role},
        _specialty(duty, gettext),
        _people(gettext(N_("With: %(names)s")), duty.colleagues, gettext),
        _agreement(duty, gettext),
        state_of(duty.revised_at, gettext),
    )


def description_of_session(fact: SessionFact, style: FeedStyle) -> str:
    """Tell kind, specialty, team and agreement, and of when this is."""
    gettext = style.gettext
    return _paragraph(
        gettext(text_of(fact.kind, "session_kind")),
        _specialty(fact, gettext),
        _people(gettext(N_("Team: %(names)s")), fact.team, gettext),
        _agreement(fact, gettext),
        state_of(fact.revised_at, gettext),
    )


def description_of_care(fact: SessionFact, style: FeedStyle) -> str:
    """Tell kind and specialty, and of when this is; nobody is named."""
    gettext = style.gettext
    return _paragraph(
        gettext(text_of(fact.kind, "session_kind")),
        _specialty(fact, gettext),
        state_of(fact.revised_at, gettext),
    )


def description_of_travel(block: TravelBlock, style: FeedStyle, *, revised_at: datetime) -> str:
    """Tell from where to where, how long it takes, and of when this is."""
    text = (
        N_("From %(origin)s to %(destination)s: about %(minutes)d minutes by road, estimated")
        if block.is_estimated
        else N_("From %(origin)s to %(destination)s: %(minutes)d minutes by road")
    )
    facts = {"origin": block.from_place.name, "destination": block.to_place.name, "minutes": block.minutes}
    return _paragraph(style.gettext(text) % facts, state_of(revised_at, style.gettext))


def state_of(revised_at: datetime, gettext: Callable[[str], str]) -> str:
    """Tell of when an event is: the moment of its revision, never that of writing."""
    return gettext(N_("State of %(moment)s UTC")) % {"moment": revised_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")}


def location_of(site: SitePlace, room: str | None = None) -> str:
    """Name site, town and room on one line; a town that is in the site's name is not named twice."""
    town = None if site.town.casefold() in site.name.casefold() else site.town
    return one_line(", ".join(part for part in (site.name, town, room) if part))


def one_line(text: str) -> str:
    """Give a text on one line, with single spaces."""
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    """Put a space for what RFC 5545 section 3.3.11 forbids in a text: control characters other than the line's end."""
    return _FORBIDDEN.sub(" ", text)


def _what_and_where(event: Duty | SessionFact, gettext: Callable[[str], str], *, room: str | None) -> str:
    named = _named(event, gettext)
    text = gettext(N_("%(what)s · %(specialty)s – %(place)s"))
    return text % {"what": room or named["kind"], "specialty": named["specialty"], "place": named["place"]}


def _who_and_what(fact: SessionFact, gettext: Callable[[str], str]) -> str:
    """Name the first of the team, and how many more there are."""
    names = list(dict.fromkeys(colleague.name for colleague in fact.team))
    named = _named(fact, gettext)
    if not names:
        return f"{named['kind']} · {named['specialty']}"
    others = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{names[0]}{others} · {named['specialty']}"


def _named(event: Duty | SessionFact, gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        "kind": gettext(text_of(event.kind, "session_kind")),
        "specialty": gettext(text_of(event.specialty, "specialty")),
        "place": event.site.town or event.site.name,
    }


def _marked(title: str, gettext: Callable[[str], str], *, is_cancelled: bool) -> str:
    return gettext(N_("Cancelled: %(title)s")) % {"title": title} if is_cancelled else title


def _short(summary: str) -> str:
    line = one_line(summary)
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1].rstrip() + "…"


def _specialty(event: Duty | SessionFact, gettext: Callable[[str], str]) -> str:
    return gettext(N_("Specialty: %(specialty)s")) % {"specialty": gettext(text_of(event.specialty, "specialty"))}


def _agreement(event: Duty | SessionFact, gettext: Callable[[str], str]) -> str:
    if not event.agreement:
        return ""
    return gettext(N_("Agreement: %(agreement)s")) % {"agreement": shown(event.agreement, gettext)}


def _people(text: str, people: Iterable[Colleague], gettext: Callable[[str], str]) -> str:
    """Name each of them once, with all the roles held there."""
    roles: dict[str, list[str]] = {}
    for colleague in people:
        roles.setdefault(colleague.name, []).append(gettext(text_of(colleague.role, "clinical_role")))
    one = gettext(N_("%(name)s (%(role)s)"))
    names = [one % {"name": name, "role": ", ".join(dict.fromkeys(held))} for name, held in roles.items()]
    return text % {"names": ", ".join(names)} if names else ""


def _paragraph(*lines: str) -> str:
    return "\n".join(one_line(line) for line in lines if line)
