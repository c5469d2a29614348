"""The time of a build as a value. No other module reads the machine's clock for content."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct


class Clock(Struct, frozen=True):
    """The moment for which a site is built: `now` is aware. Two builds for one moment give the same bytes."""

    now: datetime

    def __post_init__(self) -> None:
        assert self.now.tzinfo is not None, "a clock without a time zone"

    @classmethod
    def system(cls) -> Clock:
        """Read the machine's clock, to the second. Each build does this once."""
        return cls(datetime.now(UTC).replace(microsecond=0))
