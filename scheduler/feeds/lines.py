"""The lines of which an iCalendar file is made."""

import re
from collections.abc import Iterable

from icalendar.prop import vText

LINE_LENGTH = 75
"""Octets, without the line's end.  RFC 5545 section 3.1."""

BACKSLASH = ord("\\")
_ESCAPED = re.compile(r"[\\;,]")


class Text(vText):
    r"""A text value, escaped as RFC 5545 section 3.3.11 has it: icalendar takes a typed ``\N`` for a line's end."""

    def to_ical(self) -> bytes:
        """Give the escaped text."""
        return _ESCAPED.sub(r"\\\g<0>", str(self)).replace("\n", r"\n").encode()


def folded(lines: Iterable[str]) -> bytes:
    """Give content lines as they are sent: UTF-8, folded, each ended by CRLF.

    RFC 5545 lets a fold cut an escape; Outlook and others then show half of it.
    """
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    sent = line.encode()
    rows, first, room = [], 0, LINE_LENGTH
    while len(sent) - first > room:
        cut = _last_cut(sent, first + room)
        rows.append(sent[first:cut])
        first, room = cut, LINE_LENGTH - 1
    return b"\r\n ".join([*rows, sent[first:]]) + b"\r\n"


def _last_cut(sent: bytes, cut: int) -> int:
    """Give the last place up to ``cut`` that lies neither in a character nor in an escape."""
    while sent[cut] & 0b1100_0000 == 0b1000_0000:  # the rest of a character
        cut -= 1
    escapes = cut
    while sent[escapes - 1] == BACKSLASH:
        escapes -= 1
    return cut - (cut - escapes) % 2
