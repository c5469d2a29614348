"""The build's *now*, as a value: nothing else in the generator reads the machine's clock for content."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct


class Clock(Struct, frozen=True):
    """The moment a build stands at: `now` is aware; two builds at one moment give the same bytes."""

    now: datetime

    def __post_init__(self) -> None:
        assert self.now.tzinfo is not None, "a clock without a time zone"

    @classmethod
    def system(cls) -> Clock:
        """Read the machine's clock, once a build, to the second."""
        return cls(datetime.now(UTC).replace(microsecond=0))
