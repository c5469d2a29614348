"""What version 0.1 left on the disk still works: a half-finished sending, and the feeds' permanent identifiers."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from generator.newsletter.delivery.ledger_values import LedgerCounts
from generator.newsletter.delivery.send import compare_plan
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.send_once import make_plan, send

REPOSITORY = Path(__file__).parents[2]
# All of this is written out, and must never change: it is what files of version 0.1 hold.
KEY = bytes(range(32))
TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE recipients (id BLOB PRIMARY KEY, place INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL)
    WITHOUT ROWID;
"""
FROZEN = (
    '{"letter":{"slug":"june","id":"issue-june","title":"June news","subject":"June news: the lift is mended",'
    '"preheader":"And the stairs.","date":"2026-06-30T09:00:00Z","url":"http://127.0.0.1:9/newsletter/june/",'
    r'"html":"<html lang=\"en\"><body><p>Good news: the lift is mended. Ünïcode, too.</p>'
    r'<p><a href=\"{{openletter-unsubscribe}}\">Unsubscribe</a></p></body></html>",'
    r'"text":"Good news: the lift is mended.\n\nUnsubscribe: {{openletter-unsubscribe}}\n","pictures":[]},'
    '"sender":{"name":"The Office","address":"office@example.org","list_name":"Letters","list_id":"news.example.org",'
    '"unsubscribe":"https://lists.example.org/leave","one_click":true,"subscribe":"",'
    '"archive":"https://letters.example.org/newsletter/","help":"mailto:office@example.org?subject=help"},'
    '"date":"2026-06-29T08:00:00Z"}'
)
STATES = {
    0: ("sent", ""),
    1: ("sent", ""),
    2: ("sent", ""),
    3: ("claimed", ""),  # the process was killed while it sent this one
    4: ("failed", "550 RCPT"),
    5: ("pending", "451 RCPT"),
    6: ("pending", ""),
    7: ("pending", ""),
}
"""Reader → state and reason."""
MESSAGE_IDS = {
    5: "<5eb1ecaa9b0761298d94f5b1287b610d34bccb4b@example.org>",
    6: "<b52783dda3da64342cae4b3e957e552fb1bfb457@example.org>",
    7: "<9fc85ab9d71fa3b74d7dd58e1a52dd736edff505@example.org>",
}


AS_BEFORE: dict[str, Any] = {"as_first_sent": True}  # 0.1 let one_click stand beside an address that names nobody


def write_old_ledger(file: Path) -> None:
    """Write a ledger as version 0.1 did, of a sending that was killed."""
    file.parent.mkdir()
    db = sqlite3.connect(file)
    with db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(TABLES)
        facts = {"format": b"1", "key": KEY, "frozen": FROZEN.encode(), "owner": b"process 1 on host, since then"}
        db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        for reader, (state, reason) in STATES.items():
            id_ = hashlib.blake2b(address(reader).encode(), key=KEY, digest_size=16).digest()
            db.execute("INSERT INTO recipients VALUES (?, ?, ?, ?)", (id_, reader, state, reason))
    db.close()


def address(reader: int) -> str:
    return f"reader-{reader}@example.org"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_list(tmp_path / "list.csv", len(STATES))
    make_site(tmp_path)
    write_old_ledger(tmp_path / "ledger" / "june.sqlite")
    return tmp_path


def test_a_ledger_of_01_is_read_as_it_was_written(site: Path) -> None:
    assert compare_plan(make_plan(site, **AS_BEFORE)).counts == LedgerCounts(
        pending=3, postponed=1, claimed=1, sent=3, failed=1
    )


def test_a_sending_that_01_began_is_finished_and_nobody_gets_it_twice(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        assert send(site, **AS_BEFORE).summary == "6 sent, 1 failed, 1 uncertain"
        assert server.accepted == {address(reader): 1 for reader in MESSAGE_IDS}
        assert send(site, **AS_BEFORE).summary == "6 sent, 1 failed, 1 uncertain"
        assert sum(server.accepted.values()) == 3
        assert (
            send(site, **AS_BEFORE, resend_uncertain=True, retry_failed=True).summary == "8 sent, 0 failed, 0 uncertain"
        )
    assert server.accepted == {address(reader): 1 for reader, (state, _) in STATES.items() if state != "sent"}


def test_the_rest_of_the_messages_have_the_date_and_the_ids_that_01_would_have_given_them(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site, **AS_BEFORE)
    messages = [server.message(at) for at in range(len(MESSAGE_IDS))]
    assert {str(each["Message-ID"]) for each in messages} == set(MESSAGE_IDS.values())
    assert {str(each["Date"]) for each in messages} == {"Mon, 29 Jun 2026 08:00:00 +0000"}


def test_a_ledger_that_was_taken_over_keeps_what_01_wrote_and_is_refused_by_01(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site, **AS_BEFORE)
    db = sqlite3.connect(site / "ledger" / "june.sqlite")
    facts = dict(db.execute("SELECT name, value FROM facts"))
    states = {state for (state,) in db.execute("SELECT state FROM recipients")}
    db.close()
    assert (set(facts), facts["format"], facts["key"]) == (
        {"day", "format", "key", "frozen", "owner", "sum"},
        b"2",
        KEY,
    )
    assert json.loads(facts["frozen"]) == json.loads(FROZEN)
    assert states == {"sent", "failed", "uncertain"}


SITE = {
    "site.toml": 'title = "Letters"\nurl = "https://letters.example.org/blog/"\ntimezone = "Europe/London"\n',
    "content/posts/2026-05-02-lift.md": "---\ntitle: The lift\n---\nIt goes up.\n",
    "content/posts/2026-05-03-stairs.md": (
        "---\ntitle: The stairs\nid: 6f1c7f0e-2f6b-4b1f-9a56-0d6a4c1f7b11\n---\nThey are steep.\n"
    ),
    "content/newsletters/2026-06-01-june.md": (
        "---\ntitle: June news\nsubject: June news\nposts: [lift, stairs]\n---\nDear all.\n"
    ),
}
GUIDS = {
    "feed.xml": ["6f1c7f0e-2f6b-4b1f-9a56-0d6a4c1f7b11", "bfc400a9-bfc0-5acc-af0e-bd4c9d0fa69e"],
    "newsletter/feed.xml": ["916c7d05-184b-51b3-873f-dafd6eeeace7"],
}
"""Feed → the guids version 0.1 gave its entries, newest first."""


def test_feed_readers_see_no_entry_twice(tmp_path: Path) -> None:
    for path, text in SITE.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "generator", "build", "--site", str(tmp_path), "--at", "2026-06-30T09:00:00+00:00"]
    subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY)
    for path, guids in GUIDS.items():
        output = tmp_path / "preview"
        assert [each.text for each in ET.parse(output / path).iter("guid")] == guids
        atom = ET.parse(output / path.replace("feed.xml", "atom.xml"))
        entries = atom.iterfind("a:entry/a:id", {"a": "http://www.w3.org/2005/Atom"})
        assert [each.text for each in entries] == [f"urn:uuid:{guid}" for guid in guids]
        items = json.loads((output / path.replace("feed.xml", "feed.json")).read_text("utf-8"))["items"]
        assert [each["id"] for each in items] == guids
