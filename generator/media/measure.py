"""Measure films and sounds that browsers play: their type, their size in pixels, how long they last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from generator.media import measure_iso, measure_matroska, measure_ogg, measure_sound
from generator.media.edits import ByteSource, UnreadableMediaError
from generator.media.id3 import find_edges
from generator.media.kinds import HEAD_BYTES, media_kind
from generator.media.measures import Measures
from generator.model import MediaFacts


class _Kind(NamedTuple):
    film: str
    sound: str
    measure: Callable[[ByteSource], Measures]


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "iso": _Kind("video/mp4", "audio/mp4", measure_iso.measure),
        "matroska": _Kind("video/webm", "audio/webm", measure_matroska.measure),
        "ogg": _Kind("video/ogg", "audio/ogg", measure_ogg.measure),
        "mpeg": _Kind("", "audio/mpeg", measure_sound.measure_frames),
        "riff": _Kind("", "audio/wav", measure_sound.measure_wave),
        "flac": _Kind("", "audio/flac", measure_sound.measure_flac),
    }
)


def measure_media(file: Path) -> MediaFacts | None:
    """Measure a film or a sound; None for another file, and for one that is damaged or that no browser plays.

    Raises: OSError.
    """
    with file.open("rb") as stream:
        source = ByteSource(stream)
        kind = media_kind(source.peek(0, HEAD_BYTES))
        try:
            if kind == "tagged":
                kind = media_kind(source.peek(find_edges(source)[0], HEAD_BYTES)) or "mpeg"
            if kind not in _KINDS:
                return None
            found = _KINDS[kind].measure(source)
        except (UnreadableMediaError, ArithmeticError, ValueError, IndexError):
            return None
        type_ = found.type or (_KINDS[kind].film if found.has_pictures else _KINDS[kind].sound)
        return MediaFacts(type_, found.width, found.height, max(0, round(found.seconds * 1000)), source.size)
