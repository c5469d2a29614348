"""The job that sends what is due is killed again and again, as CI does, beside a second one: nobody gets it twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import RecipientState
from tests.guards import HANG_S
from tests.newsletter.commands import make_sending_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.site_with_issue import issue
from tests.newsletter.test_kill import kill_at, slow

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

PEOPLE = [f"reader-{number}@example.org" for number in range(300)]
FOLDER = "content/newsletters"


def start(site: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "generator", "newsletter", "send", *words]
    named = [word for name in ("a", "b") for word in ("--to", str(site / f"lists/{name}.csv"))]
    how = ["--connections", "4", "--as-first-sent", "--site", str(site), "--ledger", str(site / "ledger")]
    typed = [*command, *named, *how]
    env = {**os.environ, "CI": "true"}
    return subprocess.Popen(typed, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_two_lists_four_connections_new_names_and_a_second_job(tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311 - repeatable, not secret
    written = issue(id="issue-june", send_at=f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%d %H:%M} +00:00")
    lists: dict[str, str | bytes] = {
        f"lists/{name}.csv": "address\n" + "\n".join(people) + "\n"
        for name, people in (("a", PEOPLE[:170]), ("b", PEOPLE[130:280]))
    }
    with MailServer(slow, keeps_mails=False, pipelining=True) as server:
        site = make_sending_site(tmp_path, server.port, "", {**lists, f"{FOLDER}/2026-06-01-june.md": written})
        (site / "ledger").mkdir()
        (site / "ledger/.gitkeep").touch()
        killed, name = 0, "2026-06-01-june"
        for turn in range(5):
            (site / FOLDER / f"{name}.md").rename(site / FOLDER / f"2026-06-0{turn + 2}-june-{turn}.md")
            name = f"2026-06-0{turn + 2}-june-{turn}"
            processes = [start(site, "--due", "--real") for _ in range(1 + turn % 2)]
            killed += sum(kill_at(each, server, (turn + 1) * 45, chance.random() * 0.02) for each in processes)
        assert killed >= 4
        last, err = start(site, "--due", "--real").communicate(timeout=HANG_S)
        (file,) = (site / "ledger").glob("*.sqlite")
        with Ledger(file) as ledger:
            known = {ledger.hash_address(person): person for person in PEOPLE}
            sent, doubtful = (
                {known[id_] for id_ in ledger.list_ids(state)}
                for state in (RecipientState.SENT, RecipientState.UNCERTAIN)
            )
        assert f"{len(sent)} sent, 0 failed, {len(doubtful)} uncertain" in last, err
        assert sent | doubtful == set(PEOPLE[:280]), "somebody was lost"
        assert sent <= server.accepted.keys()
        assert len(doubtful) <= 4 * killed, "one doubt for each connection and kill at most"
        assert server.accepted == Counter(dict.fromkeys(server.accepted, 1)), "somebody got it twice"

        (site / "lists/b.csv").write_text("address\n" + "\n".join(PEOPLE[130:]) + "\n")
        last, err = start(site, "--due", "--real").communicate(timeout=HANG_S)
        assert last == "No issue is due.\n", "people who join later are not sent to by a job"
        last, err = start(site, name, "--yes-send", "20", "--add-new").communicate(timeout=HANG_S)
        assert f"{len(sent) + 20} sent, 0 failed, {len(doubtful)} uncertain" in last, err
        assert server.accepted == Counter(dict.fromkeys(server.accepted, 1)), "somebody got it twice"
        assert set(PEOPLE) - doubtful <= server.accepted.keys()
    print(f"300 mails, {killed} kills, {len(doubtful)} in doubt, {len(doubtful & set(server.accepted))} had it")
