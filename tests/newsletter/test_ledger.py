"""The ledger keeps what is known of everybody, and nothing that names them."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields, replace

from generator.errors import MailError
from generator.model import Letter
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts, RecipientState
from generator.newsletter.message.sender import make_sender
from tests.newsletter.conftest import NOW, make_site

PEOPLE = [f"reader-{number}@example.org" for number in range(5)]


@pytest.fixture
def frozen(tmp_path: Path, letter: Letter) -> FrozenIssue:
    return FrozenIssue(letter, make_sender(make_site(tmp_path / "site")), NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger" / "june.sqlite"


def test_what_is_frozen_comes_back_whole(file: Path, frozen: FrozenIssue) -> None:
    with Ledger(file) as ledger:
        assert ledger.read_frozen() is None
        ledger.freeze_issue(frozen, PEOPLE)
    with Ledger(file) as ledger:
        assert ledger.read_frozen() == frozen
        assert ledger.count_recipients() == LedgerCounts(pending=5)
        assert ledger.list_ids(RecipientState.PENDING) == [ledger.hash_address(each) for each in PEOPLE]


def test_the_digest_tells_every_change_but_that_of_the_date(frozen: FrozenIssue) -> None:
    assert replace(frozen, date=NOW.replace(year=2027)).digest == frozen.digest
    for each in fields(frozen.letter):
        changed: Any = {"date": NOW.replace(year=2027), "pictures": ("x",)}.get(each.name, "x")
        assert replace(frozen, letter=replace(frozen.letter, **{each.name: changed})).digest != frozen.digest
    for each in fields(frozen.sender):
        other: Any = {each.name: 7}
        assert replace(frozen, sender=replace(frozen.sender, **other)).digest != frozen.digest


def test_a_claim_is_seen_by_others_at_once_and_outlives_its_process(file: Path, frozen: FrozenIssue) -> None:
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, PEOPLE)
        first, second, third, *_ = ledger.list_ids(RecipientState.PENDING)
        ledger.claim(first)
        ledger.record_result(first, RecipientState.SENT)
        ledger.claim(second)
        # as a killed process leaves it, and a person copies it: no close, the one file alone
        copy = file.parent / "copy.sqlite"
        copy.write_bytes(file.read_bytes())
    with Ledger(copy) as ledger:
        assert ledger.list_ids(RecipientState.CLAIMED) == [second]
        assert ledger.mark_claims_uncertain() == 1
        assert ledger.count_recipients() == LedgerCounts(pending=3, sent=1, uncertain=1)
        assert third in ledger.list_ids(RecipientState.PENDING)


@pytest.mark.parametrize(
    "state", [RecipientState.SENT, RecipientState.FAILED, RecipientState.UNCERTAIN, RecipientState.CLAIMED]
)
def test_only_who_is_pending_can_be_claimed(file: Path, frozen: FrozenIssue, state: RecipientState) -> None:
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, PEOPLE)
        id_ = ledger.hash_address(PEOPLE[0])
        ledger.claim(id_)
        ledger.record_result(id_, state)
        with pytest.raises(MailError, match="Wait until that program has finished"):
            ledger.claim(id_)
        with pytest.raises(MailError, match="Wait until that program has finished"):
            ledger.claim(ledger.hash_address("stranger@example.org"))


def test_a_claim_is_synchronised_with_the_disk_and_a_result_is_not(file: Path, frozen: FrozenIssue) -> None:
    asked: list[str] = []
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, PEOPLE)
        id_ = ledger.hash_address(PEOPLE[0])
        ledger._db.set_trace_callback(asked.append)
        synchronous = ledger._db.execute("PRAGMA synchronous").fetchone()
        ledger.claim(id_)
        claimed = len(asked)
        ledger.record_result(id_, RecipientState.SENT)
        assert ledger._db.execute("PRAGMA synchronous").fetchone() == synchronous == (2,)
    assert asked[claimed - 1] == "PRAGMA wal_checkpoint(FULL)", "the claim is in the ledger's own file"
    assert "PRAGMA synchronous = NORMAL" in asked[claimed]


def test_the_file_names_nobody_at_any_time(file: Path, frozen: FrozenIssue) -> None:
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, PEOPLE)
        for id_, state in zip(ledger.list_ids(RecipientState.PENDING), RecipientState, strict=True):
            ledger.claim(id_)
            ledger.record_result(id_, state, "550 RCPT")
        stored = b"".join(each.read_bytes() for each in file.parent.iterdir())
    stored += b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert b"reader-" not in stored
    assert b"frozen" in stored
    assert [each.name for each in file.parent.iterdir()] == ["june.sqlite"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_the_file_is_its_owner_s_alone(file: Path) -> None:
    with Ledger(file):
        assert {each.stat().st_mode & 0o777 for each in file.parent.iterdir()} == {0o600}


def test_two_ledgers_know_one_person_under_two_names(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.sqlite") as one, Ledger(tmp_path / "b.sqlite") as other:
        assert one.hash_address(PEOPLE[0]) != other.hash_address(PEOPLE[0])


def test_those_who_were_put_off_come_after_the_others(file: Path, frozen: FrozenIssue) -> None:
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, PEOPLE)
        first, *others = ledger.list_ids(RecipientState.PENDING)
        ledger.record_result(first, RecipientState.PENDING, "451 RCPT")
        assert ledger.list_ids(RecipientState.PENDING) == [*others, first]
        assert ledger.count_recipients() == LedgerCounts(pending=5, postponed=1)


def test_what_anybody_may_have_got_cannot_be_frozen_again(file: Path, frozen: FrozenIssue) -> None:
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, PEOPLE)
        ledger.freeze_issue(frozen, PEOPLE[:3])
        assert ledger.count_recipients() == LedgerCounts(pending=3)
        ledger.claim(ledger.hash_address(PEOPLE[0]))
        with pytest.raises(AssertionError):
            ledger.freeze_issue(frozen, PEOPLE)


@pytest.mark.parametrize("data", [b"not a database" * 100, b"SQLite format 3\0" + b"x" * 4096])
def test_a_damaged_file_is_refused_and_kept(file: Path, data: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(data)
    with pytest.raises(MailError, match="Do not delete it"):
        Ledger(file)
    assert file.read_bytes() == data


def test_a_ledger_of_another_version_is_refused(file: Path) -> None:
    with Ledger(file):
        pass
    with sqlite3.connect(file) as db:
        db.execute("UPDATE facts SET value = X'3939' WHERE name = 'format'")
    db.close()
    with pytest.raises(MailError, match="another version"):
        Ledger(file)


def test_somebody_else_s_database_is_refused(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE things (name TEXT)")
    db.close()
    with pytest.raises(MailError, match="mail-ledger"):
        Ledger(file)
