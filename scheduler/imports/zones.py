"""Time zones as calendar programs name them."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


def find_zone(name: str, places: Mapping[str, str]) -> ZoneInfo | None:
    """Give the zone that a name means, or None when nobody knows it.

    Programs write IANA names, names of Windows ("Romance Standard Time"), IANA names with a path in front
    ("/freeassociation.sourceforge.net/Europe/Paris") or a name of their own whose block says where it is
    (``places``, from X-LIC-LOCATION).  A name is only ever looked up in the tables of this machine.
    """
    for one in (name, places.get(name, "")):
        found = _iana(WINDOWS_TO_OLSON.get(one, one).strip("/ "))
        if found is not None:
            return found
    return None


def _iana(name: str) -> ZoneInfo | None:
    parts = name.split("/")
    for start in range(len(parts)):
        found = _zone("/".join(parts[start:]))
        if found is not None:
            return found
    return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
