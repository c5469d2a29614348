from __future__ import annotations

import subprocess
import sys

import pytest

from generator.markup.engine import is_installed, make_engine
from generator.markup.settings import ENGINES, MarkupSettings


def test_fingerprint_is_the_same_for_equal_settings() -> None:
    assert MarkupSettings().fingerprint() == MarkupSettings(engine="markdown").fingerprint()


@pytest.mark.parametrize(
    "changed", [{"typography": False}, {"language": "de"}, {"raw_html": "trusted"}, {"engine": "commonmark"}]
)
def test_fingerprint_differs_where_bodies_would(changed: dict[str, object]) -> None:
    assert MarkupSettings(**changed).fingerprint() != MarkupSettings().fingerprint()  # type: ignore[arg-type]


def test_an_engine_is_made_once() -> None:
    assert make_engine(MarkupSettings()) is make_engine(MarkupSettings())
    for name in ENGINES:
        assert make_engine(MarkupSettings(engine=name)).name == name


@pytest.mark.parametrize(("engine", "other"), [("commonmark", "markdown"), ("markdown", "pyromark")])
def test_an_engine_does_not_load_the_parser_of_the_other(engine: str, other: str) -> None:
    program = f"""
import sys
from generator.engine.conversion import MarkupSettings, engine_html
print(engine_html("## A {{b}}\\n\\n| a |\\n|---|\\n", MarkupSettings(engine="{engine}")))
sys.exit("{other}" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert "<table>" in run.stdout


def test_a_missing_library_is_known_before_anything_is_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_installed("commonmark")
    monkeypatch.setitem(sys.modules, "pyromark", None)  # how Python itself says that there is no such module
    assert not is_installed("commonmark")
    assert is_installed("markdown")
