"""A ledger that is gone from its place is noticed on the computer that sent the issue: nobody gets it twice."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import MailError
from generator.newsletter.delivery.begun_issues import FILE
from generator.newsletter.delivery.ledger_file import STATE_FOLDER
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.send_once import make_plan, send


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_list(tmp_path / "list.csv", 3)
    return tmp_path


def move_folder(site: Path) -> None:
    (site / "ledger").rename(site / "archive")


def move_file(site: Path) -> None:
    (site / "archive").mkdir()
    (site / "ledger/june.sqlite").rename(site / "archive/june.sqlite")


def replace_by_another(site: Path) -> None:
    move_file(site)
    (site / "ledger/notes.txt").write_text("The ledgers are in the archive.")


def pack_file(site: Path) -> None:
    file = site / "ledger/june.sqlite"
    file.with_suffix(".sqlite.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()


LOSSES: dict[str, Callable[[Path], None]] = {
    "the folder was moved": move_folder,
    "the file was moved": move_file,
    "the folder holds other files": replace_by_another,
    "the file was deleted": lambda site: (site / "ledger/june.sqlite").unlink(),
    "the folder was deleted": lambda site: shutil.rmtree(site / "ledger"),
    "the file was packed": pack_file,
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_ledger_that_is_gone_is_missed(site: Path, loss: str) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        LOSSES[loss](site)
        for run in (send, make_plan):
            with pytest.raises(MailError, match=r"sent this issue on .*june\.sqlite") as refusal:
                run(site)
            assert [problem.code for problem in refusal.value.problems] == ["mail-ledger-gone"]
    assert set(server.accepted.values()) == {1}


def test_a_ledger_elsewhere_is_named_for_the_command(site: Path) -> None:
    elsewhere = site / "elsewhere/june.sqlite"
    with MailServer() as server:
        make_site(site, server.port)
        send(site, ledger=elsewhere)
        with pytest.raises(MailError, match=f"Add --ledger {elsewhere}"):
            send(site)
        assert send(site, ledger=elsewhere).summary == "3 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_a_ledger_that_was_put_back_goes_on(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
        move_folder(site)
        with pytest.raises(MailError):
            send(site)
        (site / "archive").rename(site / "ledger")
        assert send(site).summary == "3 sent, 0 failed, 0 uncertain"


def test_an_issue_that_reached_no_one_may_begin_again(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        server.script = lambda step, *_: "550 5.7.1 not from you" if step == "MAIL" else None
        send(site)
        shutil.rmtree(site / "ledger")
        server.script = lambda *_: None
        assert send(site).summary == "3 sent, 0 failed, 0 uncertain"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_a_damaged_list_is_begun_again(site: Path, data: bytes) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        (site / STATE_FOLDER).mkdir(exist_ok=True)
        (site / STATE_FOLDER / FILE).write_bytes(data)
        assert send(site).summary == "3 sent, 0 failed, 0 uncertain"
        shutil.rmtree(site / "ledger")
        with pytest.raises(MailError, match="sent this issue"):
            send(site)


def test_a_list_that_cannot_be_written_sends_nothing(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        shutil.rmtree(site / STATE_FOLDER, ignore_errors=True)
        (site / STATE_FOLDER).write_text("a file")
        with pytest.raises(MailError, match=r"begun\.json cannot be written"):
            send(site)
    assert not server.accepted
