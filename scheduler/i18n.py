"""Languages: which one a reader sees, and dates, times, codes and messages in it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIFlask
from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent
from babel.support import Translations
from flask import g, has_request_context, request
from flask_babel import Babel, get_locale, gettext
from flask_login import current_user

from config import LANGUAGES, ROOT
from scheduler import terms_text
from scheduler.terms_text import TITLE_JOINT
from scheduler.text import Message

LANGUAGE_NAMES = {"en": "English", "fr": "Français", "nl": "Nederlands", "de": "Deutsch"}
"""Each language by its own name."""
COOKIE = "language"
DEFAULT_ZONE = "Europe/Brussels"

Gettext = Callable[[str], str]
_DAYS = {"en": "EEE d MMM", "fr": "EEE d MMM", "nl": "EEE d MMM", "de": "EEE d. MMM"}
_SENTENCE_DAYS = {"en": "EEEE d MMMM", "fr": "EEEE d MMMM", "nl": "EEEE d MMMM", "de": "EEEE, d. MMMM"}
"""Days inside sentences are not shortened: a dot after “nov.” would be followed by the sentence's own."""
_LONG_DAYS = {"en": "EEEE d MMMM y", "fr": "EEEE d MMMM y", "nl": "EEEE d MMMM y", "de": "EEEE, d. MMMM y"}
_DATES = {"en": "d MMM y", "fr": "d MMM y", "nl": "d MMM y", "de": "d. MMM y"}
_MAY_BE_TITLES = ("one", "other")
"""Facts of messages that are titles of sessions or names of something else."""
_TITLES_OF_RULES = ("rule", "other_rule")
"""Facts of messages that are titles of rules, which are translated."""
_TERM_FACTS = {
    "half_day": ("half_day",),
    "kind": ("session_kind", "half_day"),
    "before": ("session_kind", "half_day"),
    "after": ("session_kind", "half_day"),
    "session_kind": ("session_kind",),
    "role": ("clinical_role",),
    "specialty": ("specialty",),
    "room_kind": ("room_kind",),
    "country": ("country",),
    "side": ("side",),
    "contract": ("contract",),
    "home_contract": ("contract",),
    "host_contract": ("contract",),
}
"""Facts of messages that are codes, and the areas that name them."""


def init_app(app: APIFlask, babel: Babel) -> None:
    """Choose a language for every request and teach templates to write in it."""
    babel.init_app(app, default_locale=LANGUAGES["en"], default_timezone=DEFAULT_ZONE, locale_selector=select_locale)
    app.jinja_env.filters.update(
        day=day,
        day_long=day_long,
        date=short_date,
        clock=clock_time,
        moment=moment,
        number=number,
        percent=percent,
        message=translate,
        term=term,
        shown=shown,
        specialty=lambda name: term(name, "specialty"),
    )
    app.context_processor(lambda: {"language": current_language(), "languages": list(LANGUAGE_NAMES.items())})


def current_language() -> str:
    """Give the language code of the reader, outside a request English.

    The account's own choice comes first, then this browser's, then what the browser asks for.
    """
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _choose_language()
    chosen: str = g.language
    return chosen


def forget_language() -> None:
    """Choose again when the language is next asked for: someone signed in or out, or chose another."""
    g.pop("language", None)


def select_locale() -> str:
    """Give the locale in whose formats the reader sees dates and numbers."""
    return LANGUAGES[current_language()]


def gettext_for(language: str) -> Gettext:
    """Give the function that translates into a language, with or without a request."""
    return _catalogue(language).gettext


def translate(message: Message | Mapping[str, Any] | str, language: str | None = None, zone: str = DEFAULT_ZONE) -> str:
    """Give a message as a sentence in the reader's language or the one asked for, with its dates written out."""
    text, facts = _parts(message)
    code = language or current_language()
    translated = gettext_for(code)(text) if language else gettext(text)
    if not facts:
        return translated
    return translated % {name: _written(name, value, code, zone) for name, value in facts.items()}


def term(code: str, area: str = "", language: str | None = None) -> str:
    """Give the name of a code, e.g. of a half-day; ``area`` is needed where a code means two things."""
    text = terms_text.text_of(code, area)
    return gettext_for(language)(text) if language else gettext(text)


def shown(text: str, language: str | None = None) -> str:
    """Give a text from the database in the reader's language: texts of the demonstration are translated."""
    return terms_text.shown(text, gettext_for(language) if language else gettext)


def day(value: date, language: str | None = None) -> str:
    """Write a date with its weekday: Mon 23 Nov."""
    return _date(value, _DAYS, language)


def day_long(value: date, language: str | None = None) -> str:
    """Write a date in full: Monday 23 November 2026."""
    return _date(value, _LONG_DAYS, language)


def short_date(value: date, language: str | None = None) -> str:
    """Write a date with its year: 23 Nov 2026."""
    return _date(value, _DATES, language)


def clock_time(value: datetime, zone: str = DEFAULT_ZONE) -> str:
    """Write an instant as the clock shows it in a zone: 08:30."""
    return format_time(value.astimezone(ZoneInfo(zone)), "HH:mm", locale=_locale(None))


def moment(value: datetime, zone: str = DEFAULT_ZONE, language: str | None = None) -> str:
    """Write an instant with date and time: 23 Nov 2026, 08:30."""
    code = language or current_language()
    local = value.astimezone(ZoneInfo(zone))
    return format_datetime(local, f"{_DATES[code]}, HH:mm", locale=_locale(code))


def number(value: float) -> str:
    """Write a number with the signs of the reader's language: 12,345."""
    return format_decimal(value, locale=_locale(None))


def percent(share: float) -> str:
    """Write a share, from 0 to 1, to a tenth of a hundredth: 12.3%."""
    return format_percent(round(share, 3), locale=_locale(None), decimal_quantization=False)


def _choose_language() -> str:
    chosen = getattr(current_user, "language", None) or request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES), default="en") or "en"


def _date(value: date, patterns: Mapping[str, str], language: str | None) -> str:
    code = language or current_language()
    return format_date(value, patterns[code], locale=_locale(code))


def _locale(language: str | None) -> Locale:
    if language is not None:
        return Locale.parse(LANGUAGES[language])
    return (get_locale() if has_request_context() else None) or Locale.parse(LANGUAGES["en"])


@cache
def _catalogue(language: str) -> Any:
    return Translations.load(ROOT / "scheduler" / "translations", [LANGUAGES[language]])


def _parts(message: Message | Mapping[str, Any] | str) -> tuple[str, dict[str, Any]]:
    """Give text and facts of a message, which may come from JSON."""
    if isinstance(message, str):
        return message, {}
    if isinstance(message, Message):
        return message.text, dict(message.facts)
    return message["text"], {name: _from_json(value) for name, value in dict(message.get("facts", {})).items()}


def _from_json(value: Any) -> Any:
    if isinstance(value, Mapping) and "date" in value:
        return date.fromisoformat(value["date"])
    if isinstance(value, Mapping) and "instant" in value:
        return datetime.fromisoformat(value["instant"]).astimezone(UTC)
    return value


def _written(name: str, value: Any, language: str, zone: str) -> Any:
    """Write one fact of a message."""
    if isinstance(value, datetime):
        return moment(value, zone, language)
    if isinstance(value, date):
        return _date(value, _SENTENCE_DAYS, language)
    if isinstance(value, str) and (name == "session" or (name in _MAY_BE_TITLES and TITLE_JOINT in value)):
        return TITLE_JOINT.join(term(part, language=language) for part in value.split(TITLE_JOINT))
    if isinstance(value, str) and name in _TITLES_OF_RULES:
        return gettext_for(language)(value)
    if isinstance(value, str) and name == "agreement":
        return shown(value, language)
    if isinstance(value, str) and name in _TERM_FACTS:
        return ", ".join(_named(code, _TERM_FACTS[name], language) for code in value.split(", "))
    if isinstance(value, str) and name == "languages":
        return ", ".join(_locale(language).languages.get(code, code) for code in value.split(", "))
    return value


def _named(code: str, areas: Iterable[str], language: str) -> str:
    """Name a code within a sentence; what is no code stays as it is."""
    area = next((area for area in areas if code in terms_text.TERMS[area]), None)
    if area is None:
        return code
    named = term(code, area, language)
    return named if language == "de" or area == "country" else named[:1].lower() + named[1:]
