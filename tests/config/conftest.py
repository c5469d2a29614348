from collections.abc import Callable
from pathlib import Path

import pytest

from generator.config import Config, load_config
from generator.errors import ConfigError, Problem

Load = Callable[[str], tuple[Config, tuple[Problem, ...]]]
Refuse = Callable[[str], list[str]]
BASE = 'title = "Letters"\nurl = "https://www.example.org"\n'


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a site.toml with a title, an url and the given text below them, from line 3 on."""

    def read(text: str) -> tuple[Config, tuple[Problem, ...]]:
        (tmp_path / "site.toml").write_text(BASE + text, encoding="utf-8")
        return load_config(tmp_path)

    return read


@pytest.fixture
def refuse(load: Load) -> Refuse:
    """Load a site.toml that must be refused; give its problems as lines of text."""

    def read(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(text)
        assert caught.value.exit_code == 2
        return [str(problem) for problem in caught.value.problems]

    return read
