"""A theme's options: declared in theme.toml, set in site.toml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from generator.text.mapping_reader import RefusedError
from generator.text.suggestions import did_you_mean
from generator.text.tree import Value
from generator.text.typed_rules import Settings, name_kind, named_tables, plain_setting, trim, warn_of_unknown

_TYPES = (str, bool, int, float, list)


class Option(Struct, frozen=True):
    """One declared option: its default sets its type; `choices` is () if any value is allowed."""

    default: Any
    description: str = ""
    choices: tuple[Any, ...] = ()

    @property
    def kind(self) -> type:
        """Return the type that a value must have."""
        return type(self.default)


def read_options(top: Settings) -> dict[str, Option]:
    """Read the `[options.NAME]` tables of a theme.toml; mistakes are noted."""
    found: dict[str, Option] = {}
    for name, table in named_tables(top, "options"):
        default = table.take("default", lambda _, value: plain_setting(value))
        if type(default) not in _TYPES:
            hint = "Give a text, a number, true or false, or a list of texts."
            table.error("default", None, "is missing, or cannot be the value of a setting.", hint, "theme-option")
        choices = tuple(plain_setting(item) for item in table.items("choices"))
        if choices and default not in choices:
            table.error("default", None, "must be one of the choices.", code="theme-option")
        found[name.text] = Option(default, table.text("description", ""), choices)
        warn_of_unknown(table)
    return found


def inherit(declared: list[Mapping[str, Option]]) -> dict[str, Option]:
    """Merge the options of a chain, the child first: a child's default keeps the parent's other declarations."""
    joined: dict[str, Option] = {}
    for options in reversed(declared):
        for name, option in options.items():
            above = joined.get(name)
            if above and above.kind is option.kind:
                option = replace(
                    option,
                    description=option.description or above.description,
                    choices=option.choices or above.choices,
                )
            joined[name] = option
    return dict(sorted(joined.items()))


def set_options(options: Mapping[str, Option], site: Settings) -> dict[str, Any]:
    """Return the value of every option: that in `[theme]` of the site, else the default. Lists become tuples."""
    result = {name: _frozen(option.default) for name, option in options.items()}
    for name, option in options.items():
        result[name] = site.take(name, partial(_checked, option), result[name])
    for name, key, _ in site.unknown(options):
        hint = did_you_mean(name, tuple(options))
        site.warn(name, key, "is not a setting of this theme.", hint, "theme-option")
    return result


def _checked(option: Option, _name: str, written: Value) -> Any:
    value = plain_setting(written)
    if option.kind is float and type(value) is int:
        value = float(value)
    if type(value) is not option.kind:
        message = f"must be {name_kind(option.default)}, not {name_kind(value)}."
        raise RefusedError("theme-option", message, option.description)
    if isinstance(value, list):
        if any(type(item) is not str for item in value):
            raise RefusedError("theme-option", "Every item must be text.", option.description)
        value = [trim(item) for item in value]
    if isinstance(value, str):
        value = trim(value)
    if option.choices and value not in option.choices:
        raise RefusedError(
            "theme-option", f'"{value}" is not allowed here.', did_you_mean(str(value), tuple(map(str, option.choices)))
        )
    return _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
