"""The month that docs/newsletter.md describes, by exactly its commands: written, approved, sent, bounced, reported."""

from __future__ import annotations

import csv
import functools
import http.server
import mailbox
import os
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frontmatter
import pytest
import yaml

from generator.newsletter.delivery.ledger_reader import LedgerReader
from tests.factories import post, write_files
from tests.newsletter.mail_server import MailServer
from tests.newsletter.site_with_issue import picture
from tests.newsletter.test_bounces import COMPLAINT, HOLIDAY, REPORT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it types into a terminal of Unix")
PAGE = Path(__file__).parents[2] / "docs/newsletter.md"
SECTION = "## A month, command by command\n"
DIGEST = "4f6c0d2a91be"
"""The digest in the documented command, which every letter has another one of."""
READERS = 200
KEY = "a key of more than twenty characters"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documented(language: str) -> list[str]:
    """List the fenced texts of the section in a language; "" are commands."""
    section = PAGE.read_text("utf-8").partition(SECTION)[2].partition("\n## ")[0]
    return [text for name, text in _FENCE.findall(section) if name == language]


@contextmanager
def terminal(typed: str) -> Iterator[int]:
    """Give a terminal on which somebody has typed a line; no terminal if it is empty."""
    if not typed:
        yield subprocess.DEVNULL
        return
    person, program = os.openpty()
    os.write(person, typed.encode())
    yield program
    os.close(program)
    os.close(person)


@dataclass
class Month:
    """The site, the mail server, and what each command said, by its line."""

    root: Path
    server: MailServer
    said: dict[str, str] = field(default_factory=dict)

    def run(self, line: str, typed: str = "") -> str:
        """Run a documented command as a person would, in the site's folder."""
        words = shlex.split(line.replace(DIGEST, self.digest))
        assert words[0] == "openletter"
        command = [sys.executable, "-m", "generator", *words[1:]]
        keep = {name: value for name, value in os.environ.items() if name != "CI"}
        environment = {**keep, "OPENLETTER_LIST_KEY": KEY, "TMPDIR": str(self.root.parent)}
        with terminal(typed) as keyboard:
            done = subprocess.run(
                command, cwd=self.root, env=environment, stdin=keyboard, capture_output=True, text=True, timeout=600
            )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        self.said[line] = done.stdout
        return self.said[line]

    @property
    def digest(self) -> str:
        """The digest that ask-approval has said."""
        told = next((text for line, text in self.said.items() if " ask-approval " in line), "")
        return next(iter(re.findall(r"\b[0-9a-f]{12}\b", told)), DIGEST)

    def mails(self, subject: str) -> dict[str, EmailMessage]:
        """Return the messages with a subject, by recipient."""
        found = {}
        for data in self.server.mails:
            message = BytesParser(policy=default).parsebytes(data)
            assert isinstance(message, EmailMessage)
            if str(message["Subject"]) == subject:
                found[str(message["To"].addresses[0].addr_spec)] = message
        return found


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve the published site on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def write_desk(root: Path, url: str, port: int, readers: int) -> None:
    """Write the site of the service desk: six posts of the month, two with an event, and September's issue."""
    settings = documented("toml")[0].replace('host = "smtp.example.org"', f'host = "127.0.0.1"\nport = {port}')
    settings = settings.replace("[contact]", 'security = "none"\n\n[contact]').replace("approvals = 1\n", "")
    settings += f'[publish.web]\ntype = "folder"\npath = "{(root.parent / "web").as_posix()}"\n'
    toml = root / "site.toml"
    text = re.sub(r"(?m)^url = .*$", f'url = "{url}"', toml.read_text("utf-8"))
    toml.write_text(f"{text}\n{settings}", encoding="utf-8")
    for example in (root / "content/posts").glob("*-welcome.md"):
        example.unlink()
    today = date.today()
    titles = ("The desk moves", "Printing", "A clinic", "Slow laptops", "Opening hours", "Passwords")
    posts: dict[str, str | bytes] = {}
    for days, title in enumerate(titles, 1):
        more = {"event": {"start": f"{today + timedelta(14)} 08:00", "place": f"Hall {days}"}} if days < 3 else {}
        name = f"{today - timedelta(days)}-{title.lower().replace(' ', '-')}"
        shown = {"summary": f"{title}, in a line.", "image": "/a.jpg", "image_alt": "The desk"}
        posts[f"content/posts/{name}.md"] = post(title, "Text.", **shown, **more)
    months = [
        f"{today.year - (number > today.month - 1)}-{(today.month - 1 - number) % 12 + 1:02}" for number in range(12)
    ]
    values = ",".join(str(value) for value in range(51, 39, -1))
    table = f"label,unit,better,goal,{','.join(reversed(months))}\nto answer,s,lower,60,{values}\n"
    old = today - timedelta(31)
    rows = "".join(f"reader-{n}@example.org,Reader {n},{'North' if n % 2 else 'South'}\n" for n in range(readers))
    changes = [{"what": "Telephone menu", "state": "planned"}, {"what": "Old printers", "state": "gone"}]
    write_files(
        root,
        {
            **posts,
            "content/static/a.jpg": picture(900, 600),
            f"content/posts/{old}-old.md": post("Old", "Text."),
            "content/newsletters/figures.csv": table,
            f"content/newsletters/{old}-september.md": post(
                "September", "Dear all.", posts=["old"], changes=changes, figures="figures.csv", order=["figures"]
            ),
            "lists/readers.csv": f"address,name,campus\n{rows}",
        },
    )


def write_october(root: Path) -> None:
    """Fill in the new issue, as the page says."""
    (file,) = root.glob("content/newsletters/*-october.md")
    issue = frontmatter.loads(file.read_text("utf-8"))
    assert issue["draft"]
    posts: Any = issue["posts"]
    assert len(posts) == 6
    del issue["draft"]
    issue.metadata |= yaml.safe_load(documented("yaml")[0])
    issue.content = "Dear {name|colleague},\n\nOctober was the month in which we answered in 40 seconds."
    file.write_text(frontmatter.dumps(issue) + "\n", encoding="utf-8")


def write_mailboxes(month: Month) -> None:
    """Let the world answer: three mailboxes are unknown, one is full, one reader complains, one is away, two leave."""
    subject = "We answered in 40 seconds"
    mails = month.mails(subject)
    bounces, leaving = (mailbox.Maildir(month.root / name) for name in ("bounces", "leaving"))
    with LedgerReader(month.root / "ledger/october.sqlite") as ledger:
        for number, (status, words) in enumerate([("5.1.1", "user unknown")] * 3 + [("4.2.2", "over quota")]):
            address = f"reader-{number}@example.org"
            given = {"address": address, "action": "failed", "status": status, "said": f"550 {words}"}
            to = f"bounces+{ledger.hash_address(address).hex()}@example.org"
            head = mails[address].as_string().partition("\n\n")[0]
            bounces.add(REPORT.format(to=to, kind="text/rfc822-headers", returned=head, **given).encode())
    complaint = mails["reader-4@example.org"].as_string()
    bounces.add(COMPLAINT.format(to="bounces@example.org", kind="abuse", returned=complaint).encode())
    away = HOLIDAY.format(address="reader-5@example.org", to="x@example.org", subject="Away", more="X-Autoreply: yes\n")
    bounces.add(away.encode())
    for number in (6, 7):
        link = re.findall(r"<(mailto:[^>]+)>", str(mails[f"reader-{number}@example.org"]["List-Unsubscribe"]))[0]
        request = EmailMessage()
        request["From"], request["To"] = f"reader-{number}@example.org", urlsplit(link).path
        request["Subject"] = parse_qs(urlsplit(link).query)["subject"][0]
        leaving.add(request.as_bytes())


def walk(folder: Path, readers: int) -> Month:
    """Go through the month: every documented command, in its order."""
    with MailServer(pipelining=True) as server, serve(folder / "web") as url:
        month = Month(folder / "desk", server)
        subprocess.run([sys.executable, "-m", "generator", "init", str(month.root)], check=True, capture_output=True)
        write_desk(month.root, url, server.port, readers)
        month.run("openletter publish")
        month.run(f"openletter newsletter send september --to readers --yes-send {readers}")
        toml = month.root / "site.toml"
        toml.write_text(toml.read_text("utf-8").replace("[newsletter]\n", "[newsletter]\napprovals = 1\n"), "utf-8")
        start, *later = documented("")
        month.run(start)
        write_october(month.root)
        for step in later:
            for line in step.splitlines():
                if " bounces " in line:
                    write_mailboxes(month)
                month.run(line, f"{readers}\n" if line.endswith(" --real") else "")
    return month


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return walk(tmp_path_factory.mktemp("month"), READERS)


def said(month: Month, words: str) -> str:
    """Return what the command with these words printed."""
    return next(text for line, text in month.said.items() if words in line)


@pytest.mark.slow
def test_the_section_has_every_command_of_a_month() -> None:
    lines = "".join(documented("")).splitlines()
    for words in (
        "new newsletter", "preview", "newsletter check", "ask-approval", "approve ", "publish", "--real",
        "newsletter bounces", "unsubscribes", "newsletter list",
    ):  # fmt: skip
        assert [line for line in lines if words in line], words
    assert tomllib.loads(documented("toml")[0])["newsletter"]["approvals"] == 1


@pytest.mark.slow
def test_the_letter_has_twelve_parts_and_reaches_everyone_once(month: Month) -> None:
    mails = month.mails("We answered in 40 seconds")
    assert len(mails) == READERS
    assert set(month.server.accepted.values()) == {1, 2}  # the dean once, everyone else both issues
    text = mails["reader-9@example.org"].get_body(("plain",))
    assert text is not None
    words = text.get_content().replace("\u00a0", " ")
    assert "Dear Reader 9," in words
    parts = (
        "in figures", "The desk moves", "Printing", "In brief", "The desk is on the ground floor", "You said:", "Dilys",
        "Open door", "Owain Pask", "press V", "Was this letter", "01632 960 111",
    )  # fmt: skip
    assert [part for part in parts if part not in words] == []
    assert words.count("Hall 1") == words.count("Hall 2") == 1  # the events of two posts
    assert "Telephone menu" in words  # unfinished in September
    assert "1 s less, better" in words
    assert "12 months: from 51 s to 40 s" in words


@pytest.mark.slow
def test_the_documented_results_are_those_of_the_commands(month: Month) -> None:
    sent, reported, trend = documented("text")
    assert said(month, "--real").splitlines()[-1] == sent.strip().replace("200", str(READERS))
    assert said(month, "newsletter bounces").splitlines()[-1] == reported.strip()
    shown = [re.sub(r"^\S+ +", "", line) for line in said(month, "newsletter list").splitlines()]
    assert shown == [re.sub(r"^\S+ +", "", line) for line in trend.splitlines()]


@pytest.mark.slow
def test_the_letter_was_seen_approved_and_checked(month: Month) -> None:
    assert "0 errors, 0 warnings" in said(month, "newsletter check")
    assert (month.root / "approvals/october.toml").read_text("utf-8").count("dean@example.org") >= 1
    assert month.digest != DIGEST
    assert f"{READERS} people" in said(month, "subscribers check") or str(READERS) in said(month, "subscribers count")
    preview = said(month, "newsletter preview").splitlines()[-1]
    assert "As old Outlook draws it" in Path(preview).read_text("utf-8")


@pytest.mark.slow
def test_who_is_gone_complained_or_left_gets_no_mail_any_more(month: Month) -> None:
    with (month.root / "lists/suppressed.csv").open(encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 2 + 3 + 1 + 2  # below the names of the columns and the digest of the key
    assert "2" in said(month, "subscribers unsubscribes")
    before = (month.root / "lists/suppressed.csv").read_bytes(), (month.root / "lists/bounced.csv").read_bytes()
    for line in ("openletter newsletter bounces october --maildir bounces --to readers", "openletter newsletter list"):
        first = month.said[line]
        assert month.run(line).splitlines()[-2:] == first.splitlines()[-2:]  # a second reading changes nothing
    assert before == (
        (month.root / "lists/suppressed.csv").read_bytes(),
        (month.root / "lists/bounced.csv").read_bytes(),
    )
