"""Every hostile Markdown file in both dialects, alone and among others: in time, in memory, no harm beside it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.markup.settings import ENGINES
from generator.model import BuildReport
from tests.guards import HANG_S
from tests.peak_memory import run_with_peak

BOUND_KB = 500_000
BESIDE = "---\ntitle: Beside\ndate: 2019-01-01\n---\nNothing happened *here*.\n"
WHOLE = "<p>Nothing happened <em>here</em>.</p>"

pytestmark = pytest.mark.slow

# What the pre-check of one dialect lets pass and only the worker can stop; made here, as no sample has them.
WORST = {
    "tags.md": "<b>" * 100_000 + "x",
    "ampersands.md": "&amp" * 450_000,
    "deep.md": "<div>" * 300_000,
    "quotes.md": ">" * 200_000 + "x",
    "duplicates.md": "[^a]: x\n\n" * 40_000 + "[^a]",
}


def source(body: str) -> str:
    return f"---\ntitle: Hostile\ndate: 2020-01-01\n---\n{body}\n"


@pytest.fixture
def hostile(samples: Path) -> dict[str, str]:
    """Give the hostile files: name → source."""
    files = sorted((samples / "hostile/markdown").glob("*.md"))
    assert len(files) >= 15
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def check(report: BuildReport, names: list[str]) -> None:
    """Each file is built or refused by name, and nothing else is wrong."""
    refused = {problem.path.rsplit("/", 1)[-1] for problem in report.problems if problem.code.startswith("markup-")}
    assert refused <= set(names)
    assert report.posts == 1 + len(names) - len(refused)
    assert {problem.code for problem in report.problems} <= {
        "markup-too-deep", "markup-too-costly", "markup-too-long", "markup-time", "markup-crash", "dead-link",
        "dead-picture", "no-alt", "picture-elsewhere", "address-gone",  # one file takes the place of another
        "feed-gone", "html-unclosed",
    }  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_each_alone_is_built_or_refused_in_time(
    engine: str, hostile: dict[str, str], site: Callable[..., Path], build: Callable[..., BuildReport], config: Any
) -> None:
    for name, text in hostile.items():
        root = site({"site.toml": config(f'[markup]\nengine = "{engine}"\n'), "posts/beside.md": BESIDE})
        file = root / "content/posts" / name
        file.write_text(text, encoding="utf-8")
        begun = time.monotonic()
        check(build(root), [name])
        assert time.monotonic() - begun < HANG_S, name
        assert WHOLE in (root / "output/2019/01/beside/index.html").read_text("utf-8"), name
        file.unlink()


@pytest.mark.parametrize("engine", ENGINES)
def test_all_together_stay_within_bounds_and_harm_no_post(
    engine: str, hostile: dict[str, str], site: Callable[..., Path], config: Any
) -> None:
    files = {f"posts/{name}": text for name, text in hostile.items()}
    root = site({"site.toml": config(f'[markup]\nengine = "{engine}"\n'), "posts/beside.md": BESIDE, **files})
    run_build(root)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", WORST)
def test_what_no_rule_foresees_is_stopped_by_name(
    name: str, engine: str, site: Callable[..., Path], config: Any
) -> None:
    root = site(
        {
            "site.toml": config(f'[markup]\nengine = "{engine}"\n'),
            "posts/beside.md": BESIDE,
            f"posts/{name}": source(WORST[name]),
        }
    )
    words, code = run_build(root)
    refused = any(line.startswith(f"content/posts/{name}") and " error: " in line for line in words.splitlines())
    assert code == refused
    assert refused or list((root / "output/2020/01").iterdir())


def run_build(root: Path) -> tuple[str, int]:
    """Build in a process of its own, which with its workers must end in time and within memory, without a traceback."""
    command = [sys.executable, "-m", "generator", "build", "--site", str(root)]
    with (root / "said").open("wb") as said:
        code, peak_kb = run_with_peak(command, root, said, said)
    words = (root / "said").read_text("utf-8")
    assert peak_kb < BOUND_KB
    assert code in (0, 1)
    assert "Traceback" not in words
    assert WHOLE in (root / "output/2019/01/beside/index.html").read_text("utf-8")
    return words, code
