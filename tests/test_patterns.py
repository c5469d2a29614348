"""Patterns are compiled when they are used, and behave as `re`'s own do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.patterns import lazy_pattern

COUNT = """
import atexit, collections, re, sys
import re._compiler as compiler
compiled, original = collections.Counter(), compiler.compile
def counting(pattern, flags=0):
    caller = sys._getframe(1)
    while caller.f_code.co_filename == re.__file__:
        caller = caller.f_back
    compiled[caller.f_globals.get("__name__", "")] += 1
    return original(pattern, flags)
compiler.compile = counting
sys.argv = ["openletter", *sys.argv[1:]]
from generator.__main__ import main
try:
    main()
finally:
    ours = sum(number for name, number in compiled.items() if name.startswith("generator."))
    print("compiled", ours, file=sys.stderr)
"""


def test_a_pattern_is_compiled_by_its_first_use_and_only_once() -> None:
    with pytest.raises(re.error):  # a faulty pattern shows when it is compiled
        lazy_pattern("(").match("")
    never_used = lazy_pattern("(")
    assert "_compiled" not in vars(never_used)
    used = lazy_pattern("(A)-?", re.IGNORECASE)
    assert used.fullmatch("a-")
    assert used.sub("b", "aA-") == "bb"
    assert used.findall("Aa") == ["A", "a"]
    assert used.flags == re.compile("(A)-?", re.IGNORECASE).flags
    assert used.pattern == "(A)-?"
    assert used.groups == 1


@pytest.mark.slow
def test_a_build_with_nothing_to_do_compiles_few_patterns(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('title = "Desk"\nurl = "https://desk.example/"\n', "utf-8")
    (tmp_path / "content" / "posts").mkdir(parents=True)
    (tmp_path / "content" / "posts" / "2026-01-02-a.md").write_text("---\ntitle: A\n---\nText.\n", "utf-8")
    command = [sys.executable, "-c", COUNT, "build"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    runs = [subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True) for _ in range(2)]
    numbers = [int(run.stderr.rpartition("compiled ")[2]) for run in runs]
    assert "0 files written" in runs[1].stdout, runs[1].stdout
    assert 0 < numbers[1] <= 25 < numbers[0]
