"""Run Pagefind, the program that makes the search index."""

from __future__ import annotations

import os
from pathlib import Path

from generator.config.load import FILE
from generator.errors import ConfigError, OutputError, error
from generator.text.toml_positions import Positions
from generator.text.toml_settings import read_settings

_LIMIT_S = 3600
_HINT = 'Install it: pip install "openletter[search]". Or delete engine = "pagefind" from [search].'


def find_pagefind(root: Path) -> Path:
    """Find the program, which the extra `search` installs. Raises: ConfigError at the setting if it is not there."""
    try:
        from pagefind_bin import get_executable

        return Path(get_executable())
    except (ImportError, FileNotFoundError) as reason:
        place = Positions(read_settings(root / FILE, FILE)).place(("search", "engine"))
        message = "The search needs Pagefind, which is not installed."
        problem = error(FILE, "search-missing", message, _HINT, line=place.line, column=place.value)
        raise ConfigError(problem) from reason


def run_pagefind(program: Path, site: Path, index: Path) -> None:
    """Make the index of the pages in the folder `site`, in the folder `index`.

    It runs in `index`, because it would take settings from a `pagefind.toml` where it runs.
    Raises: OutputError with its last line if it fails.
    """
    import subprocess  # a build that changes no text does not run it

    index.mkdir(parents=True, exist_ok=True)
    own = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    command: list[str | Path] = [program, "--site", site.resolve(), "--output-path", index.resolve(), "--silent"]
    try:
        done = subprocess.run(command, cwd=index, env=own, capture_output=True, check=False, timeout=_LIMIT_S)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise _failed(str(reason)) from reason
    if done.returncode:
        lines = (done.stderr or done.stdout).decode("utf-8", "replace").split("\n")
        raise _failed(next((line.strip() for line in reversed(lines) if line.strip()), f"exit code {done.returncode}"))


def _failed(why: str) -> OutputError:
    message = f"Pagefind could not make the search index: {why}."
    hint = "The pages are built. Free some memory or disk space, or lower max_pages in [search], and build again."
    return OutputError(error(FILE, "search-failed", message, hint))
