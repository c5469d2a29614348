"""Reports as text for people and as one JSON object for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import asdict

from generator.errors import Level, OpenletterError, Problem
from generator.model import BuildReport
from generator.text.counts import format_count


def describe_build(report: BuildReport, folder: str) -> str:
    """Describe in one line what a build did."""
    made = [
        format_count(report.posts, "post"),
        format_count(report.pages, "page"),
        format_count(report.issues, "newsletter issue"),
    ]
    hidden = [f"{count:,} {state}" for state, count in _hidden(report).items() if count]
    waiting = f" (not public: {', '.join(hidden)})" if hidden else ""
    deleted = f", {len(report.deleted):,} deleted" if report.deleted else ""
    if report.stopped:
        kept = f"nothing was written, because a template failed; {folder} stays as it was"
        return f"{', '.join(made)}{waiting}: {kept}{_found(report.problems)}"
    seconds = sum(seconds for stage, seconds in report.timings.items() if stage != "search")
    done = f"{format_count(len(report.written), 'file')} written{deleted} in {seconds:.1f} s to {folder}"
    return f"{', '.join(made)}{waiting}: {done}{_found(report.problems)}"


def describe_search(report: BuildReport) -> str:
    """Describe a new search index, apart, because it may take longer than the build; "" if there is none."""
    took = report.timings.get("search", 0.0)
    return f"Search index: {format_count(report.searched, 'page')} in {took:.1f} s" if report.searched else ""


def _hidden(report: BuildReport) -> Mapping[str, int]:
    """Count what this build leaves out, by its state, in the words of the summary."""
    drafts = "draft" if report.drafts == 1 else "drafts"
    return {drafts: report.drafts, "scheduled": report.scheduled, "expired": report.expired}


def _found(problems: Iterable[Problem]) -> str:
    levels = [problem.level for problem in problems]
    found = [format_count(count, level) for level in Level if (count := levels.count(level))]
    return f" ({', '.join(found)})" if found else ""


def describe_check(problems: Iterable[Problem], *, only_new: bool = False) -> str:
    """Describe in one line what a check found; `only_new` if accepted findings are not among the problems."""
    found = _found(problems).replace("(", "").replace(")", "")
    return f"Found{found or ' nothing'}{' new' if only_new else ''}."


def report_json(report: BuildReport) -> str:
    """Write a build's report: counts, problems in order, seconds by stage."""
    return to_json(
        {
            "posts": report.posts,
            "pages": report.pages,
            "issues": report.issues,
            "drafts": report.drafts,
            "scheduled": report.scheduled,
            "expired": report.expired,
            "rendered": len(report.rendered),
            "searched": report.searched,
            "written": len(report.written),
            "deleted": len(report.deleted),
            "stopped": report.stopped,
            **_problems(report.problems),
            "seconds": {stage: round(seconds, 4) for stage, seconds in report.timings.items()},
        }
    )


def fault_json(fault: OpenletterError) -> str:
    """Write why a command did not run, in the shape of its report: the problems and their counts."""
    return to_json(_problems(fault.problems))


def facts_json(facts: Mapping[str, Any], problems: Iterable[Problem]) -> str:
    """Write a command's facts, with its problems in order and their counts."""
    return to_json({**facts, **_problems(problems)})


def to_json(value: Mapping[str, Any]) -> str:
    """Write one object, indented; ASCII alone, so that every console and pipe carries it."""
    import json

    return json.dumps(value, indent=2)


def _problems(problems: Iterable[Problem]) -> dict[str, Any]:
    ordered = sorted(problems)
    return {
        "errors": sum(problem.level is Level.ERROR for problem in ordered),
        "warnings": sum(problem.level is Level.WARNING for problem in ordered),
        "notes": sum(problem.level is Level.NOTE for problem in ordered),
        "problems": [asdict(problem) for problem in ordered],
    }
