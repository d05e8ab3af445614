"""Frozen records to and from JSON, and the JSON Schema of them, read off their types.

A record is an object with one member per field, a tuple or a set is an array (sets sorted), an instant is
ISO 8601 in UTC with ``Z``.  A field with a default may be left out of a file; a member that no field knows is
refused.
"""

import math
import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from solver.problem import InvalidProblem
from solver.text import Fact

Encoder = Callable[[Any], Any]
Decoder = Callable[[Any, str], Any]

_FACT_TYPES = frozenset(get_args(Fact))
_PLAIN: dict[type, tuple[str, tuple[type, ...]]] = {
    str: ("a text", (str,)),
    bool: ("true or false", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
}


def encode_record(record: Any) -> dict[str, Any]:
    """Give the JSON object of a record."""
    kind: Any = type(record)
    return dict(_encoder(kind)(record))


def decode_record(kind: Any, data: Any, path: str = "") -> Any:
    """Give the record that a JSON object states.

    Raises
    ------
    InvalidProblem
        With the path of the first wrong or missing field.
    """
    return _decoder(kind)(data, path)


def record_schema(kind: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the schema of a record type and the definitions it refers to, by name."""
    definitions: dict[str, Any] = {}
    _schema(kind, definitions)
    own = definitions.pop(kind.__name__)
    return own, dict(sorted(definitions.items()))


def _inner(kind: Any) -> tuple[str, tuple[Any, ...]]:
    """Tell the shape of a type: plain, date, instant, enum, record, list, set, pair, optional or fact."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if frozenset(inner) == _FACT_TYPES:
            return "fact", ()
        rest = tuple(t for t in inner if t is not types.NoneType)
        if len(rest) == 1:
            return "optional", rest
    elif origin is frozenset:
        return "set", inner
    elif origin is tuple:
        return ("list", inner[:1]) if inner[1:] == (Ellipsis,) else ("pair", inner)
    elif kind is datetime:
        return "instant", ()
    elif kind is date:
        return "date", ()
    elif kind in _PLAIN:
        return "plain", ()
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        return "enum", ()
    elif is_dataclass(kind):
        return "record", ()
    raise TypeError(f"no JSON form for {kind!r}")


@cache
def _fields(kind: Any) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field, hints[field.name]) for field in fields(kind))


@cache
def _encoder(kind: Any) -> Encoder:
    shape, inner = _inner(kind)
    if shape == "record":
        members = tuple((field.name, _encoder(of)) for field, of in _fields(kind))
        return lambda record: {name: encode(getattr(record, name)) for name, encode in members}
    if shape == "optional":
        some = _encoder(inner[0])
        return lambda value: None if value is None else some(value)
    if shape == "list":
        item = _encoder(inner[0])
        return lambda values: [item(v) for v in values]
    if shape == "set":
        member = _encoder(inner[0])
        return lambda values: sorted(member(v) for v in values)
    if shape == "pair":
        parts = tuple(_encoder(of) for of in inner)
        return lambda values: [encode(v) for encode, v in zip(parts, values, strict=True)]
    simple: dict[str, Encoder] = {
        "plain": _encode_plain,
        "enum": lambda value: str(value.value),
        "date": date.isoformat,
        "instant": _encode_instant,
        "fact": _encode_fact,
    }
    return simple[shape]


def _encode_plain(value: str | int | float | bool) -> str | int | float | bool:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("JSON has no infinite numbers")
    return value


def _encode_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _encode_fact(value: Fact) -> Any:
    if isinstance(value, datetime):
        return {"instant": _encode_instant(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return _encode_plain(value)


@cache
def _decoder(kind: Any) -> Decoder:
    shape, inner = _inner(kind)
    if shape == "record":
        return _record_decoder(kind)
    if shape == "optional":
        some = _decoder(inner[0])
        return lambda value, path: None if value is None else some(value, path)
    if shape == "list":
        item = _decoder(inner[0])
        return lambda value, path: tuple(item(v, f"{path}[{i}]") for i, v in enumerate(_array(value, path)))
    if shape == "set":
        member = _decoder(inner[0])
        return lambda value, path: frozenset(member(v, f"{path}[{i}]") for i, v in enumerate(_array(value, path)))
    if shape == "pair":
        return _pair_decoder(tuple(_decoder(of) for of in inner))
    simple: dict[str, Decoder] = {
        "plain": lambda value, path: _decode_plain(kind, value, path),
        "enum": lambda value, path: _decode_enum(kind, value, path),
        "date": _decode_date,
        "instant": _decode_instant,
        "fact": _decode_fact,
    }
    return simple[shape]


def _record_decoder(kind: Any) -> Decoder:
    members = tuple(
        (field.name, _decoder(of), field.default is MISSING and field.default_factory is MISSING)
        for field, of in _fields(kind)
    )
    known = frozenset(name for name, _, _ in members)

    def decode(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise InvalidProblem(path or "(top)", "must be an object")
        within = f"{path}." if path else ""
        for name in value:
            if name not in known:
                raise InvalidProblem(f"{within}{name}", "no such field")
        given = {}
        for name, decoder, required in members:
            if name in value:
                given[name] = decoder(value[name], f"{within}{name}")
            elif required:
                raise InvalidProblem(f"{within}{name}", "is missing")
        return kind(**given)

    return decode


def _pair_decoder(parts: tuple[Decoder, ...]) -> Decoder:
    def decode(value: Any, path: str) -> tuple[Any, ...]:
        if len(_array(value, path)) != len(parts):
            raise InvalidProblem(path, f"must hold {len(parts)} values")
        return tuple(part(v, f"{path}[{i}]") for i, (part, v) in enumerate(zip(parts, value, strict=True)))

    return decode


def _array(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidProblem(path, "must be an array")
    return list(value)


def _decode_plain(kind: Any, value: Any, path: str) -> Any:
    wanted, accepted = _PLAIN[kind]
    fits = isinstance(value, accepted) and (kind is bool or not isinstance(value, bool))
    if not fits:
        raise InvalidProblem(path, f"must be {wanted}")
    if kind is str and not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise InvalidProblem(path, "must be a text without single surrogates")
    return value if kind is not float else _finite(value, path)


def _finite(value: float, path: str) -> float:
    if not math.isfinite(value):
        raise InvalidProblem(path, "must be a finite number")
    return float(value)


def _decode_enum(kind: type[StrEnum], value: Any, path: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError:
        raise InvalidProblem(path, f"must be one of {', '.join(kind)}") from None


def _decode_date(value: Any, path: str) -> date:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidProblem(path, "must be a date like 2027-01-31") from None
    if found.isoformat() != value:
        raise InvalidProblem(path, "must be a date like 2027-01-31")
    return found


def _decode_instant(value: Any, path: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidProblem(path, "must be an instant like 2027-01-31T08:30:00Z") from None
    if found.tzinfo is None:
        raise InvalidProblem(path, "must carry a time zone, as in 2027-01-31T08:30:00Z")
    return found.astimezone(UTC)


def _decode_fact(value: Any, path: str) -> Fact:
    if isinstance(value, dict) and len(value) == 1:
        ((kind, text),) = value.items()
        if kind == "date":
            return _decode_date(text, f"{path}.date")
        if kind == "instant":
            return _decode_instant(text, f"{path}.instant")
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    raise InvalidProblem(path, "must be a text, a number, or an object with date or instant")


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    shape, inner = _inner(kind)
    if shape == "record":
        return _record_schema(kind, definitions)
    if shape == "optional":
        return {"anyOf": [_schema(inner[0], definitions), {"type": "null"}]}
    if shape in ("list", "set"):
        array = {"type": "array", "items": _schema(inner[0], definitions)}
        return array | {"uniqueItems": True} if shape == "set" else array
    if shape == "pair":
        parts = [_schema(of, definitions) for of in inner]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if shape == "enum":
        return {"enum": [str(member.value) for member in kind]}
    if shape == "plain":
        return {"type": {str: "string", bool: "boolean", int: "integer", float: "number"}[kind]}
    one = {"date": {"type": "string", "format": "date"}, "instant": {"type": "string", "format": "date-time"}}
    if shape == "fact":
        dated = [
            {"type": "object", "properties": {n: s}, "required": [n], "additionalProperties": False}
            for n, s in one.items()
        ]
        return {"anyOf": [{"type": ["string", "number"]}, *dated]}
    return one[shape]


def _record_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        members, required = {}, []
        for field, of in _fields(kind):
            members[field.name] = _schema(of, definitions)
            if field.default is MISSING and field.default_factory is MISSING:
                required.append(field.name)
        definitions[kind.__name__] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
            "properties": members,
            "required": required,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
