"""Freeze the results of an extension's queries, so that builds can compare them and pages share them."""

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
    """Freeze a result: lists become tuples, dictionaries are sorted by their keys.

    Raises: TypeError for a value without an order (a set), one that can change, or one that can be read only once (a
    generator).
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
        if type(value).__module__.partition(".")[0] != "generator":  # values of the index are frozen already
            encode_canonical(value)
        return value
    raise TypeError(
        f"it returned a {type(value).__name__}. Return text, numbers, dates, cards, or lists and dictionaries of them"
    )


def _is_frozen(value: Any) -> bool:
    """Return True if this is a frozen Struct, named tuple or dataclass."""
    if isinstance(value, Struct):
        return value.__struct_config__.frozen
    return is_dataclass(value) and not isinstance(value, type) and bool(type(value).__dataclass_params__.frozen)  # type: ignore[attr-defined]
