"""The issue's id decides which ledger is its own; others that know the same letter or people are named."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest
from msgspec.structs import replace

from generator.errors import MailError
from generator.model import Letter
from generator.newsletter.delivery.send import compare_plan
from tests.newsletter.conftest import make_letter, make_list, make_site
from tests.newsletter.mail_server import DROP, MailServer
from tests.newsletter.send_once import make_plan, send

DERIVED = [str(uuid5(UUID(int=7), name)) for name in ("content/newsletters/june.md", "content/newsletters/juni.md")]
LONG = "The lift is mended at last, and this is how long it took us to find the one screw that had come loose. " * 3


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_list(tmp_path / "list.csv", 4)
    return tmp_path


def renamed(letter: Letter, slug: str = "june-news", **changes: str) -> Letter:
    return replace(letter, slug=slug, url=f"http://127.0.0.1:9/newsletter/{slug}/", **changes)


def test_a_renamed_issue_goes_on_in_the_ledger_it_had(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        server.script = lambda step, *_: DROP if sum(server.accepted.values()) >= 2 and step != "QUIT" else None
        send(site)
        server.script = lambda *_: None
        with pytest.raises(MailError, match=r"Changed: slug, url.*--as-first-sent"):
            send(site, renamed(make_letter()))
        assert send(site, renamed(make_letter()), as_first_sent=True).summary == "4 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}
    assert [file.name for file in (site / "ledger").glob("*.sqlite")] == ["june.sqlite"]


@pytest.mark.parametrize("name", ["other.sqlite", "june.sqlite.bak", "june", "2026/june.sqlite", "JUNE (1).SQLITE"])
def test_a_renamed_ledger_is_found_again(site: Path, name: str) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        (site / "ledger" / name).parent.mkdir(exist_ok=True)
        (site / "ledger" / "june.sqlite").rename(site / "ledger" / name)
        assert send(site).summary == "4 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_two_ledgers_of_one_issue_are_refused_by_name(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        shutil.copyfile(site / "ledger" / "june.sqlite", site / "ledger" / "june copy.sqlite")
        with pytest.raises(MailError, match=r"more than one ledger.*june copy\.sqlite.*june\.sqlite"):
            send(site)


def test_a_second_ledger_elsewhere_is_refused(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        for chosen in (site / "late.sqlite", site / "elsewhere"):
            with pytest.raises(MailError, match=r"already has the ledger.*--add-new"):
                send(site, ledger=chosen)
        assert send(site, ledger=site / "ledger").complete
        assert send(site, ledger=site / "ledger" / "june.sqlite").complete
    assert set(server.accepted.values()) == {1}


def test_a_copy_of_an_issue_with_the_id_of_the_first_is_told_to_take_its_own(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        july = renamed(make_letter("<p>July.</p>", "All about July."), "july", title="July news")
        with pytest.raises(MailError, match=r"as \"June news\" \(ledger june\.sqlite\).*give it a new id"):
            send(site, july)


def test_another_issue_under_the_slug_of_an_older_one_is_refused(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        with pytest.raises(MailError, match=r"belongs to another issue: .June news. of 2026-06-30.*id: issue-june"):
            send(site, replace(make_letter("<p>New.</p>", "Something else."), id=str(uuid4())))


def test_the_same_letter_under_another_id_is_refused_for_the_same_people_alone(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        again = renamed(make_letter(), id=str(uuid4()))
        with pytest.raises(MailError, match=r"4 recipients of this list may already have this letter.*june\.sqlite"):
            compare_plan(make_plan(site, again))
        (site / "others.csv").write_text("address\nstranger@example.org\n")
        assert send(site, again, to=str(site / "others.csv")).summary == "1 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_a_renamed_and_corrected_issue_without_an_id_is_recognised(site: Path) -> None:
    first = replace(make_letter(text=LONG), id=DERIVED[0])
    second = renamed(replace(make_letter(text=LONG.replace("one screw", "two screws", 1)), id=DERIVED[1]), "juni")
    with MailServer() as server:
        make_site(site, server.port)
        send(site, first)
        with pytest.raises(MailError, match=f"add this id to its front matter: id: {DERIVED[0]}"):
            send(site, second)
        assert send(site, replace(second, id=str(uuid4()))).complete is True
    assert server.accepted["reader-0@example.org"] == 2, "an id of its own makes it another issue"


def test_other_issues_are_no_hindrance(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        for number in range(3):
            letter = renamed(make_letter(text=f"Issue {number} is about {number} things."), f"issue-{number}")
            assert send(site, replace(letter, id=str(uuid4()), subject=f"Issue {number}")).complete


def test_a_ledger_that_cannot_be_read_stops_every_sending(site: Path) -> None:
    (site / "ledger").mkdir()
    (site / "ledger" / "may.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    with MailServer() as server:
        make_site(site, server.port)
        with pytest.raises(MailError, match=r"may\.sqlite.*mail-ledger"):
            send(site)
    assert server.reached["connect"] == 0


def test_latecomers_are_added_to_the_same_ledger(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        (site / "late.csv").write_text("address\nreader-1@example.org\nnew@example.org\nNEW@example.org\n")
        plan = make_plan(site, to=str(site / "late.csv"), add_new=True)
        assert compare_plan(plan).expected == 1
        report = send(site, to=str(site / "late.csv"), add_new=True)
        assert report.summary == "5 sent, 0 failed, 0 uncertain"
        with pytest.raises(MailError, match="No one on this list is new"):
            send(site, to=str(site / "late.csv"), add_new=True)
        make_list(site / "list.csv", 6)
        assert send(site, add_new=True).summary == "7 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_there_are_no_latecomers_before_the_first_send(site: Path) -> None:
    make_site(site)
    with pytest.raises(MailError, match="has not been sent yet"):
        compare_plan(make_plan(site, add_new=True))


def test_a_dry_run_compares_the_list_as_the_real_send_does(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
    make_list(site / "list.csv", 5)
    (warned,) = compare_plan(make_plan(site)).problems
    assert (warned.code, warned.line) == ("mail-new", 6)
    (site / "list.csv").write_text("address\nstranger@example.org\n")
    with pytest.raises(MailError, match="No one on this list"):
        compare_plan(make_plan(site))
    make_list(site / "list.csv", 4)
    with pytest.raises(MailError, match="Changed: subject"):
        compare_plan(make_plan(site, replace(make_letter(), subject="News")))
