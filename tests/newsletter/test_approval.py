"""Nothing is sent but what somebody has approved: the same words, pictures and list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import MailError
from generator.newsletter.delivery.approval_file import read_approvals, write_approvals
from generator.newsletter.delivery.approval_values import ApprovalFile, Approver, LetterToApprove
from generator.newsletter.subscribers.suppression import add_suppressed
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.mail_server import MailServer
from tests.newsletter.site_with_issue import issue, picture

PATH = "content/newsletters/2026-06-01-june.md"
LISTS = ("--to", "readers")
FILES: dict[str, str | bytes] = {
    PATH: issue("Dear all,\n\n![The lift](/lift.png)\n\nhere it is."),
    "content/static/lift.png": picture(40, 20, "PNG"),
}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, server: MailServer) -> Path:
    return make_sending_site(tmp_path / "site", server.port, "approvals = 1", FILES)


def ask(site: Path, *lists: str) -> str:
    done = run_command(site, "newsletter", "ask-approval", "june", "--of", "dean@example.org", *(lists or LISTS))
    assert done.exit_code == 0, done.output
    found = re.search(r"Digest: (\w{12})$", done.stdout.strip())
    assert found
    return found[1]


def approve(site: Path, digest: str, by: str = "dean@example.org", *lists: str) -> tuple[int, str]:
    words = ["newsletter", "approve", "june", "--digest", digest, "--by", by, *(lists or LISTS)]
    done = run_command(site, *words)
    return done.exit_code, done.output


def send(site: Path, count: int, *options: str) -> tuple[int, str]:
    done = run_command(site, "newsletter", "send", "june", *(options or LISTS), "--yes-send", str(count))
    return done.exit_code, done.output


def edit(site: Path, before: str, after: str, file: str = PATH) -> None:
    text = (site / file).read_text()
    assert before in text
    (site / file).write_text(text.replace(before, after))


def test_the_approver_reads_the_letter_with_its_digest_and_the_number_of_recipients(
    site: Path, server: MailServer
) -> None:
    digest = ask(site)
    message = server.message()
    assert (message["To"], message["Subject"]) == ("dean@example.org", "[Please approve] June news: the lift is mended")
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        words = part.get_content()
        assert "Please approve this letter. It would go to 3 recipients." in words
        assert f"Digest: {digest}" in words
        assert "here it is." in words
    assert not (site / "ledger").exists()


def test_without_an_approval_nothing_is_sent_and_with_it_everything(site: Path, server: MailServer) -> None:
    code, said = send(site, 3)
    assert (code, server.accepted.total()) == (3, 0)
    assert "1 person must approve this letter before it is sent; 0 did." in said
    assert "[mail-approval]" in said
    assert approve(site, ask(site)) == (0, "approvals/june.toml: 1 of 1 approvals.\n")
    server.accepted.clear()
    code, said = send(site, 3)
    assert (code, server.accepted.total()) == (0, 3), said
    assert "Approval: 1 of 1 (dean@example.org)" in said
    assert send(site, 3)[0] == 0, "a second run needs no second approval"
    assert server.accepted.total() == 3


CHANGES = {
    "subject": (PATH, "the lift is mended", "the lift is broken", ["subject:", "+ June news: the lift is broken"]),
    "preheader": (PATH, "And what we", "And all we", ["preheader:", "+ And all we learned"]),
    "text": (PATH, "here it is.", "there it was.", ["text:", "-here it is.", "+there it was."]),
    "a post": ("content/posts/2026-05-02-lift.md", "It moves.", "It stays.", ["text:", "+It stays."]),
    "sender": ("site.toml", "The Counter <", "The Desk <", ["sender:", "+ The Desk <counter@example.org>"]),
    "list": ("lists/readers.csv", "bob@", "bert@", ["list:", "+ 3 recipients (other people)"]),
    "a row": ("lists/readers.csv", "bob@example.org,Bob,South\n", "", ["list:", "- 3 recipients", "+ 2 recipients"]),
    "picture's words": (PATH, "The lift]", "A lift]", ["The lift", "A lift"]),
}


def test_whatever_changes_after_the_approval_stops_the_sending_and_is_shown(site: Path, server: MailServer) -> None:
    approve(site, ask(site))
    server.accepted.clear()
    for change, (file, before, after, shown) in CHANGES.items():
        text = (site / file).read_text()
        edit(site, before, after, file)
        code, said = send(site, 2 if change == "a row" else 3)
        assert (code, server.accepted.total()) == (3, 0), said
        assert "The letter has changed since it was approved. Changed: " in said
        assert [words for words in shown if words not in said] == [], (change, said)
        (site / file).write_text(text)
    code, said = send(site, 3)
    assert (code, server.accepted.total()) == (0, 3), said


def test_another_picture_under_the_same_name_is_noticed(site: Path, server: MailServer) -> None:
    approve(site, ask(site))
    server.accepted.clear()
    (site / "content/static/lift.png").write_bytes(picture(40, 20, "PNG", "RGBA"))
    code, said = send(site, 3)
    assert (code, server.accepted.total()) == (3, 0)
    assert re.search(r"pictures:\n  - .*lift\.png\n  \+ .*lift\.png \(another picture\)", said)


def test_somebody_who_unsubscribes_after_the_approval_changes_nothing(
    site: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.config import load_config

    monkeypatch.setenv("OPENLETTER_LIST_KEY", "a key of more than twenty characters")
    approve(site, ask(site))
    server.accepted.clear()
    add_suppressed(site, load_config(site)[0], ["bob@example.org"], "unsubscribed", datetime(2026, 7, 1).date())
    code, said = send(site, 2)
    assert (code, sorted(server.accepted)) == (0, ["ann@example.org", "cy@example.org"]), said


def test_a_digest_of_another_version_is_refused(site: Path) -> None:
    digest = ask(site)
    edit(site, "here it is.", "there it was.")
    code, said = approve(site, digest)
    assert code == 3
    assert "is not the digest of the letter as it is now" in said
    for typed in ("", "abc", digest[:7], "zzzzzzzzzzzz", digest[::-1]):
        assert approve(site, typed)[0] == 3
    assert not (site / "approvals").exists()


def test_two_people_must_approve_and_one_of_them_twice_is_one(site: Path, server: MailServer) -> None:
    edit(site, "approvals = 1", "approvals = 2", "site.toml")
    digest = ask(site)
    assert approve(site, digest)[1] == "approvals/june.toml: 1 of 2 approvals.\n"
    assert approve(site, digest.upper(), "DEAN@example.org")[1] == "approvals/june.toml: 1 of 2 approvals.\n"
    assert "2 people must approve this letter before it is sent; 1 did." in send(site, 3)[1]
    assert approve(site, digest, "head@example.org")[1] == "approvals/june.toml: 2 of 2 approvals.\n"
    assert send(site, 3)[0] == 0


def test_new_people_need_an_approval_of_their_list(site: Path, server: MailServer) -> None:
    approve(site, ask(site))
    send(site, 3)
    (site / "lists/new.csv").write_text("address\ndan@example.org\n")
    more = ("--to", "new", "--add-new")
    assert send(site, 1, *more)[0] == 3
    approve(site, ask(site, "--to", "new"), "dean@example.org", "--to", "new")
    said = send(site, 1, *more)[1]
    assert server.accepted["dan@example.org"] == 1, said


def test_a_dry_run_shows_the_approval_and_the_difference(site: Path) -> None:
    assert "Approval: 0 of 1" in run_command(site, "newsletter", "send", "june", *LISTS).output
    approve(site, ask(site))
    edit(site, "here it is.", "there it was.")
    done = run_command(site, "newsletter", "send", "june", *LISTS)
    assert "Approval: the letter has changed since it was approved" in done.output
    facts = json.loads(run_command(site, "newsletter", "send", "june", *LISTS, "--json").stdout)["approval"]
    assert (facts["required"], facts["approved_by"]) == (1, [])
    assert "+there it was." in facts["difference"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("here it is.", "there it was."),
        lambda text: text.replace("recipients = 3", "recipients = 30"),
        lambda text: text[:-40],
        lambda text: text.replace('by = "', "by = "),
        lambda text: "",
        lambda text: text.replace("subject", "betreff"),
    ],
)
def test_a_damaged_file_of_approvals_is_refused(tmp_path: Path, change: Callable[[str], str]) -> None:
    letter = LetterToApprove("A <a@example.org>", "Hello", "", 3, "1", "2", "Dear all,\nhere it is.\n", ())
    approved = ApprovalFile("id", letter, (Approver("a@example.org", datetime(2026, 6, 1, 9, tzinfo=UTC)),))
    file = write_approvals(tmp_path, "june", approved)
    file.write_text(change(file.read_text()))
    with pytest.raises(MailError, match=r"approvals/june\.toml.*\[mail-approval\]"):
        read_approvals(tmp_path, "june")


def test_a_damaged_file_of_approvals_stops_the_sending(site: Path, server: MailServer) -> None:
    (site / "approvals").mkdir()
    (site / "approvals/june.toml").write_text("issue = ")
    code, said = send(site, 3)
    assert (code, server.accepted.total()) == (3, 0)
    assert "approvals/june.toml error: The approvals cannot be read" in said


def test_the_approval_of_another_issue_with_the_same_name_does_not_count(site: Path, server: MailServer) -> None:
    approve(site, ask(site))
    server.accepted.clear()
    edit(site, 'title: "June news"', 'title: "June news"\nid: 0b1d8a0e-6f0c-4a55-9d52-0a4c9f3f5a11')
    assert "0 did" in send(site, 3)[1]
    assert server.accepted.total() == 0


WORDS = st.text(st.characters(codec="utf-8"))


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS)))
def test_every_text_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, text: str, subject: str, pictures: list[tuple[str, str]]
) -> None:
    root = tmp_path_factory.getbasetemp()
    letter = LetterToApprove("A <a@example.org>", subject, "", 3, "1", "2", text, tuple(pictures))
    written = ApprovalFile("id", letter, (Approver("a@example.org", datetime(2026, 6, 1, 9, tzinfo=UTC)),))
    write_approvals(root, "june", written)
    assert read_approvals(root, "june") == written


def test_no_folder_for_approvals_is_a_message(site: Path) -> None:
    digest = ask(site)
    (site / "approvals").write_text("a file")
    with pytest.raises(MailError):
        write_approvals(site, "june", ApprovalFile("id", LetterToApprove("", "", "", 0, "", "", "")))
    assert approve(site, digest)[0] == 3
