"""Keeps secret addresses out of every log line, whoever writes it."""

import logging
import re
import traceback
from collections.abc import Mapping
from typing import Any

HIDDEN = "[secret]"
_SECRET_ADDRESS = re.compile(r"(/cal/|%2fcal%2f)(?!zones\b)[^/\s\"'?#&%]+", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{43}(?![\w-])")
"""256 bits in base64 for addresses, wherever it stands; a name of our own in capitals and as long is hidden too."""


def redact(text: str) -> str:
    """Give the text with the token of each feed address hidden, and with whatever else looks like one."""
    return _TOKEN.sub(HIDDEN, _SECRET_ADDRESS.sub(rf"\1{HIDDEN}", text))


def redact_logs() -> None:
    """Hide tokens in all records of all loggers from now on: messages, their arguments and tracebacks."""
    make_record = logging.getLogRecordFactory()
    if isinstance(make_record, _RedactingFactory):
        return
    logging.setLogRecordFactory(_RedactingFactory(make_record))


class _RedactingFactory:
    """Makes log records as another factory does, without tokens."""

    def __init__(self, make_record: Any) -> None:
        self._make_record = make_record

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._make_record(*args, **kwargs)
        record.msg = _redacted(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: _redacted(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_redacted(value) for value in record.args)
        if record.exc_info and record.exc_info[0] is not None:
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
            if redact(told) != told:
                record.exc_text = redact(told)
        return record


def _redacted(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    hidden = redact(text)
    return value if hidden == text else hidden
