"""The process that sends is killed at any moment, again and again: nobody gets the issue twice, nobody is forgotten."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import RecipientState
from tests.guards import HANG_S, wait_until
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import DROP, Fault, MailServer, nothing_fails

REPOSITORY = Path(__file__).parents[2]
KILLS = int(os.environ.get("SOAK_KILLS", "10"))
MAILS = int(os.environ.get("SOAK_MAILS", "1000"))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def start(root: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.newsletter.send_once", str(root), *options],
        cwd=REPOSITORY,
        env={key: value for key, value in os.environ.items() if key != "CI"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], timeout_s: float = HANG_S) -> tuple[str, str]:
    out, err = process.communicate(timeout=timeout_s)
    return out.strip().rpartition("\n")[2], err


def addresses(root: Path, state: RecipientState) -> set[str]:
    with Ledger(root / "ledger" / "june.sqlite") as ledger:
        people = {f"reader-{number}@example.org" for number in range(MAILS)}
        known = {ledger.hash_address(person): person for person in people}
        return {known[id_] for id_ in ledger.list_ids(state)}


def kill_at(process: subprocess.Popen[str], server: MailServer, accepted: int, later_s: float) -> bool:
    """Kill the process when the server has taken on so many mails, or a little later; False when it ended before."""
    end = time.monotonic() + HANG_S
    while sum(server.accepted.values()) < accepted and process.poll() is None:
        assert time.monotonic() < end, f"{sum(server.accepted.values())} of {accepted} mails have come"
        time.sleep(0.0002)
    time.sleep(later_s)
    ended = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=HANG_S)
    return not ended


def often_interrupted(root: Path, server: MailServer, chance: random.Random) -> int:
    """Start and kill; give how often it was killed."""
    killed = 0
    for turn in range(KILLS):
        process = start(root)
        if turn % 4 == 3:  # while it starts, opens the ledger or connects
            killed += kill_at(process, server, 0, chance.random() * 0.6)
        else:
            target = (turn + 1) * MAILS // (KILLS + 1)
            killed += kill_at(process, server, target, chance.random() * 0.008)
    return killed


def bad(step: str, count: int, argument: str) -> Fault:
    if step in ("MAIL", "RCPT", "DATA") and count % 97 == 13:
        return "451 4.3.0 later"
    return DROP if step in ("EHLO", "RCPT", "answered") and count % 83 == 7 else None


def slow(step: str, count: int, argument: str) -> Fault:
    """Take a mail on at once, and a moment to say so: most kills fall between the two."""
    return 0.008 if step == "kept" else None


SERVERS = {"good-server": nothing_fails, "bad-server": bad, "slow-server": slow}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["good-server", "bad-server", "slow-server"])
def test_a_sending_that_is_killed_at_any_moment(tmp_path: Path, kind: str) -> None:
    chance = random.Random(6)  # noqa: S311 - repeatable, not secret
    make_list(tmp_path / "list.csv", MAILS)

    with MailServer(SERVERS[kind], keeps_mails=False) as server:
        make_site(tmp_path, server.port)
        killed = often_interrupted(tmp_path, server, chance)
        assert killed >= KILLS * 0.9
        last, err = finish(start(tmp_path))
        sent, uncertain = addresses(tmp_path, RecipientState.SENT), addresses(tmp_path, RecipientState.UNCERTAIN)
        assert last == f"{len(sent)} sent, 0 failed, {len(uncertain)} uncertain", err
        assert len(sent) + len(uncertain) == MAILS
        assert server.accepted == Counter(dict.fromkeys(server.accepted, 1)), "somebody got it twice"
        assert sent <= server.accepted.keys(), "somebody was said to have it, and has not"
        assert len(uncertain) <= killed, "one doubt a kill at most"
        accepted = set(server.accepted)
        print(f"{MAILS} mails, {killed} kills, {len(uncertain)} in doubt, {len(uncertain & accepted)} had it")

        last, err = finish(start(tmp_path, "resend_uncertain"))
        assert last == f"{MAILS} sent, 0 failed, 0 uncertain", err
        twice = {person for person, times in server.accepted.items() if times > 1}
        assert len(server.accepted) == MAILS, "somebody was lost"
        assert twice == uncertain & accepted, "only who was in doubt, and only because a person said so"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["good-server", "slow-server"])
def test_the_one_file_of_the_ledger_is_enough_after_a_kill(tmp_path: Path, kind: str) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    make_list(tmp_path / "list.csv", MAILS)
    removed = 0
    with MailServer(SERVERS[kind], keeps_mails=False) as server:
        make_site(tmp_path, server.port)
        for turn in range(KILLS):
            kill_at(start(tmp_path), server, (turn + 1) * MAILS // (KILLS * 2), chance.random() * 0.02)
            for companion in (tmp_path / "ledger").glob("june.sqlite-*"):
                removed += companion.name.endswith("-wal") and companion.stat().st_size > 0
                companion.unlink()
        last, err = finish(start(tmp_path))
        assert removed, "there was a log to lose"
        assert server.accepted == Counter(dict.fromkeys(server.accepted, 1)), "somebody got it twice"
        sent, uncertain = (addresses(tmp_path, state) for state in (RecipientState.SENT, RecipientState.UNCERTAIN))
        assert sent <= server.accepted.keys()
        assert len(sent) + len(uncertain) == MAILS, (last, err)
    print(f"{MAILS} mails, {KILLS} kills, {removed} logs removed, {len(uncertain)} uncertain")


@pytest.mark.slow
def test_four_connections_two_lists_a_new_name_and_new_people(tmp_path: Path) -> None:
    """Everything at once: killed again and again, under another slug each time, and new people at the end."""
    chance = random.Random(8)  # noqa: S311 - repeatable, not secret
    people = [f"reader-{number}@example.org" for number in range(400)]
    for name, part in (("a", people[:220]), ("b", people[180:380]), ("new", people[360:])):
        (tmp_path / f"{name}.csv").write_text("address\n" + "\n".join(part) + "\n")
    lists = f"to={tmp_path / 'a.csv'},{tmp_path / 'b.csv'}"
    killed = 0
    with MailServer(slow, keeps_mails=False, pipelining=True) as server:
        make_site(tmp_path, server.port)
        for turn in range(6):
            process = start(tmp_path, "connections=4", lists, f"slug=june-{turn}", "as_first_sent")
            killed += kill_at(process, server, (turn + 1) * 50, chance.random() * 0.02)
        assert killed >= 5
        last, err = finish(start(tmp_path, "connections=4", lists, "slug=july", "as_first_sent"))
        with Ledger(next((tmp_path / "ledger").glob("*.sqlite"))) as ledger:
            known = {ledger.hash_address(person): person for person in people}
            sent, doubtful = (
                {known[id_] for id_ in ledger.list_ids(state)}
                for state in (RecipientState.SENT, RecipientState.UNCERTAIN)
            )
        assert last == f"{len(sent)} sent, 0 failed, {len(doubtful)} uncertain", err
        assert sent | doubtful == set(people[:380])
        assert not sent & doubtful
        assert sent <= server.accepted.keys()
        assert len(doubtful) <= 4 * killed, "one doubt for each connection and kill at most"
        new = f"to={tmp_path / 'a.csv'},{tmp_path / 'b.csv'},{tmp_path / 'new.csv'}"
        last, err = finish(start(tmp_path, "connections=4", new, "slug=august", "as_first_sent", "add_new"))
        assert last == f"{len(sent) + 20} sent, 0 failed, {len(doubtful)} uncertain", err
        assert server.accepted == Counter(dict.fromkeys(server.accepted, 1)), "somebody got it twice"
        assert set(people) - doubtful <= server.accepted.keys(), "somebody was lost"
        accepted = set(server.accepted)
        last, err = finish(start(tmp_path, "connections=4", new, "slug=august", "as_first_sent", "resend_uncertain"))
        assert last == "400 sent, 0 failed, 0 uncertain", err
        assert {person for person, times in server.accepted.items() if times > 1} == doubtful & accepted
    assert len(list((tmp_path / "ledger").glob("*.sqlite"))) == 1
    print(f"400 mails, {killed} kills, {len(doubtful)} in doubt, {len(doubtful & accepted)} had it")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_mails(tmp_path: Path) -> None:
    peaks = {}
    for count in (100, 2000):
        root = tmp_path / str(count)
        with MailServer(keeps_mails=False) as server:
            make_site(root, server.port)
            make_list(root / "list.csv", count)
            line, err = finish(start(root, "tell_memory"))
        assert line == f"{count} sent, 0 failed, 0 uncertain", err
        peaks[count] = int(err.rsplit("peak_kb=", 1)[1])
    assert (peaks[2000] - peaks[100]) / 1900 < 3, "kilobytes for each recipient: its line of the list, nothing more"


@pytest.mark.slow
def test_two_senders_at_once(tmp_path: Path) -> None:
    make_list(tmp_path / "list.csv", 300)
    with MailServer(keeps_mails=False) as server:
        make_site(tmp_path, server.port)
        first = start(tmp_path)
        wait_until(lambda: server.accepted, "a mail comes")
        first.send_signal(signal.SIGSTOP)  # it may be done before the others have begun
        others = [start(tmp_path) for _ in range(3)]
        said = [finish(other) for other in others]
        first.send_signal(signal.SIGCONT)
        line, _ = finish(first)
    assert all(f"already being sent by process {first.pid} on" in err for _, err in said), said
    assert [out for out, _ in said] == ["", "", ""]
    assert line == "300 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_sending_that_is_asked_to_stop_finishes_the_mail_at_hand(tmp_path: Path, number: signal.Signals) -> None:
    make_list(tmp_path / "list.csv", 500)
    with MailServer(keeps_mails=False) as server:
        make_site(tmp_path, server.port)
        process = start(tmp_path)
        wait_until(lambda: server.accepted, "a mail comes")
        process.send_signal(number)
        line, err = finish(process)
        sent = sum(server.accepted.values())
        assert line == f"{sent} sent, 0 failed, 0 uncertain", err
        assert 0 < sent < 500
        assert finish(start(tmp_path))[0] == "500 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}
