"""Fuzz every reader of what a user writes, guided by coverage: `python -m tests.fuzz.run --seconds 60`.

Each harness is one of `properties.PROPERTIES`, run by Atheris in a process of its own for its share of the seconds.
What was found interesting is kept in a folder outside the repository and used again. An input that breaks a property,
takes ten seconds or takes a gigabyte is printed; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

from tests.fuzz.strategies import FRONT, MARKS, TAGS, TOML
from tests.guards import HANG_S

TIMEOUT_S, MEMORY_MB, LONGEST, SHOWN = 10, 1000, 2048, 2048
WORDS = {
    "source": FRONT,
    "markdown": MARKS + TAGS,
    "commonmark": MARKS + TAGS,
    "html": TAGS + MARKS,
    "comments": FRONT + TAGS + MARKS,
    "config": TOML,
}
TESTS = Path(__file__).parents[1]
SEEDS = {
    "source": ["---\ntitle: A\ndate: 2024-01-01\ntags: [a]\n---\nText.", '+++\ntitle = "A"\n+++\n', '{"title": "A"}\n'],
    "html": ["<p>a</p><table><tr><td align=right>b</td></tr></table>"],
    "comments": ["- author: A\n  date: 2024-01-01\n  body: Text *a*.\n"],
    "config": ['title = "A"\nurl = "https://example.org/"\n[markup]\nengine = "commonmark"\n'],
}


def main() -> int:
    """Fuzz as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description="Fuzz every reader of what a user writes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(WORDS)}; none: all")
    parser.add_argument("--seconds", type=int, default=60, help="to spend in all")
    parser.add_argument("--corpus", type=Path, default=_cache(), help="the folder of inputs worth keeping")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins; 0: anew each time")
    options = parser.parse_args()
    if unknown := set(options.names) - set(WORDS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if find_spec("atheris") is None:
        print("Not fuzzed: Atheris is not installed. It has wheels for Linux on x86-64, CPython 3.11 to 3.13.")
        return int(os.environ.get("OPENLETTER_REQUIRE_OUTSIDE") == "1")
    names = options.names or list(WORDS)
    share = max(1, options.seconds // len(names))
    failed = [name for name in names if not fuzz(name, share, options.corpus, options.seed)]
    print(f"Fuzzing found mistakes in: {', '.join(failed)}" if failed else f"Fuzzed {', '.join(names)}: nothing found.")
    return int(bool(failed))


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "openletter-fuzz"


def fuzz(name: str, seconds: int, corpus: Path, seed: int) -> bool:
    """Run one harness, print what breaks it, and tell whether nothing did."""
    kept, found = corpus / name, corpus / "found" / name
    for folder in (kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    known = set(found.iterdir())
    with tempfile.TemporaryDirectory() as seeds:
        words = Path(seeds, "words").with_suffix(".dict")
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS[name] if word), "ascii")
        parts = (TESTS / "markup/everything.md").read_text("utf-8").split("\n\n")
        for number, text in enumerate([*SEEDS.get(name, []), *parts]):
            (Path(seeds) / str(number)).write_text(text, "utf-8")
        flags: dict[str, object] = {
            "max_total_time": seconds,
            "timeout": TIMEOUT_S,
            "rss_limit_mb": MEMORY_MB,
            "max_len": LONGEST,
            "seed": seed,
            "dict": words,
        }
        flags |= {"artifact_prefix": f"{found}/", "print_final_stats": 1, "verbosity": 0}
        begun = monotonic()
        command = [sys.executable, "-m", "tests.fuzz.harness", name, str(kept), seeds]
        ran = subprocess.run(
            command + [f"-{flag}={value}" for flag, value in flags.items()],
            cwd=TESTS.parent,
            env=os.environ | {"PYTHONHASHSEED": str(seed)} if seed else None,  # the order of sets is chance too
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + HANG_S,
        )
    print(f"{name}: {_count(ran.stderr)} inputs in {monotonic() - begun:.0f} s", flush=True)
    if ran.returncode == 0:
        return True
    print(f"The fuzzer ended with {ran.returncode}.")
    said = [line for line in (ran.stdout + ran.stderr).splitlines() if not line.startswith(("INFO", "WARNING", "stat"))]
    print("\n".join(said[-60:]))
    for file in sorted(set(found.iterdir()) - known):
        print(f"{file}: {file.read_bytes()[:SHOWN]!r}")
    return False


def _escaped(word: str) -> str:
    """Write a word as libFuzzer's dictionaries have it."""
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))


def _count(stats: str) -> str:
    lines = [line for line in stats.splitlines() if "number_of_executed_units" in line]
    return lines[-1].split()[-1] if lines else "an unknown number of"


if __name__ == "__main__":
    sys.exit(main())
