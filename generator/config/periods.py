"""Read the periods in which nothing is published, `[[publish.hold]]`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from generator.config.options import Hold
from generator.text.dates import parse_moment
from generator.text.mapping_reader import RefusedError
from generator.text.tree import Value
from generator.text.typed_rules import Settings, plain_setting, required_text, warn_of_unknown

_DAY = timedelta(days=1)
_LIKE = 'Write it as "2027-03-25" or "2027-03-25 09:00".'


def read_hold(table: Settings, zone: ZoneInfo) -> Hold | None:
    """Read a period: `from`, `to` and `reason`; None beside an error. A day named in `to` still belongs to it."""
    start = _take(table, "from", zone, whole_days=0)
    end = _take(table, "to", zone, whole_days=1)
    reason = required_text(table, "reason", '"The period before the election"')
    warn_of_unknown(table)
    if start is None or end is None:
        return None
    if end <= start:
        table.error("to", None, "is before from.", "Swap the two, or correct one.", "config-value")
        return None
    return Hold(start, end, reason)


def _take(table: Settings, key: str, zone: ZoneInfo, whole_days: int) -> datetime | None:
    """Read a moment; `whole_days` are added to one without a time. None beside an error."""

    def convert(_key: str, value: Value) -> datetime:
        written = plain_setting(value)
        text = written.isoformat() if isinstance(written, date) else str(written)
        try:
            moment = parse_moment(text, zone)
        except ValueError as reason:
            raise RefusedError("config-value", f'"{text}": {reason}', _LIKE) from None
        # midnight is looked up again: the clocks may change on that day
        return moment if ":" in text else parse_moment((moment.date() + whole_days * _DAY).isoformat(), zone)

    if table.value(key) is None:
        required_text(table, key, '"2027-03-25"')
        return None
    return table.take(key, convert, None)
