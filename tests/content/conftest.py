"""What the tests of this room share: a way to parse one text, and the samples."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generator.content.document import Source, parse
from generator.model import Kind

Parse = Callable[..., Source]


@pytest.fixture
def read() -> Parse:
    """Parse a text as a source: by default a post whose file name has a date, in Toronto."""

    def call(text: str | bytes, path: str = "content/posts/2020-01-01-a-post.md", kind: Kind = Kind.POST) -> Source:
        data = text if isinstance(text, bytes) else text.encode()
        return parse(path, data, kind=kind, zone=ZoneInfo("America/Toronto"))

    return call


@pytest.fixture
def samples() -> Path:
    """The folder of real blogs and hostile files, which the repository does not hold."""
    place = os.environ.get("OPENLETTER_SAMPLES")
    if not place:
        pytest.skip("OPENLETTER_SAMPLES is not set: the samples are not part of the repository")
    return Path(place)
