"""The lines of which an iCalendar file is made."""

import re
from collections.abc import Iterable

from icalendar.prop import vText

LINE_LENGTH = 75
"""Octets, without the line's end.  RFC 5545 section 3.1."""

_ESCAPED = re.compile(r"[\\;,]")
_WHOLE = re.compile(r"\\.|\^.|.", re.DOTALL)
"""What a fold must not cut: an escape, of a text or of a parameter, or one character."""


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
    if len(sent) <= LINE_LENGTH:
        return sent + b"\r\n"
    rows, row = [], b""
    for match in _WHOLE.finditer(line):
        sign = match[0].encode()
        if len(row) + len(sign) > LINE_LENGTH:
            rows.append(row)
            row = b" "
        row += sign
    return b"\r\n".join([*rows, row]) + b"\r\n"
