"""What each command imports before it does its work: counts, because times depend on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.factories import build_site, post, write_site

PROGRAM = """
import sys
before = set(sys.modules)
sys.argv = ["openletter", *sys.argv[1:]]
from generator.__main__ import main
try:
    main()
finally:
    print("\\n".join(sorted(set(sys.modules) - before)), file=sys.stderr)
"""
FILES = {
    "posts/2024-01-01-a.md": post("A"),
    "newsletters/2024-02-01-n.md": post("N", posts=["a"]),
    "site.toml": 'title = "T"\nurl = "https://letters.example/"\n[newsletter]\nfrom = "a@letters.example"\n',
}
HEAVY = {"babel", "feedgen", "frontmatter", "jinja2", "lxml", "markdown", "multiprocessing", "nh3", "PIL", "pikepdf"}
HEAVY |= {"rich", "sqlite3", "starlette", "uvicorn", "yaml"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("start") / "site", FILES)
    for file in root.rglob("*.md"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    time.sleep(0.1)  # a file whose inode has just changed may change again within the clock's tick
    build_site(root)
    once = [sys.executable, "-m", "generator", "newsletter", "check", "n", "--site", str(root)]
    subprocess.run(once, check=True, capture_output=True)  # the texts are converted once
    return root


@pytest.mark.parametrize(
    ("words", "ours", "all_of_them", "used"),
    [
        (["--version"], 2, 10, set()),
        (["--help"], 7, 90, set()),
        (["due"], 80, 204, {"sqlite3"}),
        (["new", "post", "A", "good", "week"], 59, 189, set()),
        (["new", "post", "12:30"], 59, 214, {"yaml"}),
        (["newsletter", "check", "n"], 290, 545, {"babel", "jinja2", "lxml", "nh3", "sqlite3"}),
        (["newsletter", "due"], 86, 210, {"sqlite3"}),
    ],
)
def test_a_command_imports_what_it_needs(
    root: Path, tmp_path: Path, words: list[str], ours: int, all_of_them: int, used: set[str]
) -> None:
    """The bounds are a tenth above what there was: a library more, or a room of ours, shows."""
    command = [sys.executable, "-c", PROGRAM, *words]
    site = shutil.copytree(root, tmp_path / "site") if words[0] == "new" else root  # which the others do not see
    result = subprocess.run(command, capture_output=True, text=True, cwd=site, check=False)
    modules = set(result.stderr.split())
    of_program = {name for name in modules if name.partition(".")[0] == "generator"}
    assert of_program, result.stderr
    assert {name.partition(".")[0] for name in modules} & HEAVY == used
    assert len(of_program) <= ours, len(of_program)
    assert len(modules) <= all_of_them, len(modules)
    assert ("msgspec" in modules) == (words[0] not in ("--version", "--help"))
