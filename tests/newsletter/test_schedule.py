"""`openletter newsletter due`: which issues are to be sent, by their front matter and by the ledgers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from generator.config import load_config
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import NOT_LISTED, FrozenIssue, RecipientState
from generator.newsletter.delivery.schedule import read_send_schedule
from generator.newsletter.delivery.schedule_values import IssueState
from generator.newsletter.message.sender import make_sender
from tests.newsletter.commands import run_command
from tests.newsletter.conftest import make_letter
from tests.newsletter.site_with_issue import SITE, issue, make_site_with_issue

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
PATH = "content/newsletters/2026-06-01-june.md"


def make(root: Path, send_at: str = "2026-12-01 09:00", zone: str = "UTC", **keys: Any) -> Path:
    toml = SITE.replace('language = "en"', f'language = "en"\ntimezone = "{zone}"')
    (root / "ledger").mkdir(parents=True, exist_ok=True)
    return make_site_with_issue(root, {"site.toml": toml, PATH: issue(id="issue-june", send_at=send_at, **keys)})


def state(root: Path, at: datetime, late: timedelta = timedelta(hours=24)) -> tuple[IssueState, tuple[str, ...]]:
    found = read_send_schedule(root, at, max_late=late)
    return found.issues[0].state, tuple(f"{each.line} {each.level} {each.message}" for each in found.problems)


def make_ledger(
    root: Path,
    states: Sequence[RecipientState],
    day: str,
    reason: str = "",
    *,
    name: str = "june",
    tried: datetime = NINE,
) -> None:
    """Write the ledger of the issue as it is after a sending on a day."""
    people = [f"reader-{number}@example.org" for number in range(len(states))]
    with Ledger(root / "ledger" / f"{name}.sqlite") as ledger:
        letter = replace(make_letter(), id=f"issue-{name}")
        ledger.freeze_issue(FrozenIssue(letter, make_sender(load_config(root)[0], shared=False), tried), people)
        for person, result in zip(people, states, strict=True):
            if result is not RecipientState.PENDING:
                ledger.claim(ledger.hash_address(person), day)
                ledger.record_result(ledger.hash_address(person), result)
            elif reason:
                ledger.record_result(ledger.hash_address(person), result, reason)


SENT, PENDING, FAILED, UNCERTAIN = (
    RecipientState.SENT,
    RecipientState.PENDING,
    RecipientState.FAILED,
    RecipientState.UNCERTAIN,
)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(days=-365), IssueState.COMING),
        (timedelta(seconds=-1), IssueState.COMING),
        (timedelta(0), IssueState.DUE),
        (timedelta(hours=24), IssueState.DUE),
        (timedelta(hours=24, seconds=1), IssueState.MISSED),
        (timedelta(days=365), IssueState.MISSED),
    ],
)
def test_an_issue_is_due_for_a_day(tmp_path: Path, after: timedelta, expected: IssueState) -> None:
    found, problems = state(make(tmp_path), NINE + after)
    assert found is expected
    assert bool(problems) == (expected is IssueState.MISSED)


def test_a_missed_issue_is_an_error_at_its_line(tmp_path: Path) -> None:
    _, problems = state(make(tmp_path), NINE + timedelta(days=400))
    lines = (tmp_path / PATH).read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.startswith("send_at"))
    words = "The issue was not sent, and its time passed 400 days ago: it may be at most 24 hours late."
    assert problems == (f"{line} error {words}",)
    assert state(tmp_path, NINE + timedelta(hours=30), timedelta(hours=48))[0] is IssueState.DUE


@pytest.mark.parametrize(
    ("zone", "written", "moment"),
    [
        ("Europe/London", "2026-07-01 09:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("Europe/London", "2026-12-01T09:00", NINE),
        ("Europe/London", "2026-12-01T09:00:00-05:00", datetime(2026, 12, 1, 14, tzinfo=UTC)),
        ("Europe/Berlin", "2027-03-28 02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # the clocks skip it
        ("Europe/Berlin", "2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first of two
        ("Pacific/Kiritimati", "1 December 2026 at 11:00 pm", NINE),
        ("America/New_York", "2026-12-01 09:00 UTC", NINE),
    ],
)
def test_a_time_is_that_of_the_sites_zone(tmp_path: Path, zone: str, written: str, moment: datetime) -> None:
    make(tmp_path, written, zone)
    assert read_send_schedule(tmp_path, moment).issues[0].send_at.astimezone(UTC) == moment
    assert state(tmp_path, moment - timedelta(seconds=1))[0] is IssueState.COMING
    assert state(tmp_path, moment)[0] is IssueState.DUE
    assert state(tmp_path, moment + timedelta(hours=24))[0] is IssueState.DUE, "a day has 24 hours, not 23 or 25"
    assert state(tmp_path, moment + timedelta(hours=24, seconds=1))[0] is IssueState.MISSED


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-12-01", '"send_at" needs a time of day.'),
        ("1 December 2026", '"send_at" needs a time of day.'),
        ("2026-12-01 25:00", "hours go to 23"),
        ("2026-12-01 9 o'clock", "is not a time such as 14:30"),
        ("2026-12-01 9am", "Write: send_at: 2026-12-01 09:00 [date]"),
        ("2026-12-01 21.30", "Write: send_at: 2026-12-01 21:30 [date]"),
        ("28/11/2026", "Write, for example: send_at: 2026-11-28 09:00 [date]"),
        ("1/12/2026 09:00", "two ways, or does not begin with its year. Write, for example: send_at: 2026-12-31 09:00"),
        ("tomorrow 09:00", "is not a date"),
        ("[2026-12-01 09:00]", "must be one date"),
    ],
)
def test_a_day_without_a_time_is_refused(tmp_path: Path, written: str, message: str) -> None:
    make_site_with_issue(tmp_path, {PATH: issue(id="issue-june").replace("---\n", f"---\nsend_at: {written}\n", 1)})
    assert message in run_command(tmp_path, "newsletter", "check").stderr
    done = run_command(tmp_path, "newsletter", "due")
    assert done.exit_code == 3
    assert f"{PATH} error: This issue has an error, so its send_at is not known, and it is not sent." in done.stderr
    assert re.search(rf"{PATH}:\d+:\d+ error: ", done.stderr), "the error itself"


@pytest.mark.parametrize(
    ("states", "days", "expected"),
    [
        ((SENT, SENT), 0, IssueState.SENT),
        ((SENT, FAILED, UNCERTAIN), 400, IssueState.SENT),
        ((SENT, PENDING), 0, IssueState.DUE),
        ((SENT, PENDING), 7, IssueState.DUE),
        ((SENT, PENDING), 8, IssueState.UNFINISHED),
        ((UNCERTAIN, PENDING), 2, IssueState.DUE),
        ((PENDING, PENDING), 0, IssueState.DUE),
        ((PENDING, PENDING), 2, IssueState.MISSED),
        ((FAILED, PENDING), 2, IssueState.MISSED),
    ],
)
def test_the_ledger_says_whether_it_goes_on(
    tmp_path: Path, states: tuple[RecipientState, ...], days: int, expected: IssueState
) -> None:
    make_ledger(make(tmp_path), states, "2026-12-01")
    found, problems = state(tmp_path, NINE + timedelta(days=days, minutes=1))
    assert found is expected
    assert bool(problems) == (expected in (IssueState.UNFINISHED, IssueState.MISSED))


@pytest.mark.parametrize(
    ("others", "days", "tried", "expected"),
    [
        ("2026-12-02", 1, 1, IssueState.DUE),
        ("2026-12-02", 2, 1, IssueState.DUE),
        ("2026-12-02", 3, 1, IssueState.MISSED),
        ("2026-12-02", 2, 25, IssueState.MISSED),
        ("", 2, 1, IssueState.MISSED),
    ],
)
def test_an_issue_that_waits_for_others_is_not_missed(
    tmp_path: Path, others: str, days: int, tried: int, expected: IssueState
) -> None:
    """A daily limit leaves no mail for it: a run has tried it in time, and others are still being sent."""
    make_ledger(make(tmp_path), (PENDING, PENDING), "", tried=NINE + timedelta(hours=tried))
    make_ledger(tmp_path, (SENT if others else PENDING, PENDING), others, name="may")
    found, problems = state(tmp_path, NINE + timedelta(days=days, minutes=1))
    assert found is expected
    assert bool(problems) == (expected is IssueState.MISSED)


@pytest.mark.parametrize(
    ("keys", "words"),
    [({"posts": ["nowhere"]}, "nowhere"), ({"body": "TK write this"}, '"TK" is still in the text')],
)
def test_an_issue_with_an_error_is_not_announced_as_due(tmp_path: Path, keys: dict[str, Any], words: str) -> None:
    make(tmp_path, **keys)
    when = ("--at", "2026-12-01T09:00")
    found = run_command(tmp_path, "newsletter", "due", *when)
    assert (found.exit_code, found.stdout) == (3, "")
    assert words in found.stderr
    assert "error: The issue is due, but it has an error, so it is not sent." in found.stderr
    facts = json.loads(run_command(tmp_path, "newsletter", "due", "--json", *when).stdout)
    assert [each["state"] for each in facts["issues"]] == ["held"]
    (tmp_path / PATH).write_text(issue(id="issue-june", send_at="2026-12-01 09:00"))
    found = run_command(tmp_path, "newsletter", "due", *when)
    assert (found.exit_code, found.stdout) == (1, "Due: june was to go out on 1 December 2026 at 09:00.\n")


def test_people_who_have_left_do_not_keep_an_issue_open(tmp_path: Path) -> None:
    make_ledger(make(tmp_path), (SENT, PENDING, PENDING), "2026-12-01", NOT_LISTED)
    assert state(tmp_path, NINE)[0] is IssueState.SENT


def test_the_ledger_is_found_under_another_name_and_in_another_folder(tmp_path: Path) -> None:
    make_ledger(make(tmp_path), (SENT,), "2026-12-01")
    (tmp_path / "ledger/june.sqlite").rename(tmp_path / "ledger/other.sqlite")
    assert state(tmp_path, NINE)[0] is IssueState.SENT
    (tmp_path / "ledger").rename(tmp_path / "kept")
    assert state(tmp_path, NINE)[0] is IssueState.HELD, "no one said where the ledgers are"
    assert read_send_schedule(tmp_path, NINE, tmp_path / "kept").issues[0].state is IssueState.SENT
    assert read_send_schedule(tmp_path, NINE, tmp_path / "kept/other.sqlite").issues[0].state is IssueState.SENT


@pytest.mark.parametrize("days", [-30, 0, 1, 30, 400])
def test_without_a_folder_of_ledgers_nothing_is_due(tmp_path: Path, days: int) -> None:
    make(tmp_path).joinpath("ledger").rmdir()
    found = read_send_schedule(tmp_path, NINE + timedelta(days=days))
    assert found.issues[0].state is (IssueState.COMING if days < 0 else IssueState.HELD)
    assert [each.code for each in found.problems] == ["mail-ledger-gone"] * (days >= 0)
    elsewhere = read_send_schedule(tmp_path, NINE + timedelta(days=days), tmp_path / "kept")
    assert elsewhere.issues[0].state is found.issues[0].state


def test_a_damaged_ledger_and_two_of_one_issue_are_errors(tmp_path: Path) -> None:
    make_ledger(make(tmp_path), (SENT,), "2026-12-01")
    shutil.copy(tmp_path / "ledger/june.sqlite", tmp_path / "ledger/copy.sqlite")
    assert any("more than one ledger" in each for each in state(tmp_path, NINE)[1])
    (tmp_path / "ledger/copy.sqlite").write_bytes(b"SQLite format 3\0 and nothing else")
    assert any("The ledger cannot be used" in each for each in state(tmp_path, NINE)[1])


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"draft": True}, "it is a draft"),
        ({"date": "2026-12-01 10:00"}, "its date has not come"),
        ({"expires": "2026-12-01 08:00"}, "it has expired"),
    ],
)
def test_an_issue_that_is_not_public_is_not_sent(tmp_path: Path, keys: dict[str, Any], words: str) -> None:
    make(tmp_path, **keys)
    coming, warned = state(tmp_path, NINE - timedelta(days=1))
    held, refused = state(tmp_path, NINE)
    assert (coming, held) == (IssueState.COMING, IssueState.HELD)
    assert "warning" in warned[0]
    assert "error" in refused[0]
    assert words in warned[0]
    assert words in refused[0]


@pytest.mark.parametrize("sent", [False, True])
def test_a_copy_with_the_id_of_the_older_issue_is_an_error(tmp_path: Path, sent: bool) -> None:
    make(tmp_path, "2026-06-01 09:00")
    if sent:
        make_ledger(tmp_path, (SENT,), "2026-06-01")
    text = issue("Another text.", id="issue-june", send_at="2026-12-01 09:00")
    (tmp_path / "content/newsletters/december.md").write_text(text)
    found = read_send_schedule(tmp_path, NINE)
    assert [each.state for each in found.issues] == [IssueState.HELD, IssueState.HELD]
    assert [each.path for each in found.problems] == sorted(each.path for each in found.issues)
    assert "It has the same id as content/newsletters/december.md" in found.problems[0].message


def test_the_last_hours_of_time(tmp_path: Path) -> None:
    make(tmp_path, "9999-12-31 23:30 UTC", "Pacific/Kiritimati")
    assert state(tmp_path, NINE)[0] is IssueState.COMING
    assert run_command(tmp_path, "newsletter", "due").exit_code == 0
    assert "to be sent 9999-12-31 at 23:30" in run_command(tmp_path, "newsletter", "list").stdout


def test_the_list_names_the_time_in_the_sites_zone_until_the_issue_is_sent(tmp_path: Path) -> None:
    make(tmp_path, "2026-12-01 09:00 UTC", "Europe/Berlin")
    assert "june  1 post (to be sent 2026-12-01 at 10:00)" in run_command(tmp_path, "newsletter", "list").stdout
    facts = json.loads(run_command(tmp_path, "newsletter", "list", "--json").stdout)
    assert facts["issues"][0]["send_at"] == "2026-12-01T10:00:00+01:00"
    make_ledger(tmp_path, (SENT, PENDING), "2026-12-01")
    assert "june  1 post (sent to 1 of 2)" in run_command(tmp_path, "newsletter", "list").stdout


def test_a_translation_is_not_sent_by_itself(tmp_path: Path) -> None:
    make(tmp_path)
    text = issue(lang="cy", translation_of="issue-june", send_at="2026-12-01 09:00", slug="mehefin")
    (tmp_path / "content/newsletters/mehefin.md").write_text(text)
    found = read_send_schedule(tmp_path, NINE)
    assert [each.state for each in found.issues] == [IssueState.DUE, IssueState.HELD]
    assert "sent together with its translations" in found.problems[0].message


def test_the_command_lists_what_is_due_and_what_is_to_come(tmp_path: Path) -> None:
    make(tmp_path, zone="Europe/London")
    july = issue(send_at="2027-07-01T09:00", date="2026-07-01")
    (tmp_path / "content/newsletters/july.md").write_text(july)
    done = run_command(tmp_path, "newsletter", "due", "--at", "2026-12-01T10:00")
    assert done.stdout.splitlines() == [
        "Due: june was to go out on 1 December 2026 at 09:00.",
        "Coming: july goes out on 1 July 2027 at 09:00 (in 211 days).",
    ]
    assert (done.exit_code, done.stderr) == (1, "")
    make_ledger(tmp_path, (SENT, PENDING), "2026-12-01")
    done = run_command(tmp_path, "newsletter", "due", "--at", "2026-12-03T10:00")
    assert "Due: june was to go out on 1 December 2026 at 09:00. 1 of 2 have received it." in done.stdout
    done = run_command(tmp_path, "newsletter", "due", "--at", "2027-07-02T10:00", "--json")
    facts = json.loads(done.stdout)
    assert done.exit_code == 3
    assert [each["state"] for each in facts["issues"]] == ["unfinished", "missed"]
    assert facts["issues"][0]["send_at"] == "2026-12-01T09:00:00+00:00"
    assert facts["issues"][0]["sent"] == 1
    assert facts["errors"] == 2
    (tmp_path / "content/newsletters/july.md").unlink()
    (tmp_path / PATH).write_text(issue())
    done = run_command(tmp_path, "newsletter", "due")
    assert (done.exit_code, done.stdout) == (0, "No issue is due, and none is to come.\n")
