import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from generator.versions import versions


@pytest.mark.parametrize("name", ["markdown", "python-frontmatter", "PyYAML", "nh3", "lxml", "jinja2", "babel"])
def test_the_versions_are_those_python_itself_knows(name: str) -> None:
    assert versions(name) == [version(name)]


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(PackageNotFoundError):
        versions("no-such-library")


def test_names_are_one_however_they_are_spelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Some.Made_up-1.0.post1.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert versions("some-made-up", "SOME_made.up") == ["1.0.post1"] * 2


def test_a_folder_left_behind_hides_no_other_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for number in ("1.0", "2.0"):
        (tmp_path / f"madeup-{number}.dist-info").mkdir()
    assert versions("madeup") == ["1.0+2.0"]


def test_a_library_that_is_no_wheel_is_looked_up_as_python_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout on the path says its version in its egg-info, and comes before a wheel of the same name."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "nh3.egg-info").mkdir()
    (tmp_path / "nh3.egg-info/PKG-INFO").write_text("Metadata-Version: 2.1\nName: nh3\nVersion: 99.0\n")
    assert versions("nh3") == ["99.0"]


def test_wheels_are_known_without_reading_what_is_known_of_them() -> None:
    code = "import sys; from generator.versions import versions; versions('lxml', 'nh3'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "importlib.metadata" not in done.stdout.split()
