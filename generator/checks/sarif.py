"""Findings as SARIF 2.1.0, which code hosts show beside the lines.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.checks.codes import explanations
from generator.errors import Problem

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(problems: Iterable[Problem], folder: str = "") -> str:
    """Write findings in order; lines and columns count from 1 as in SARIF.

    Paths begin with `folder`, the site's folder as seen from the working directory; "" for the same.
    """
    ordered = sorted(problems)
    codes = sorted({problem.code for problem in ordered})
    driver = {"name": "Openletter", "version": __version__, "rules": [_rule(code) for code in codes]}
    results = [_result(problem, codes, folder) for problem in ordered]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    """Describe a code as docs/problems.md does, for the page that a code host shows of it."""
    name = "".join(part.capitalize() for part in code.split("-"))
    text = explanations().get(code, code)
    return {"id": code, "name": name, "shortDescription": {"text": code}, "fullDescription": {"text": text}}


def _result(problem: Problem, codes: list[str], folder: str) -> dict[str, Any]:
    text = " ".join(part for part in (problem.message, problem.hint) if part)
    file = PurePosixPath(folder, problem.path or "site.toml").as_posix()
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(file)}}
    if problem.line:
        location["region"] = {"startLine": problem.line, **({"startColumn": problem.column} if problem.column else {})}
    return {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.level.value,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }
