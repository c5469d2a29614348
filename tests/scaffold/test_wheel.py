"""What pip installs is enough: a site is made and built from the wheel alone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNT = """
import jinja2, shutil, sys
parsed = []
parse = jinja2.Environment._parse
jinja2.Environment._parse = lambda self, *of: parsed.append(of) or parse(self, *of)
shutil.rmtree(".openletter")
sys.argv = ["openletter", "build"]
from generator.__main__ import main
try:
    main()
finally:
    print("parsed", len(parsed))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def openletter(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the command of a fresh environment: the wheel, and this one's dependencies by a `.pth`, not by downloads."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    bin_ = folder / ("Scripts" if os.name == "nt" else "bin")
    site_packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    command = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return bin_ / ("openletter.exe" if os.name == "nt" else "openletter")


@pytest.mark.slow
def test_the_wheel_holds_the_themes_and_the_scaffold_and_no_test(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    theme = {file.relative_to(ROOT).as_posix() for file in (ROOT / "themes").rglob("*") if file.is_file()}
    folders = [ROOT / "generator/scaffold/files", ROOT / "generator/preview/files"]
    shipped = {file.relative_to(ROOT).as_posix() for folder in folders for file in folder.iterdir()}
    assert {f"generator/{name}" for name in theme} <= names
    assert shipped <= names
    assert "generator/render/compiled.json" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"generator"}


@pytest.mark.slow
def test_a_new_site_builds_at_once_from_the_wheel_alone(openletter: Path, tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(openletter), *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )

    code = "import generator; print(generator.__file__)"
    found = subprocess.run(
        [str(openletter.parent / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert str(openletter.parents[1]) in found.stdout, "the wheel's own package, not the repository's"
    assert run("init", "X", "--ci", "github", "--url", "https://letters.example/").returncode == 0
    built = run("build", "--site", "X", "--strict")
    assert (built.returncode, built.stderr) == (0, "")
    assert "Welcome" in (tmp_path / "X/output/index.html").read_text("utf-8")
    assert list((tmp_path / "X/output").rglob("*.css"))
    counted = subprocess.run(
        [str(openletter.parent / "python"), "-c", COUNT], cwd=tmp_path / "X", capture_output=True, text=True
    )
    assert counted.stdout.split()[-2:] == ["parsed", "0"], "the wheel has the default theme's templates"
