"""How an engine's process is spoken to.

Down its standard input go requests: one line of JSON, and for a model, or for values that another engine has found
meanwhile, the raw arrays behind it.  Up its standard output come lines of JSON only: ``ready``, ``phase``,
``incumbent``, ``bound`` and ``answer``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from solver.linear import LinearModel

ARRAYS = {
    "cost": np.int64,
    "lower": np.float64,
    "upper": np.float64,
    "row_start": np.int64,
    "columns": np.int64,
    "values": np.int64,
    "row_low": np.float64,
    "row_high": np.float64,
}
"""Arrays of a linear model in the order in which they are sent."""

Emit = Callable[..., None]
"""Sends one line: the event's name, and its members by keyword."""


@dataclass(frozen=True, slots=True, eq=False)
class SolveRequest:
    """A model to solve.

    Parameters
    ----------
    seconds
        Time limit.
    hint
        Values to start from, possibly breaking rows.
    effort
        Work after which to stop whatever the clock says, in units of about a second; 0: no limit.  With one
        worker, and time enough, the answer then is the same each time.
    relaxed
        Whether fractions are allowed; the answer then has the members of ``solver.linear.Relaxed``.
    """

    linear: LinearModel
    seconds: float
    seed: int = 1
    workers: int = 0
    hint: NDArray[np.int64] | None = None
    effort: float = 0.0
    relaxed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """Column values that someone else has found for the model that is being solved."""

    x: NDArray[np.int64]


def write_request(stream: IO[bytes], request: SolveRequest) -> None:
    """Send a model down a stream."""
    arrays = [np.ascontiguousarray(getattr(request.linear, name), kind) for name, kind in ARRAYS.items()]
    if request.hint is not None:
        arrays.append(np.ascontiguousarray(request.hint, np.int64))
    header = {
        "do": "solve",
        "lengths": [len(a) for a in arrays],
        "offset": int(request.linear.offset),
        "seconds": request.seconds,
        "seed": request.seed,
        "workers": request.workers,
        "effort": request.effort,
        "relaxed": request.relaxed,
    }
    stream.write(json.dumps(header).encode() + b"\n")
    for array in arrays:
        stream.write(array.tobytes())
    stream.flush()


def write_offer(stream: IO[bytes], x: NDArray[np.int64]) -> None:
    """Hand values down to a running solve."""
    array = np.ascontiguousarray(x, np.int64)
    stream.write(json.dumps({"do": "offer", "length": len(array)}).encode() + b"\n" + array.tobytes())
    stream.flush()


def write_stop(stream: IO[bytes]) -> None:
    """Ask for the running solve to end with the best it has."""
    stream.write(b'{"do": "stop"}\n')
    stream.flush()


def read_request(stream: IO[bytes]) -> SolveRequest | Offer | str | None:
    """Give the next request: a model, an offer, ``stop``, or None at the end of the stream."""
    line = stream.readline()
    if not line:
        return None
    header = json.loads(line)
    if header["do"] == "offer":
        raw = stream.read(int(header["length"]) * 8)
        return Offer(np.frombuffer(raw, np.int64)) if len(raw) == int(header["length"]) * 8 else None
    if header["do"] != "solve":
        return str(header["do"])
    kinds = [*ARRAYS.values(), np.int64]
    arrays: list[NDArray[Any]] = []
    for kind, length in zip(kinds, header["lengths"], strict=False):
        raw = stream.read(int(length) * 8)
        if len(raw) != int(length) * 8:
            return None
        arrays.append(np.frombuffer(raw, kind))
    model = dict(zip(ARRAYS, arrays, strict=False))
    return SolveRequest(
        LinearModel(**model, offset=header["offset"]),
        header["seconds"],
        header["seed"],
        header["workers"],
        arrays[len(ARRAYS)] if len(arrays) > len(ARRAYS) else None,
        header["effort"],
        header["relaxed"],
    )


def sparse(x: NDArray[Any]) -> list[list[Any]]:
    """Give the columns that are not zero, and their values."""
    at = np.flatnonzero(x)
    return [at.tolist(), x[at].tolist()]


def dense(pairs: list[list[int]], length: int) -> NDArray[np.int64]:
    """Give all values of which ``sparse`` gave the columns that are not zero."""
    return dense_floats(pairs, length).astype(np.int64)


def dense_floats(pairs: list[list[Any]], length: int) -> NDArray[np.float64]:
    """Give all fractions of which ``sparse`` gave the columns that are not zero."""
    x = np.zeros(length)
    x[np.array(pairs[0], np.int64)] = pairs[1]
    return x
