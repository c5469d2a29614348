"""What the command line's tests share: a new site, and the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.scaffold.new_site import create_site
from tests.guards import HANG_S

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give `run(*words, **environment)`: the command in `tmp_path` or `cwd`, as a user starts it, with stdin closed."""

    def start(*words: str, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generator", *words],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=HANG_S,
            check=False,
        )

    return start


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a new site in `tmp_path`, where `run` works."""
    create_site(tmp_path, title="Letters", url="https://letters.example/", language="en")
    return tmp_path
