"""The length and size of a film or sound in words: "4:05, 12 MB"."""

from __future__ import annotations

from generator.model import MediaFacts
from generator.render.dates import write_number
from generator.words import Words

_KILO, _MEGA = 1_000, 1_000_000
_WHOLE_FROM = 10  # megabytes: smaller sizes have one decimal


def describe_media(facts: MediaFacts, words: Words) -> str:
    """Describe a file: its length, if it is known, and its size."""
    length = write_length(facts.duration_ms)
    size = write_size(facts.size_bytes, words)
    return words.gettext("%(length)s, %(size)s", length=length, size=size) if length else size


def write_length(duration_ms: int) -> str:
    """Write a length as players do: 4:05, or 1:02:03; "" if it is unknown."""
    seconds = max(1, round(duration_ms / 1000)) if duration_ms else 0
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if not seconds:
        return ""
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def write_size(size_bytes: int, words: Words) -> str:
    """Write a size in kilobytes or megabytes of ten, as browsers show downloads."""
    if size_bytes < _MEGA:
        return words.gettext("%(number)s KB", number=write_number(max(1, round(size_bytes / _KILO)), words.language))
    megabytes = size_bytes / _MEGA
    number = round(megabytes) if megabytes >= _WHOLE_FROM else round(megabytes, 1)
    return words.gettext("%(number)s MB", number=write_number(number, words.language))
