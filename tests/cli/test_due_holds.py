"""`openletter due --since`: what the live site has missed; and the periods in which nothing is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from tests.factories import config, plain_post, write_site

HOLD = '[[publish.hold]]\nfrom = "{}"\nto = "{}"\nreason = "Election"\n'


def due(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["due", "--site", str(root), *arguments], catch_exceptions=False)


def facts(root: Path, *arguments: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(due(root, "--json", *arguments).stdout)
    return value


@pytest.fixture
def root(tmp_path: Path) -> Path:
    london = config('timezone = "Europe/London"\n' + HOLD.format("2026-03-25", "2026-03-28"))
    return write_site(
        tmp_path,
        {
            "site.toml": london,
            "posts/a.md": plain_post("A", date="2026-03-29 00:30"),
            "posts/b.md": plain_post("B", date="2026-01-01", expires="2026-03-29 03:00"),
            "posts/c.md": plain_post("C", date="2026-09-01"),
        },
    )


@pytest.mark.parametrize(
    ("since", "at", "overdue"),
    [
        ("2026-03-28T12:00", "2026-03-29T00:29", []),
        ("2026-03-28T12:00", "2026-03-29T00:30", ["content/posts/a.md"]),
        ("2026-03-29T00:30", "2026-03-29T02:59", []),
        ("2026-03-28T12:00", "2026-03-29T03:00", ["content/posts/a.md", "content/posts/b.md"]),
        ("2026-03-29T01:59:00+00:00", "2026-03-29T03:30", ["content/posts/b.md"]),  # 03:00 in summer time is 02:00 UTC
        ("2026-03-29T02:00:00+00:00", "2026-03-29T03:30", []),
    ],
)
def test_a_live_site_is_overdue_when_something_changed_since(
    root: Path, since: str, at: str, overdue: list[str]
) -> None:
    arguments = ("--since", since, "--at", at)
    assert [each["path"] for each in facts(root, *arguments)["overdue"]] == overdue
    done = due(root, *arguments)
    assert done.exit_code == (1 if overdue else 0)
    assert done.stdout.count("Overdue: ") == len(overdue)


def test_a_hold_is_shown_until_its_last_day_has_ended_across_the_change_of_the_clocks(root: Path) -> None:
    held = facts(root, "--at", "2026-03-28T23:59")["holds"]
    assert held == [{"from": "2026-03-25T00:00:00+00:00", "to": "2026-03-29T00:00:00+00:00", "reason": "Election"}]
    assert facts(root, "--at", "2026-03-29T00:00")["holds"] == []
    assert "On hold since 25 March 2026 at 00:00" in due(root, "--at", "2026-03-26").stdout
    assert "On hold from 25 March 2026 at 00:00" in due(root, "--at", "2026-03-01").stdout


def test_a_source_with_an_error_is_named_because_its_dates_are_not_known(root: Path) -> None:
    faulty = {
        "bad": "---\ntitle: Bad\ndate: 2026-13-01\n---\n",
        "open": "---\ntitle: Open\ndate: 2026-05-01\n",
        "latin": "---\ntitle: Caf\udce9\ndate: 2026-05-01\n---\n",
        "bare": "No front matter.\n",
    }
    for name, text in faulty.items():
        (root / f"content/posts/{name}.md").write_bytes(text.encode("utf-8", "surrogateescape"))
    (root / "content/posts/draft.md").write_text("---\ntitle: Draft\ndate: 2026-05-01\ndraft: true\n---\n", "utf-8")
    paths = sorted(f"content/posts/{name}.md" for name in faulty)
    assert facts(root, "--at", "2026-03-26")["faulty"] == paths
    said = due(root, "--at", "2026-03-26")
    assert said.exit_code == 0
    assert said.stdout.count("has an error, so its dates are not known: openletter build shows it.") == len(paths)


def test_what_comes_next_in_a_hold_is_not_promised(root: Path) -> None:
    add = root / "content/posts/d.md"
    add.write_text(plain_post("D", date="2026-03-28 23:59"), "utf-8")
    assert "(in 3 days). Nothing is published then: Election." in due(root, "--at", "2026-03-25").stdout
    add.write_text(plain_post("D", date="2026-03-29 00:00"), "utf-8")
    assert "Nothing is published then" not in due(root, "--at", "2026-03-25").stdout


def test_a_hold_that_ends_on_the_day_of_the_change_lasts_until_its_midnight(tmp_path: Path) -> None:
    settings = config('timezone = "Europe/London"\n' + HOLD.format("2026-03-25", "2026-03-29"))
    root = write_site(tmp_path, {"site.toml": settings})
    assert facts(root, "--at", "2026-03-29T12:00")["holds"][0]["to"] == "2026-03-30T00:00:00+01:00"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (HOLD.format("2026-05-02", "2026-05-01"), "is before from"),
        (HOLD.format("soon", "2026-05-01"), '"soon"'),
        ('[[publish.hold]]\nto = "2026-05-01"\nreason = "x"\n', '"from" in [publish.hold] is missing'),
        ('[[publish.hold]]\nfrom = "2026-05-01"\nto = "2026-05-02"\n', '"reason" in [publish.hold] is missing'),
        ('[publish.hold]\nfrom = "2026-05-01"\n', "[[publish.hold]]"),
    ],
)
def test_a_hold_with_a_mistake_is_refused_with_its_line(tmp_path: Path, lines: str, words: str) -> None:
    done = due(write_site(tmp_path, {"site.toml": config(lines)}))
    assert done.exit_code == 2
    assert words in done.stderr
    assert "site.toml:" in done.stderr


def test_dates_without_quotes_are_read_too(tmp_path: Path) -> None:
    settings = config("[[publish.hold]]\nfrom = 2026-05-01\nto = 2026-05-02T09:00:00\nreason = 'x'\n")
    held = facts(write_site(tmp_path, {"site.toml": settings}), "--at", "2026-05-01")["holds"][0]
    assert (held["from"], held["to"]) == ("2026-05-01T00:00:00+00:00", "2026-05-02T09:00:00+00:00")


def test_what_is_overdue_is_told_in_the_past_and_a_deployment_in_the_future_is_refused(root: Path) -> None:
    said = due(root, "--since", "2026-03-28T12:00", "--at", "2026-03-29T00:30")
    assert "Overdue: content/posts/a.md was to go live on 29 March 2026 at 00:30." in said.stdout
    refused = due(root, "--since", "2026-03-30", "--at", "2026-03-29")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--since is 30 March 2026 at 00:00, which has not come yet." in refused.stderr
