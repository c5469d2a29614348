from __future__ import annotations

import pytest

from generator.markup.engine import make_engine
from generator.markup.settings import MarkupSettings


def test_fingerprint_is_the_same_for_equal_settings() -> None:
    assert MarkupSettings().fingerprint() == MarkupSettings(engine="markdown").fingerprint()


@pytest.mark.parametrize("changed", [{"typography": False}, {"language": "de"}, {"raw_html": "trusted"}])
def test_fingerprint_differs_where_bodies_would(changed: dict[str, object]) -> None:
    assert MarkupSettings(**changed).fingerprint() != MarkupSettings().fingerprint()  # type: ignore[arg-type]


def test_an_engine_is_made_once() -> None:
    assert make_engine(MarkupSettings()) is make_engine(MarkupSettings())
    assert make_engine(MarkupSettings()).name == "markdown"
