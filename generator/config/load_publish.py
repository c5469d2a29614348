"""Read `[publish]`: the periods without publishing, and the places where the site is published."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from generator.config import checks, periods
from generator.config.options import PublishConfig
from generator.config.targets import TARGET_TYPES, read_options
from generator.config.targets.options import HOSTS, TargetConfig, TargetOptions
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError
from generator.text.suggestions import did_you_mean
from generator.text.tree import Table, Value
from generator.text.typed_rules import (
    Settings,
    choice_of,
    plain_setting,
    table_list,
    warn_of_unknown,
    within_bounds,
)

_NAME = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_KEY = lazy_pattern(r"[A-Za-z0-9-]{8,128}")
_HOSTS = choice_of(HOSTS)


def read_publish(table: Settings, timezone: str) -> PublishConfig:
    """Read `[[publish.hold]]` and every `[publish.NAME]`."""
    held = (periods.read_hold(item, ZoneInfo(timezone)) for item in table_list(table, "hold"))
    holds = tuple(sorted((hold for hold in held if hold), key=lambda hold: hold.start))
    return PublishConfig(hold=holds, targets={target.name: target for target in _targets(table)})


def _targets(table: Settings) -> Iterator[TargetConfig]:
    for name, (_, value) in table.table.entries.items():
        if name == "hold":
            continue
        inner = table.inner(name, value) if type(value) is Table else None
        if inner is None:
            table.error(name, None, f"must be a section: [publish.{name}].", code="config-type")
        elif _NAME.fullmatch(name) is None:
            table.error(name, None, "is not a name for a target.", "Use letters, digits and hyphens.", "config-value")
        else:
            yield _target(inner, name)


def _target(table: Settings, name: str) -> TargetConfig:
    usual = TargetConfig(type="")
    kind = table.take("type", _type, "")
    if not kind and table.value("type") is None:
        table.error("type", None, "is missing.", 'Add, for example: type = "folder"', "config-missing")
    target = TargetConfig(
        name=name,
        type=kind,
        url=table.text("url", "", checks.site_url),
        host=table.take("host", _HOSTS, usual.host),
        precompress=table.flag("precompress", default=usual.precompress),
        check=table.flag("check", default=usual.check),
        max_deletes=table.take("max_deletes", within_bounds(0, 100), usual.max_deletes),
        websub=table.texts("websub", (), checks.web_url),
        indexnow=table.text("indexnow", "", _indexnow_key),
        options=read_options(kind, table) if kind else TargetOptions(),
    )
    if kind:
        warn_of_unknown(table)
    return target


def _type(_key: str, value: Value) -> str:
    text = plain_setting(value)
    if text not in TARGET_TYPES:
        hint = did_you_mean(str(text), TARGET_TYPES) or f"Choose one of: {', '.join(TARGET_TYPES)}."
        raise RefusedError("config-value", f'"{text}" is not a type of target.', hint)
    return str(text)


def _indexnow_key(text: str) -> str:
    """Check a key of IndexNow. Source: https://www.indexnow.org/documentation."""
    if _KEY.fullmatch(text) is None:
        raise RefusedError("config-value", "must have 8 to 128 letters, digits and hyphens.", "")
    return text
