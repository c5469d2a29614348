from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def atheris() -> None:
    """Ask for the fuzzer; skip where it is missing, but not in CI."""
    if importlib.util.find_spec("atheris") is None:
        reason = "Atheris is not installed; make fuzz brings it, on Linux with x86-64"
        (pytest.fail if os.environ.get("OPENLETTER_REQUIRE_OUTSIDE") == "1" else pytest.skip)(reason)


def fuzz(corpus: Path, *arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz.run", "--corpus", str(corpus), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.usefixtures("atheris")
def test_what_a_fuzzer_finds_is_printed_and_is_a_failure(tmp_path: Path) -> None:
    broken = tmp_path / "tests/fuzz"
    shutil.copytree(ROOT / "tests/fuzz", broken)
    shutil.copytree(ROOT / "tests/markup", tmp_path / "tests/markup")
    properties = (broken / "properties.py").read_text("utf-8")
    properties += "\n\nPROPERTIES['config'] = lambda data: [][b'c' in data]\n"
    (broken / "properties.py").write_text(properties, "utf-8")
    ran = fuzz(tmp_path / "corpus", "config", "--seconds", "20", root=tmp_path)
    assert ran.returncode == 1
    assert "IndexError" in ran.stdout
    assert f"{tmp_path}/corpus/found/config/crash-" in ran.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("atheris")
def test_fuzzing_one_reader_says_how_much_was_tried(tmp_path: Path) -> None:
    ran = fuzz(tmp_path, "config", "--seconds", "1")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("Fuzzed config: nothing found.\n")
    assert list((tmp_path / "config").iterdir())


def test_an_unknown_reader_is_refused(tmp_path: Path) -> None:
    ran = fuzz(tmp_path, "nothing")
    assert ran.returncode == 2
    assert "there is no nothing" in ran.stderr
