"""``flask docs``: the pages of documentation that are made from the code."""

from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap

import click

from config import ROOT
from scheduler.feeds import FEEDS, Feed
from scheduler.feeds.addresses import DELAYS
from scheduler.feeds.guide import CHOICES, TOPICS, address_forms, size_advice

WIDTH = 120
"""Characters on a line."""

group = click.Group("docs", help="Rebuild the pages of documentation that are made from the code.")


@group.command("build")
def build() -> None:
    """Write the generated pages of docs/."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), encoding="utf-8")
        click.echo(f"docs/{name} is up to date.")


def feeds_page() -> str:
    """Give the page about calendars for administrators, in Markdown."""
    parts = [FEEDS_HEAD, *(_feed_part(feed) for feed in FEEDS), "## What to know about all of them", *_topics()]
    return "\n\n".join([*parts, "## How late each program may be", _delays(), FEEDS_TAIL]) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {"feeds.md": feeds_page}
"""File in docs/, and what gives its text."""

FEEDS_HEAD = """\
# Calendars

<!-- Made by ./run docs from scheduler/feeds/: change it there. -->

For administrators: every calendar that Passerelle gives, who may subscribe to it, and what an address means. The same
is told in the app, in four languages, on *Calendars explained*. People subscribe on *My calendar*; administrators see
all addresses of their organisation on *Addresses in use* (never the address itself) and can revoke each.\
"""
FEEDS_TAIL = """\
## On the command line

```
./run flask feed --help
```

## Large sites

One process answers more than any hospital's calendar programs ask. A site that wants nginx to send the bytes instead
finds the settings under *Calendar addresses* in [operating.md](operating.md); there also stands what a proxy in front
must not write into its log.\
"""


def _feed_part(feed: Feed) -> str:
    return "\n".join([f"## {feed.title}", "", _folded(feed.shows), "", *_facts(feed)])


def _facts(feed: Feed) -> Iterator[str]:
    yield _item(f"**Who may subscribe:** {feed.audience}")
    yield _item(f"**Address:** {' or '.join(f'`{form}`' for form in address_forms(feed))}")
    yield _item(f"**Size:** {size_advice(feed)}")
    if feed.choices:
        yield "- **Choices**, beside the language:"
        yield from (_item(CHOICES[choice], indent="  ") for choice in feed.choices)


def _topics() -> Iterator[str]:
    for topic in TOPICS:
        yield f"### {topic.title}"
        yield from (_folded(sentence) for sentence in topic.sentences)


def _delays() -> str:
    rows = [f"| {delay.program} | {delay.text} |" for delay in DELAYS]
    return "\n".join(["| program | delay |", "|---|---|", *rows])


def _item(text: str, *, indent: str = "") -> str:
    return _folded(text, first=f"{indent}- ", rest=f"{indent}  ")


def _folded(text: str, *, first: str = "", rest: str = "") -> str:
    lines = wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)
