"""Where a ledger may lie, and who holds it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.errors import MailError
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_file import (
    describe_process,
    locate_ledger,
    lock_ledger,
    refuse_temporary_ledger,
)

ISSUE = "issue-june"


def test_a_ledger_lies_in_the_site_or_where_a_file_or_folder_is_named(tmp_path: Path) -> None:
    assert locate_ledger(tmp_path, "june", None) == tmp_path / "ledger" / "june.sqlite"
    assert locate_ledger(tmp_path, "june", tmp_path / "kept") == tmp_path / "kept" / "june.sqlite"
    assert locate_ledger(tmp_path, "june", tmp_path / "kept.sqlite") == tmp_path / "kept.sqlite"
    (tmp_path / "odd.sqlite").mkdir()
    assert locate_ledger(tmp_path, "june", tmp_path / "odd.sqlite") == tmp_path / "odd.sqlite" / "june.sqlite"


@pytest.mark.parametrize("chosen", [".openletter", ".openletter/june.sqlite", "kept/../.openletter/x.sqlite"])
def test_a_ledger_never_lies_in_the_state(tmp_path: Path, chosen: str) -> None:
    with pytest.raises(MailError, match="may be deleted"):
        locate_ledger(tmp_path, "june", tmp_path / chosen)


def test_a_ledger_does_not_reach_the_state_by_a_link(tmp_path: Path) -> None:
    (tmp_path / ".openletter").mkdir()
    (tmp_path / "ledger").symlink_to(tmp_path / ".openletter")
    with pytest.raises(MailError, match="may be deleted"):
        locate_ledger(tmp_path, "june", None)


@pytest.mark.parametrize("value", ["true", "1", "woodpecker"])
def test_ci_must_say_where_the_ledger_lives_and_have_restored_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(MailError, match="--ledger"):
        refuse_temporary_ledger(tmp_path, None)
    folder = tmp_path / "kept"
    for chosen in (folder, folder / "june.sqlite"):
        for restored in (False, True):
            if restored:
                folder.mkdir()
            with pytest.raises(MailError, match="has no ledgers"):
                refuse_temporary_ledger(tmp_path, chosen)
        (folder / ".gitkeep").touch()
        refuse_temporary_ledger(tmp_path, chosen)
        shutil.rmtree(folder)


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_a_desk_is_no_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CI", value)
    refuse_temporary_ledger(tmp_path, None)
    refuse_temporary_ledger(tmp_path, tmp_path / "none")


def test_the_second_to_hold_a_ledger_is_told_who_does(tmp_path: Path) -> None:
    file = tmp_path / "ledger" / "june.sqlite"
    with lock_ledger(file, ISSUE), Ledger(file) as ledger:
        ledger.record_owner(describe_process(datetime(2026, 6, 30, 9, 15, tzinfo=UTC)))
        with (
            pytest.raises(MailError, match=r"by process \d+ on .+, since 2026-06-30 09:15 UTC"),
            lock_ledger(file, ISSUE),
        ):
            pass
    with lock_ledger(file, ISSUE):
        pass


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file")
    with (
        pytest.raises(MailError, match="cannot be used"),
        lock_ledger(tmp_path / "ledger" / "june.sqlite", ISSUE),
    ):
        pass
