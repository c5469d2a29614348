"""Findings as SARIF 2.1.0, which code hosts show beside the lines.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.errors import Problem

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(problems: Iterable[Problem]) -> str:
    """Write findings in order; lines and columns count from 1 as in SARIF. Paths are relative to the site."""
    ordered = sorted(problems)
    codes = sorted({problem.code for problem in ordered})
    driver = {
        "name": "Openletter",
        "version": __version__,
        "rules": [{"id": code, "name": _rule_name(code)} for code in codes],
    }
    results = [_result(problem, codes) for problem in ordered]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(problem: Problem, codes: list[str]) -> dict[str, Any]:
    text = " ".join(part for part in (problem.message, problem.hint) if part)
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.level.value,
        "message": {"text": text},
    }
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(problem.path or "site.toml")}}
    if problem.line:
        location["region"] = {"startLine": problem.line, **({"startColumn": problem.column} if problem.column else {})}
    result["locations"] = [{"physicalLocation": location}]
    return result


def _rule_name(code: str) -> str:
    return "".join(part.capitalize() for part in code.split("-"))
