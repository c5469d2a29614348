"""A theme's options: what theme.toml declares, and what site.toml sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from generator.config.positions import Path
from generator.config.table import RefusedError, Source, Table, did_you_mean, kind_of, plain
from generator.errors import Level

_TYPES = (str, bool, int, float, list)


class Option(Struct, frozen=True):
    """One declared option: its default gives its type; `choices` () leaves the value free."""

    default: Any
    description: str = ""
    choices: tuple[Any, ...] = ()

    @property
    def kind(self) -> type:
        """Give the type a value must have."""
        return type(self.default)


def read_options(top: Table) -> dict[str, Option]:
    """Read the `[options.NAME]` tables of a theme.toml; mistakes are noted."""
    found: dict[str, Option] = {}
    for name, table in top.tables("options"):
        default = table.values.get("default")
        if type(default) not in _TYPES:
            hint = "Give a text, a number, true or false, or a list of texts."
            table.refuse("default", "theme-option", "this is missing or cannot be an option's value.", hint)
        choices = tuple(table.get("choices", list, []))
        if choices and default not in choices:
            table.refuse("default", "theme-option", "the default is not among the choices.")
        found[name] = Option(default, table.text("description"), choices)
        table.get("default", type(default), default)
        table.close()
    return found


def inherit(declared: list[Mapping[str, Option]]) -> dict[str, Option]:
    """Join the options of a chain, the child first: a child's default takes over what else its parent declares."""
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


def set_options(options: Mapping[str, Option], values: Mapping[str, Any], site: Source) -> dict[str, Any]:
    """Give every option its value: the site's where it sets one, else the default. Lists become tuples."""
    result = {name: _frozen(option.default) for name, option in options.items()}
    for name, value in values.items():
        way: Path = ("theme", name)
        option = options.get(name)
        if option is None:
            message = f"[theme] {name}: the theme has no such option; it is not used."
            hint = did_you_mean(name, tuple(options))
            site.note(way, "theme-option", message, hint, level=Level.WARNING, at_key=True)
            continue
        try:
            result[name] = _frozen(_checked(option, value))
        except RefusedError as refused:
            site.note(way, refused.code, f"[theme] {name}: {refused.message}", refused.hint)
    return result


def _checked(option: Option, value: Any) -> Any:
    if option.kind is float and type(value) is int:
        value = float(value)
    if type(value) is not option.kind:
        message = f"this must be {kind_of(option.default)}, not {kind_of(value)}."
        raise RefusedError("theme-option", message, option.description)
    if isinstance(value, list):
        if any(type(item) is not str for item in value):
            raise RefusedError("theme-option", "every item must be a text.", option.description)
        value = [plain(item) for item in value]
    if isinstance(value, str):
        value = plain(value)
    if option.choices and value not in option.choices:
        raise RefusedError(
            "theme-option", f'"{value}" is not known.', did_you_mean(str(value), tuple(map(str, option.choices)))
        )
    return value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
