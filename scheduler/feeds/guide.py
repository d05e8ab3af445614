"""Calendars explained to administrators: the same sentences on the page in the app and in docs/feeds.md."""

from dataclasses import dataclass

from scheduler.feeds.feed import Feed
from scheduler.feeds.variants import BUSY, CANCELLED, LEAVE, TRAVEL
from scheduler.text import N_

CHOICES = {
    BUSY: N_("Busy only: when, not where, with what or with whom."),
    TRAVEL: N_("The way there and back as entries of their own; they never overlap a duty."),
    LEAVE: N_("Leave as whole days, without its kind."),
    CANCELLED: N_("What was cancelled stays visible for 14 days, marked as cancelled."),
}
"""What each option of a subscription does."""

SECRET_ADDRESSES = ("/cal/<token>/<name>.ics",)
PUBLIC_ADDRESSES = ("/cal/zones/<zone>.ics", "/cal/zones/<zone>-<specialty>.ics")


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to know about all calendars: a title and sentences, each a paragraph."""

    title: str
    sentences: tuple[str, ...]


TOPICS = (
    Topic(
        N_("An address is a secret"),
        (
            N_(
                "Whoever has the address of a calendar can read it without signing in. It is 256 random bits long and"
                " shown once; afterwards only its SHA-256 is kept, so nobody can look it up again, not even an"
                " administrator."
            ),
            N_(
                "An address that got out is replaced by a new one on “My calendar”, with one click. The old one is dead"
                " at once, and looks as if it had never been."
            ),
        ),
    ),
    Topic(
        N_("What a calendar holds, and what it never holds"),
        (
            N_(
                "Published sessions and duties: times, sites, rooms, specialties, agreements, clinical roles, and names"
                " of colleagues. Drafts never reach a calendar."
            ),
            N_(
                "Never anything about patients, no mail addresses, no telephone numbers, no reason of an absence, no"
                " reminders. Links in an entry lead to pages behind the sign-in."
            ),
            N_(
                "It reaches from 60 days before the first of this month to 18 months ahead, and moves on at the first"
                " of each month."
            ),
        ),
    ),
    Topic(
        N_("When an address stops working"),
        (
            N_("At once, when it is revoked or replaced by whoever made it, or revoked by an administrator."),
            N_(
                "At once, when whoever made it may no longer subscribe: the account is closed, the access role is taken"
                " back, the agreement ends, the site or room passes to another organisation."
            ),
            N_(
                "After 18 months in which no program fetched it. Its owner is told a month before, on the start page"
                " and on “My calendar”."
            ),
        ),
    ),
    Topic(
        N_("How soon a change is seen"),
        (
            N_(
                "A roster that is published is in the calendars of those it touches within seconds; no other calendar"
                " changes. When a program asks is its own affair: from some minutes to a day."
            ),
            N_(
                "What is cancelled disappears. Whoever wants to see that it was cancelled chooses so when making the"
                " address."
            ),
        ),
    ),
    Topic(
        N_("How large a calendar may be"),
        (
            N_(
                "Google Calendar refuses more than one megabyte, some 1,100 entries; others slow down. The list of"
                " addresses in use names the size of each and warns above one megabyte."
            ),
            N_("For a large site, subscribe to its rooms or to a specialty rather than to the site as a whole."),
        ),
    ),
    Topic(
        N_("Calendars for the public"),
        (
            N_(
                "Consultations under an agreement that a coordinator released to the public can be read by anyone: for"
                " each access zone, and for each specialty in it. They name no person and no room."
            ),
            N_(
                "Such a calendar speaks the language of most of its sites; ?lang= with en, fr, nl or de at the end of"
                " the address asks for another."
            ),
        ),
    ),
    Topic(
        N_("Files to keep"),
        (
            N_(
                "A duty, a week and a published version of a roster can be downloaded as a calendar file, with a"
                " reminder if wanted. A file does not follow later changes. That of a replaced version has identities"
                " of its own, so that it never overwrites what a program knows of today’s roster."
            ),
        ),
    ),
)
"""In the order shown to people."""


def size_advice(feed: Feed) -> str:
    """Say how large a feed of this kind gets and what to do about it."""
    if feed.events == "duties":
        return N_("Small: one person’s duties stay far below one megabyte.")
    if feed.events == "public":
        return N_("Small: its entries hold a care, a place and a time.")
    if feed.is_lean:
        return N_(
            "May be large, so its entries are short: no team, no coordinates. If it passes one megabyte, subscribe to"
            " rooms or to a specialty instead."
        )
    return N_("Of medium size: each entry names the whole team.")


def address_forms(feed: Feed) -> tuple[str, ...]:
    """Give how the addresses of such feeds look."""
    return PUBLIC_ADDRESSES if feed.events == "public" else SECRET_ADDRESSES
