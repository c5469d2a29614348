"""A ledger that is damaged, renamed, copied or cut short never leads to a second mail: it refuses, or it knows."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator.errors import MailError
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts, RecipientState
from generator.newsletter.message.sender import make_sender
from tests.newsletter.conftest import NOW, make_letter, make_list, make_site
from tests.newsletter.mail_server import DROP, MailServer
from tests.newsletter.send_once import send

PEOPLE = 40
DAMAGES = 300
Damage = Callable[[bytearray, random.Random], None]


def flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 16] = chance.randbytes(min(16, len(data) - at))


def blank(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(0, len(data), 512)
    data[at : at + 512] = bytes(len(data[at : at + 512]))


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def lose_a_block(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(0, len(data), 4096)
    del data[at : at + 4096]


def append(data: bytearray, chance: random.Random) -> None:
    data += chance.randbytes(chance.choice((1, 100, 4096)))


def swap_blocks(data: bytearray, chance: random.Random) -> None:
    one, other = chance.sample(range(0, len(data), 4096), 2)
    data[one : one + 4096], data[other : other + 4096] = data[other : other + 4096], data[one : one + 4096]


def change_a_state(data: bytearray, chance: random.Random) -> None:
    """Change a byte where sqlite notices nothing: within a value."""
    at = data.find(b"sent", chance.randrange(len(data)))
    at = data.find(b"sent") if at < 0 else at
    data[at : at + 4] = b"tens"


KINDS: tuple[Damage, ...] = (flip, flip, overwrite, blank, cut, lose_a_block, append, swap_blocks, change_a_state)


def write_ledger(file: Path, tmp_path: Path) -> None:
    """Write a ledger of a sending that stopped midway: some have it, one may have it, the rest waits."""
    frozen = FrozenIssue(make_letter(), make_sender(make_site(tmp_path / "other")), NOW)
    with Ledger(file) as ledger:
        ledger.freeze_issue(frozen, [f"reader-{number}@example.org" for number in range(PEOPLE)])
        for number, id_ in enumerate(ledger.list_ids(RecipientState.PENDING)[: PEOPLE // 2]):
            ledger.claim(id_)
            if number:
                ledger.record_result(id_, RecipientState.SENT)


def content(file: Path) -> tuple[LedgerCounts, FrozenIssue | None, list[list[bytes]]]:
    with LedgerReader(file) as ledger:
        return ledger.count_recipients(), ledger.read_frozen(), [ledger.list_ids(state) for state in RecipientState]


def damages(seed: int) -> Iterator[tuple[Damage, random.Random]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for number in range(DAMAGES):
        yield KINDS[number % len(KINDS)], chance


@pytest.mark.parametrize("sealed", [True, False], ids=["between-two-runs", "after-a-crash"])
def test_a_damaged_ledger_is_refused_unless_all_it_says_is_still_there(tmp_path: Path, sealed: bool) -> None:
    file = tmp_path / "ledger" / "june.sqlite"
    write_ledger(file, tmp_path)
    if not sealed:
        with sqlite3.connect(file) as db:
            db.execute("PRAGMA user_version = 0")
        db.close()
    good, told = file.read_bytes(), content(file)
    refused = 0
    for damage, chance in damages(13):
        data = bytearray(good)
        damage(data, chance)
        for companion in file.parent.glob("june.sqlite-*"):
            companion.unlink()
        file.write_bytes(data)
        try:
            assert content(file) == told, f"{damage.__name__} changed what the ledger says"
            assert not sealed or data == good, f"{damage.__name__} changed a byte"
        except MailError:
            refused += 1
    print(f"{DAMAGES} damages, {refused} refused, {DAMAGES - refused} in bytes that hold nothing or not changed")


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", bytes(4096)])
def test_a_ledger_that_holds_nothing_is_refused(tmp_path: Path, data: bytes) -> None:
    make_list(tmp_path / "list.csv", 3)
    file = tmp_path / "ledger" / "june.sqlite"
    file.parent.mkdir()
    file.write_bytes(data)
    with MailServer() as server:
        make_site(tmp_path, server.port)
        with pytest.raises(MailError, match="mail-ledger"):
            send(tmp_path)
    assert server.reached["connect"] == 0
    assert file.read_bytes() == data


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "june.sqlite") as db:
        db.execute("PRAGMA user_version = 1")
    db.close()
    with pytest.raises(MailError, match="it is empty"):
        Ledger(tmp_path / "june.sqlite")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE recipients SET state = 'pending' WHERE state = 'sent'",
        "DELETE FROM recipients WHERE state = 'sent'",
        "UPDATE facts SET value = x'00' WHERE name = 'sum'",
        "DELETE FROM facts WHERE name = 'frozen'",
        "UPDATE facts SET value = zeroblob(32) WHERE name = 'key'",
        "UPDATE recipients SET place = place + 1",
        "DELETE FROM recipients",
    ],
)
def test_rows_that_sqlite_finds_in_order_are_checked_too(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "ledger" / "june.sqlite"
    write_ledger(file, tmp_path)
    with sqlite3.connect(file) as db:
        db.execute(statement)
        db.execute("PRAGMA user_version = 0")  # as while somebody sends
    db.close()
    with pytest.raises(MailError, match="damaged"):
        Ledger(file)


def half_sent(site: Path, server: MailServer) -> None:
    make_list(site / "list.csv", 6)
    make_site(site, server.port)
    server.script = lambda step, *_: (
        DROP if sum(server.accepted.values()) >= 3 and step in ("connect", "MAIL") else None
    )
    assert send(site).counts.sent == 3
    server.script = lambda *_: None


@pytest.mark.slow
def test_whatever_is_damaged_nobody_gets_the_issue_twice(tmp_path: Path) -> None:
    refused = 0
    with MailServer(keeps_mails=False) as server:
        half_sent(tmp_path, server)
        file, served = tmp_path / "ledger" / "june.sqlite", dict(server.accepted)
        good = file.read_bytes()
        for damage, chance in damages(6):
            data = bytearray(good)
            damage(data, chance)
            shutil.rmtree(file.parent)
            file.parent.mkdir()
            file.write_bytes(data)
            server.accepted.clear()
            server.accepted.update(served)
            try:
                send(tmp_path)
            except MailError:
                refused += 1
            assert set(server.accepted.values()) == {1}, damage.__name__
    print(f"{DAMAGES} damages, {refused} refused")


SLUGS = ("june", "june-news", "2026-06", "june-2", "newsletter-june")
NAMES = ("june.sqlite", "old.sqlite", "june (1).sqlite", "JUNE.SQLITE", "june.sqlite.bak", "2026/june.sqlite", "june")


@pytest.mark.slow
def test_whatever_is_renamed_or_copied_nobody_gets_the_issue_twice(tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311 - repeatable, not secret
    refused = 0
    for number in range(50):
        root = tmp_path / str(number)
        root.mkdir()
        with MailServer(keeps_mails=False) as server:
            half_sent(root, server)
            for _ in range(chance.randrange(1, 4)):
                move_or_copy(root / "ledger", chance)
            slug = chance.choice(SLUGS)
            letter = replace(make_letter(), slug=slug, url=f"http://127.0.0.1:9/newsletter/{slug}/")
            try:
                send(root, letter, as_first_sent=chance.random() < 0.7)
            except MailError:
                refused += 1
            assert set(server.accepted.values()) == {1}, (number, slug, sorted((root / "ledger").iterdir()))
    print(f"50 renames and copies, {refused} refused")


def move_or_copy(folder: Path, chance: random.Random) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.endswith(".lock"))
    target = folder / chance.choice(NAMES)
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        (shutil.copyfile if chance.random() < 0.4 else shutil.move)(chance.choice(files), target)
