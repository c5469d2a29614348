from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.measure import Cost, Memory, RunFailedError, run_sampled, run_timed
from benchmarks.report import Row, Yield, count_output, table

MEMORY = Memory(5_000_000, 4_000_000)
OUTPUT = Yield(html_files=1, files=2, size_bytes=3, html_bytes=2)


def test_the_memory_of_child_processes_counts(tmp_path: Path) -> None:
    hold = "data = bytearray(60_000_000); import time; time.sleep(0.5)"
    spawn = f"import subprocess, sys; {hold.partition(';')[0]}; subprocess.run([sys.executable, '-c', {hold!r}])"
    alone = run_sampled([sys.executable, "-c", hold], tmp_path, tmp_path / "log")
    both = run_sampled([sys.executable, "-c", spawn], tmp_path, tmp_path / "log")
    assert 60e6 < alone.largest_bytes <= alone.together_bytes < 100e6
    if sys.platform == "linux":
        assert both.together_bytes > alone.together_bytes + 50e6
        assert both.largest_bytes < alone.together_bytes + 30e6


def test_processor_time_of_child_processes_counts(tmp_path: Path) -> None:
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    spawn = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"
    cost = run_timed([sys.executable, "-c", spawn], tmp_path, tmp_path / "log", patience_s=0)
    assert cost.cpu_s >= 0.3
    assert cost.wall_s >= 0.3


def test_a_build_that_fails_stops_the_measurement_with_its_own_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such theme')"]
    with pytest.raises(RunFailedError, match="exit code 1:\nno such theme"):
        run_timed(command, tmp_path, tmp_path / "log", patience_s=0)


def test_disturbed_rounds_are_left_out_of_the_median() -> None:
    costs = (Cost(1.0, 1.0, 0.0), Cost(9.0, 1.0, 8.0), Cost(2.0, 2.0, 0.1))
    row = Row("equal", "Ours", 100, costs, MEMORY, OUTPUT)
    assert row.wall_s == 1.5
    assert Row("equal", "Ours", 100, costs[1:2], MEMORY, OUTPUT).wall_s == 9.0


def test_the_table_gives_posts_a_second_and_ratios_to_the_peers_in_it() -> None:
    rows = [
        Row("equal", "Ours", 100, (Cost(2.0, 3.0, 0.0),), MEMORY, OUTPUT),
        Row("hugo", "Hugo", 100, (Cost(0.5, 1.0, 0.0),), Memory(9_000_000, 9_000_000), OUTPUT),
    ]
    ours, hugo = table(rows).splitlines()[2:]
    assert ours.startswith("| Ours | 2.00 | 50 | 4.00 | – | 3.00 | 5 | 4 |")
    assert hugo.startswith("| Hugo | 0.50 | 200 | 1.00 | – | 1.00 | 9 | 9 |")


def test_output_is_counted_by_file_and_byte(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_bytes(b"12345")
    (tmp_path / "feed.xml").write_bytes(b"123")
    assert count_output(tmp_path) == Yield(html_files=1, files=2, size_bytes=8, html_bytes=5)
