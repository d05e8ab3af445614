"""The errors that people may meet, with translatable sentences; one handler makes pages and exit codes of them."""

from collections.abc import Mapping

from solver.text import Message


class AppError(Exception):
    """Base of all errors of ours.

    Parameters
    ----------
    message
        A whole sentence for people: in English, already translated, or with facts still to be filled in.

    Attributes
    ----------
    message
        The sentence as plain text, in English unless it was translated before.
    said
        The sentence with its facts, for whoever translates it.
    """

    status = 500

    def __init__(self, message: str | Message = "") -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.said = message if isinstance(message, Message) else Message(message)


class InvalidInput(AppError):
    """What was given cannot be accepted; ``problems`` maps a field name to a sentence, like ``message``."""

    status = 422

    def __init__(self, message: str | Message = "", problems: Mapping[str, str | Message] | None = None) -> None:
        super().__init__(message)
        self.problems = dict(problems or {})


class NotAllowed(AppError):
    """The thing is visible to the person, the act is not allowed."""

    status = 403


class NotFound(AppError):
    """The thing does not exist, or does not exist for this person."""

    status = 404


class Conflict(AppError):
    """Someone else changed the thing first, or it is no longer in the state the act needs."""

    status = 409


class TooMany(AppError):
    """Too many tries; ``retry_after`` seconds from now another one is allowed."""

    status = 429

    def __init__(self, message: str | Message = "", retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
