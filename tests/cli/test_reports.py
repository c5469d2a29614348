"""A build's report as a line for people and an object for programs."""

from __future__ import annotations

import json

from msgspec.structs import replace

from generator.cli import reports
from generator.errors import ConfigError, Level, error, has_errors, note, raise_warnings, warning
from generator.model import BuildReport

REPORT = BuildReport(
    posts=24,
    pages=1,
    issues=0,
    rendered={f"p/{n}": ("new",) for n in range(310)},
    written=tuple(f"p/{n}" for n in range(1210)),
    deleted=(),
    problems=(
        warning("b.md", "dead-link", "Odd.", line=3),
        error("a.md", "date", "Wrong.", "Mend it.", line=4, column=7),
    ),
    timings={"scan": 0.25, "render": 0.98766},
)


def test_the_summary_counts_in_one_line() -> None:
    clean = replace(REPORT, problems=())
    assert reports.describe_build(clean, "output") == (
        "24 posts, 1 page, 0 newsletter issues: 1,210 files written in 1.2 s to output"
    )


def test_the_summary_counts_deletions_and_problems_where_there_are_any() -> None:
    text = reports.describe_build(replace(REPORT, deleted=("x", "y"), written=("z",)), "output")
    assert text.endswith(": 1 file written, 2 deleted in 1.2 s to output (1 error, 1 warning)")


def test_strict_turns_warnings_into_errors_and_no_notes() -> None:
    problems = raise_warnings((*REPORT.problems, note("c.md", "series-gap", "A gap.")))
    assert [problem.level for problem in problems] == [Level.ERROR, Level.ERROR, Level.NOTE]
    assert has_errors(problems)


def test_json_has_every_count_and_every_problem_in_order() -> None:
    data = json.loads(reports.report_json(REPORT))
    assert {key: data[key] for key in ("posts", "pages", "issues")} == {"posts": 24, "pages": 1, "issues": 0}
    assert {key: data[key] for key in ("rendered", "written", "deleted")} == {
        "rendered": 310,
        "written": 1210,
        "deleted": 0,
    }
    assert (data["errors"], data["warnings"]) == (1, 1)
    assert data["problems"][0] == {
        "path": "a.md",
        "line": 4,
        "column": 7,
        "level": "error",
        "code": "date",
        "message": "Wrong.",
        "hint": "Mend it.",
    }
    assert [problem["path"] for problem in data["problems"]] == ["a.md", "b.md"]
    assert data["seconds"] == {"scan": 0.25, "render": 0.9877}


def test_json_is_ascii_so_that_every_console_carries_it() -> None:
    text = reports.fault_json(ConfigError(error("ü\udce9\x1b.md", "x", "No.")))
    assert text.isascii()
    assert json.loads(text)["problems"][0]["path"] == "ü\udce9\x1b.md"


def test_the_summary_counts_what_it_leaves_out() -> None:
    text = reports.describe_build(replace(REPORT, drafts=2, scheduled=1), "output")
    assert text.startswith("24 posts, 1 page, 0 newsletter issues (not public: 2 drafts, 1 scheduled): ")
    one = reports.describe_build(replace(REPORT, drafts=1, expired=3), "output")
    assert "(not public: 1 draft, 3 expired): " in one
    assert "not public" not in reports.describe_build(REPORT, "output")
    counted = json.loads(reports.report_json(replace(REPORT, drafts=2, scheduled=1, expired=4)))
    assert [counted[key] for key in ("drafts", "scheduled", "expired")] == [2, 1, 4]
