"""What pip installs is enough: a site is made and built from the wheel alone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from release.manual import write_share

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
    """Build the source package, and the wheel from that, with the manual pages as `make release` does."""
    folder = tmp_path_factory.mktemp("wheel")
    run("hatchling", "build", "-t", "sdist", "-d", str(folder))
    [package] = folder.glob("*.tar.gz")
    with tarfile.open(package) as archive:
        archive.extractall(folder, filter="data")
    source = folder / package.name.removesuffix(".tar.gz")
    write_share(source / "share")
    run("pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    [file] = folder.glob("*.whl")
    return file


def run(*words: str) -> None:
    """Run a module of this Python from the repository."""
    command = [sys.executable, "-m", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def openletter(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the command of a fresh environment: the wheel, and this one's dependencies by a `.pth`, not by downloads."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    bin_ = folder / ("Scripts" if os.name == "nt" else "bin")
    site_packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    run("pip", "--python", str(folder), "install", "--quiet", "--no-deps", str(wheel))
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
    assert "generator/py.typed" in names
    folders_at_the_top = {name.split("/")[0].partition("-")[0] for name in names if ".dist-info" not in name}
    assert folders_at_the_top == {"generator", "openletter"}


@pytest.mark.slow
def test_the_wheel_brings_manual_pages_and_completions(openletter: Path) -> None:
    share = openletter.parents[1] / "share"
    assert ".TH" in (share / "man/man1/openletter-newsletter-send.1").read_text("utf-8")
    assert "_OPENLETTER_COMPLETE" in (share / "bash-completion/completions/openletter").read_text("utf-8")
    assert (share / "zsh/site-functions/_openletter").is_file()
    assert (share / "fish/vendor_completions.d/openletter.fish").is_file()


@pytest.mark.slow
def test_a_new_site_builds_at_once_from_the_wheel_alone(openletter: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(openletter), *words],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(home), "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")},
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
