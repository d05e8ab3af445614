"""The address of a feed, the links that hand it to calendar programs, and which program fetched it."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from scheduler.text import N_

AGENT_LENGTH = 200
PUBLIC = "zones"
"""Stands in the addresses of public feeds where others have their token."""

_PROGRAMS = (
    ("google-calendar", "Google Calendar"),
    ("icsx5", "ICSx⁵"),
    ("davx5", "DAVx⁵"),
    ("thunderbird", "Thunderbird"),
    ("nextcloud", "Nextcloud"),
    ("microsoft office", "Outlook"),
    ("microsoft.exchange", "Outlook"),
    ("outlook", "Outlook"),
    ("dataaccessd", "Apple Calendar"),
    ("calendaragent", "Apple Calendar"),
    ("ios/", "Apple Calendar"),
    ("macos", "Apple Calendar"),
    ("mac os x", "Apple Calendar"),
)
"""Part of a User-Agent in small letters, and the program's name; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after publishing a program may still show the old roster."""

    program: str
    text: str


DELAYS = (
    Delay(N_("Apple Calendar on iPhone, iPad and Mac"), N_("About an hour; the calendar's settings can change it.")),
    Delay("Google Calendar", N_("Four to 24 hours. Google decides, and there is no button to speed it up.")),
    Delay(N_("Outlook on the web"), N_("Three to 24 hours.")),
    Delay(N_("Outlook on a computer"), N_("About an hour while it is open.")),
    Delay("Thunderbird", N_("As you set it; 30 minutes unless you changed it.")),
    Delay(N_("ICSx⁵ on Android"), N_("As you set it; once a day unless you changed it.")),
)
"""In the order shown to people."""


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """The same address for a browser, for a calendar program, for Google and for Outlook."""

    https: str
    webcal: str
    google: str
    outlook_work: str
    outlook_home: str


def feed_path(token: str, name: str) -> str:
    """Give the path of a feed; the last part is for people's eyes only."""
    return f"/cal/{token}/{slug_of(name)}.ics"


def public_path(zone_code: str, care: str = "") -> str:
    """Give the path of the public feed of a zone, or of one specialty in it, named in English."""
    return f"/cal/{PUBLIC}/{slug_of(zone_code)}{f'-{slug_of(care)}' if care else ''}.ics"


def place_in(path: str) -> tuple[str, str]:
    """Give the token, or the word that stands in its place, and the name at the end of a path; empty if it has none."""
    parts = path.split("/")
    if len(parts) != 4 or parts[1] != "cal" or not parts[3].removesuffix(".ics") or not parts[3].endswith(".ics"):
        return "", ""
    return parts[2], parts[3].removesuffix(".ics")


def links_of(base_url: str, path: str, title: str) -> FeedLinks:
    """Give the links to a feed under the app's address, which has no slash at its end."""
    address = f"{base_url}{path}"
    webcal = "webcal://" + address.partition("://")[2]
    outlook = f"calendar/0/addfromweb?url={quote(address, safe='')}&name={quote(title, safe='')}"
    return FeedLinks(
        https=address,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook_work=f"https://outlook.office.com/{outlook}",
        outlook_home=f"https://outlook.live.com/{outlook}",
    )


def is_feed_path(path: str) -> bool:
    """Tell whether a path lies where feeds are, or nearly so: what asks for it is a program, not a person.

    A page that says that there is nothing would repeat the address, and with it the secret.
    """
    return path.lstrip("/").partition("/")[0].lower() == "cal"


def slug_of(name: str) -> str:
    """Give a name in small ASCII letters and hyphens: dr-chloe-fictive."""
    hyphened = re.sub("[\u2010-\u2015]", "-", name)
    plain = unicodedata.normalize("NFKD", hyphened).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "roster"


def program_of(agent: str) -> str:
    """Give the name of the program behind a User-Agent; an unknown one by the first word of it."""
    lower = agent.lower()
    for part, program in _PROGRAMS:
        if part in lower:
            return program
    return re.split(r"[/\s(]", agent.strip(), maxsplit=1)[0][:40]
