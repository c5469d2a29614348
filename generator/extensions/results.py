"""The answers of an extension's queries, made fit to be compared between builds and shared between pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, time
from enum import Enum
from typing import Any

from msgspec import Struct

from generator.digest import encode_canonical

_PLAIN = (type(None), bool, int, float, str)


def frozen(value: Any) -> Any:
    """Return an answer in its lasting form: lists become tuples, dictionaries come in the order of their keys.

    Raises: TypeError, for what has no order (a set), can change, or can be asked only once (a generator).
    """
    if type(value) in _PLAIN or isinstance(value, date | time | Enum):
        return value
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return tuple(frozen(each) for each in value)
    if isinstance(value, Mapping):
        if any(type(key) is not str for key in value):
            raise TypeError("the keys of a dictionary must be text")
        return {key: frozen(value[key]) for key in sorted(value)}
    if _is_frozen(value):
        if type(value).__module__.partition(".")[0] != "generator":  # those of the index are known to be fit
            encode_canonical(value)
        return value
    raise TypeError(
        f"it returned a {type(value).__name__}. Return text, numbers, dates, cards, or lists and dictionaries of them"
    )


def _is_frozen(value: Any) -> bool:
    """Return True if this is a value of named fields, as ours are or a dataclass, that cannot change."""
    if isinstance(value, Struct):
        return value.__struct_config__.frozen
    return is_dataclass(value) and not isinstance(value, type) and bool(type(value).__dataclass_params__.frozen)  # type: ignore[attr-defined]
