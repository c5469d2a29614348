"""The commands around an issue, as a person or a program meets them."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.config import load_config
from generator.newsletter.checks.preflight import load_letter
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue, RecipientState
from generator.newsletter.message.sender import make_sender
from tests.factories import post
from tests.guards import HANG_S
from tests.newsletter.site_with_issue import CLOCK, SITE, issue, make_site_with_issue

ROOT = Path(__file__).parents[2]
AT = "2026-06-10T12:00"
PATH = "content/newsletters/2026-06-01-june.md"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    make_site_with_issue(tmp_path / "site")

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "generator", "newsletter", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, cwd=tmp_path / "site", env=environment, capture_output=True, text=True, check=False, timeout=HANG_S
        )

    return start


def test_eml_writes_a_mail_that_other_programs_read(run: Run, tmp_path: Path) -> None:
    done = run("eml", "june")
    assert (done.returncode, done.stdout, done.stderr) == (0, "june.eml\n", "")
    data = (tmp_path / "site/june.eml").read_bytes()
    message = email.message_from_bytes(data, policy=email.policy.default)
    letter, _ = load_letter(tmp_path / "site", "june", CLOCK)
    assert message["subject"] == letter.subject
    assert message["to"] == "The Counter <counter@example.org>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "It moves." in text.get_content()
    assert "https://lists.example.org/leave" in text.get_content()
    assert 'href="https://lists.example.org/leave"' in html.get_content()
    assert message.defects == []


def test_eml_goes_where_it_is_told_and_is_the_same_each_time(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / "out/a.eml", tmp_path / "out/b.eml"]
    for file in files:
        assert run("eml", PATH, "--output", str(file)).stdout == f"{file}\n"
    assert files[0].read_bytes() == files[1].read_bytes()


def test_eml_without_a_sender_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site/site.toml").write_text(SITE.replace("from =", "# from ="))
    done = run("eml", "june")
    assert done.returncode == 3
    assert "[newsletter] from is required" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_finds_nothing_wrong_with_a_good_issue(run: Run) -> None:
    done = run("check", "june", "--at", AT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith("bytes, 0 errors, 0 warnings.")
    assert "https://lists.example.org/join" in done.stdout


def test_check_fails_for_errors_and_on_demand_for_warnings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site" / PATH).write_text(issue("TK"))
    done = run("check", "june", "--at", AT)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{PATH}:8:1 error:")
    (tmp_path / "site" / PATH).write_text(issue("Words.", subject="x" * 70))
    assert run("check", "june", "--at", AT).returncode == 0
    assert run("check", "june", "--at", AT, "--strict").returncode == 1


def test_check_tells_programs_all_of_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site" / PATH).write_text(issue("TK"))
    done = run("check", "june", "--at", AT, "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert (said["path"], said["errors"], said["problems"][0]["code"]) == (PATH, 1, "mail-placeholder")


@pytest.mark.parametrize("command", ["check", "eml", "preview", "export"])
def test_an_issue_that_is_not_there_is_said(run: Run, command: str) -> None:
    done = run(command, "none")
    assert (done.returncode, done.stdout) == (3, "")
    assert 'There is no newsletter issue "none". Available: june.' in done.stderr


def test_list_shows_every_issue_newest_first(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "site/content/newsletters"
    (folder / "2026-05-01-may.md").write_text(issue(date="2026-05-01", posts=[]))
    (folder / "later.md").write_text(issue(date="2027-05-01"))
    (folder / "draft.md").write_text(issue(date="2026-04-01", draft=True))
    lines = run("list", "--at", AT).stdout.splitlines()
    assert lines == [
        "2027-05-01  later  1 post (scheduled)  June news",
        "2026-06-01  june   1 post  June news",
        "2026-05-01  may    0 posts  June news",
        "2026-04-01  draft  1 post (draft)  June news",
    ]


def test_list_says_how_far_the_sending_has_come(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "site"
    letter, _ = load_letter(root, "june", CLOCK)
    (root / "ledger").mkdir()
    with Ledger(root / "ledger/june.sqlite") as ledger:
        ledger.freeze_issue(
            FrozenIssue(letter, make_sender(load_config(root)[0]), letter.date), ["a@x.example", "b@x.example"]
        )
        id_ = ledger.hash_address("a@x.example")
        ledger.claim(id_)
        ledger.record_result(id_, RecipientState.SENT)
    assert "(sent to 1 of 2)" in run("list").stdout
    assert json.loads(run("list", "--json").stdout)["issues"][0]["sent"] == 1
    (root / "ledger/june.sqlite").write_bytes(b"broken" * 300)
    assert "(ledger unreadable)" in run("list").stdout


def test_list_shows_broken_issues_as_broken(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "site/content/newsletters"
    broken = {
        "no-date.md": issue(date=None),
        "odd-date.md": issue(date="2026-13-01"),
        "no-title.md": "---\ndate: 2026-06-01\n---\nText\n",
        "open-quote.md": '---\ntitle: "A\ndate: 2026-06-01\n---\nText\n',
        "same-slug.md": issue(date="2026-07-01", slug="june"),
    }
    for name, text in broken.items():
        (folder / name).write_text(text)
    (tmp_path / "site/content/posts/broken.md").write_text("---\ntitle: A\ndate: never\n---\n")
    done = run("list")
    shown = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("broken  ")]
    data = json.loads(run("list", "--json").stdout)
    assert done.returncode == 0
    assert data["broken"] == shown == sorted(f"content/newsletters/{name}" for name in broken)
    assert {problem["path"] for problem in data["problems"]} == set(shown)
    assert all(f"{path}:" in done.stderr for path in shown)


def test_who_prints_only_the_address(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "list.csv").write_text("address\na@x.example\nb@x.example\n")
    (root / "ledger").mkdir()
    letter, _ = load_letter(root, "june", CLOCK)
    with Ledger(root / "ledger/june.sqlite") as ledger:
        ledger.freeze_issue(FrozenIssue(letter, make_sender(load_config(root)[0]), letter.date), ["b@x.example"])
        hash_ = ledger.hash_address("b@x.example").hex()
    done = run("who", f"bounces+{hash_}@example.org", "--to", "list.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "b@x.example\n", "")
    done = run("who", "bounces@example.org", "--to", "list.csv")
    assert (done.returncode, done.stdout) == (3, "")
    assert "[mail-return-path]" in done.stderr


def test_list_of_nothing_says_how_to_begin(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site" / PATH).unlink()
    assert "openletter new newsletter" in run("list").stdout
    assert not (tmp_path / "site/ledger").exists()


def test_preview_writes_a_page(run: Run, tmp_path: Path) -> None:
    done = run("preview", "june", "--output", "look.html", "--no-open")
    assert (done.returncode, done.stdout) == (0, "look.html\n")
    assert (tmp_path / "site/look.html").read_text().startswith("<!doctype html>")
    assert not (tmp_path / "site/look-pictures").exists()  # the issue has none


def test_export_writes_a_folder_and_leaves_others_alone(run: Run, tmp_path: Path) -> None:
    done = run("export", "june", "--placeholder", "*|UNSUB|*", "--at", AT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "june-mail\n", "")
    assert "*|UNSUB|*" in (tmp_path / "site/june-mail/letter.html").read_text()
    assert run("export", "june", "--at", AT).returncode == 0
    assert "{{ unsubscribe }}" in (tmp_path / "site/june-mail/letter.html").read_text()
    assert run("export", "june", "--output", "content").returncode == 3
    assert run("export", "june", "--placeholder", 'a"b').returncode == 2


def test_export_needs_no_sender_but_a_sound_issue(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site/site.toml").write_text(SITE.replace("from =", "# from ="))
    assert run("export", "june", "--at", AT).returncode == 0
    (tmp_path / "site/content/posts/2026-05-02-lift.md").write_text(post("Gone", draft=True))
    done = run("export", "june", "--output", "again", "--at", AT)
    assert done.returncode == 1
    assert not (tmp_path / "site/again").exists()


@pytest.mark.parametrize("command", ["list", "check", "eml", "preview", "export"])
def test_a_folder_that_is_no_site_stays_as_it_is(command: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "generator", "newsletter", command, *(["june"] if command != "list" else [])]
    done = subprocess.run(
        words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
