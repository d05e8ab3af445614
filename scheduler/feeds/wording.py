"""What the events of feeds say, in the language of the feed."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from scheduler.duties import Colleague, Duty, SessionFact, SitePlace, TravelBlock
from scheduler.feeds.style import FeedStyle
from scheduler.terms_text import shown, text_of
from scheduler.text import N_

SUMMARY_LENGTH = 60
"""Characters; phones cut longer titles."""

SHORTEST_SPECIALTY = 6
"""Characters that must remain of a specialty's name for it to be cut."""

_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters."""


def summary_of_duty(duty: Duty, style: FeedStyle) -> str:
    """Say where a clinician must be, for what, in which town; private: only that someone is busy."""
    text = N_("Busy") if style.is_private else N_("%(what)s · %(specialty)s – %(place)s")
    return _title(text, _parts(duty, style.gettext, room=duty.room if duty.is_exclusive else None), duty, style)


def summary_of_session(fact: SessionFact, style: FeedStyle) -> str:
    """Say what happens where, or who holds it; private: only that something does."""
    if style.is_private:
        text = N_("Busy")
    elif style.is_clinician_first:
        text = N_("%(who)s · %(specialty)s")
    else:
        text = N_("%(what)s · %(specialty)s – %(place)s")
    parts = _parts(fact, style.gettext, room=fact.room)
    return _title(text, {**parts, "who": _holders(fact) or parts["kind"]}, fact, style)


def summary_of_care(fact: SessionFact, style: FeedStyle) -> str:
    """Say which care is given in which town."""
    text = N_("%(specialty)s · %(kind)s – %(place)s")
    return _title(text, _parts(fact, style.gettext, room=None), fact, style)


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


def _parts(event: Duty | SessionFact, gettext: Callable[[str], str], *, room: str | None) -> dict[str, str]:
    """Give what titles are made of; ``what`` is the room, or the kind where there is none."""
    kind = gettext(text_of(event.kind, "session_kind"))
    return {
        "kind": kind,
        "what": room or kind,
        "specialty": gettext(text_of(event.specialty, "specialty")),
        "place": event.site.town or event.site.name,
    }


def _holders(fact: SessionFact) -> str:
    """Name the first of the team, and how many more there are."""
    names = list(dict.fromkeys(colleague.name for colleague in fact.team))
    return f"{names[0]} +{len(names) - 1}" if len(names) > 1 else "".join(names)


def _title(text: str, parts: Mapping[str, str], event: Duty | SessionFact, style: FeedStyle) -> str:
    """Fill in a title; where it is too long the name of the specialty gives way, since people look for the place."""
    form = style.gettext(text)
    if event.is_cancelled:
        form = style.gettext(N_("Cancelled: %(title)s")) % {"title": form}
    excess = len(one_line(form % parts)) - SUMMARY_LENGTH
    if excess > 0 and len(parts["specialty"]) - excess > SHORTEST_SPECIALTY:
        parts = {**parts, "specialty": parts["specialty"][: -excess - 1].rstrip() + "…"}
    return _short(form % parts)


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
