"""What the tests of this room share: a way to parse one text."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from generator.content.document import ParsedSource, parse_source
from generator.model import Kind

Parse = Callable[..., ParsedSource]


@pytest.fixture
def read() -> Parse:
    """Parse a text as a source: by default a post whose file name has a date, in Toronto."""

    def call(
        text: str | bytes, path: str = "content/posts/2020-01-01-a-post.md", kind: Kind = Kind.POST
    ) -> ParsedSource:
        data = text if isinstance(text, bytes) else text.encode()
        return parse_source(path, data, kind=kind, zone=ZoneInfo("America/Toronto"))

    return call
