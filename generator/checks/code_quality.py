"""Findings as GitLab's Code Quality report, which a merge request shows beside the lines.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from generator.digest import digest
from generator.errors import Level, Problem

_SEVERITY = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTE: "info"}


def to_code_quality(problems: Iterable[Problem], folder: str = "") -> str:
    """Write findings in order; a finding without a file is shown in `site.toml`.

    Paths begin with `folder`, the site's folder as seen from the working directory; "" for the same.

    A fingerprint has no line number, so an edit above a finding does not make it a new one; equal findings are counted.
    """
    counts: Counter[str] = Counter()
    return json.dumps([_issue(problem, folder, counts) for problem in sorted(problems)], indent=2, ensure_ascii=False)


def _issue(problem: Problem, folder: str, counts: Counter[str]) -> dict[str, Any]:
    path = PurePosixPath(folder, problem.path or "site.toml").as_posix()
    same = "\0".join((path, problem.code, problem.message))
    counts[same] += 1
    return {
        "description": " ".join(part for part in (problem.message, problem.hint) if part),
        "check_name": problem.code,
        "fingerprint": digest(f"{same}\0{counts[same]}"),
        "severity": _SEVERITY[problem.level],
        "location": {"path": path, "lines": {"begin": problem.line or 1}},
    }
