"""What pages with a list share: the words of the page numbers, and numbers read from the address."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from scheduler.queries.paging import Page


@dataclass(frozen=True, slots=True)
class Pagination:
    """The links below a list; a url is empty at an end."""

    label: str
    position: str
    previous_url: str
    next_url: str
    previous_text: str
    next_text: str
    last: int


def pagination(page: Page[Any]) -> Pagination:
    """Give the links to the pages before and after, with the filters of this one."""
    return Pagination(
        label=_("Pages"),
        position=_("Page %(number)s of %(last)s", number=page.number, last=page.last),
        previous_url=_url(page.number - 1) if page.number > 1 else "",
        next_url=_url(page.number + 1) if page.number < page.last else "",
        previous_text=_("Previous page"),
        next_text=_("Next page"),
        last=page.last,
    )


def number_asked(name: str, otherwise: int | None = None) -> int | None:
    """Give a whole number from the address, or something else when it holds none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def page_asked() -> int:
    """Give the page of a list that the address asks for, 1 if it names none."""
    return number_asked("page", 1) or 1


def words_asked() -> str:
    """Give what the reader looks for."""
    return request.args.get("find", "").strip()[:100]


def _url(number: int) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), "page": number}
    return url_for(request.endpoint or "", **values)
