"""The choices a subscriber has: in which language a feed speaks, and what it shows beside its events."""

from dataclasses import dataclass

BUSY, CANCELLED, LEAVE, TRAVEL = OPTIONS = ("busy", "cancelled", "leave", "travel")
"""Names of the options, in the order in which they are stored."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A feed in one language and dress.

    Parameters
    ----------
    is_private
        Show that someone is busy, not where or with what.
    with_travel, with_leave
        Show the time on the road, and days away; feeds of clinicians alone can.
    with_cancelled
        Go on showing what was cancelled for a while, as cancelled.
    """

    language: str
    is_private: bool = False
    with_travel: bool = False
    with_cancelled: bool = False
    with_leave: bool = False

    @property
    def options(self) -> str:
        """The options chosen, as they are stored: those of OPTIONS, in that order, joined by commas."""
        chosen = (self.is_private, self.with_cancelled, self.with_leave, self.with_travel)
        return ",".join(option for option, is_chosen in zip(OPTIONS, chosen, strict=True) if is_chosen)

    @classmethod
    def of(cls, language: str, options: str) -> "Variant":
        """Give the variant that ``options`` tells; words that are no option count for nothing."""
        chosen = set(options.split(","))
        return cls(
            language=language,
            is_private=BUSY in chosen,
            with_travel=TRAVEL in chosen,
            with_cancelled=CANCELLED in chosen,
            with_leave=LEAVE in chosen,
        )
