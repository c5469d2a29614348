"""The other side of `builder.py`: ask for builds, compare their outputs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self

PROGRAM = Path(__file__).with_name("builder.py")
REPOSITORY = PROGRAM.parents[2]
SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "POSIX"},
)


class Driver:
    """A process that builds; `surroundings` are environment variables of its own."""

    def __init__(self, surroundings: dict[str, str] | None = None) -> None:
        # A mistake of ours must not be taken for a damaged state, and hide behind a build from nothing.
        shared = {"PYTHONPATH": str(REPOSITORY), "OPENLETTER_DEBUG": "1"}
        environment = {**os.environ, **shared, **(surroundings or {})}
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, root: Path, now: datetime, **request: Any) -> dict[str, Any]:
        """Build; the answer is the report, or says "refused", "killed" or "crashed"."""
        assert self._process.stdin
        assert self._process.stdout
        places = {name: str(value) if isinstance(value, Path) else value for name, value in request.items()}
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({"root": str(root), "now": now.isoformat(), **places}) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process that builds has ended: {self._process.wait()}"
        answer: dict[str, Any] = json.loads(line)
        assert "crashed" not in answer, answer["crashed"]
        return answer

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def folders(folder: Path) -> set[str]:
    """List all folders below a folder."""
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_dir()}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Name the files in which two trees differ, and how."""
    said = [f"only incremental: {path}" for path in sorted(one.keys() - other.keys())]
    said += [f"only clean: {path}" for path in sorted(other.keys() - one.keys())]
    said += [_first_difference(path, one[path], other[path]) for path in sorted(one.keys() & other.keys())]
    return [line for line in said if line]


def _first_difference(path: str, one: bytes, other: bytes) -> str:
    if one == other:
        return ""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    before = max(0, at - 60)
    return f"{path} differs: incremental …{one[before : at + 60]!r} clean …{other[before : at + 60]!r}"
