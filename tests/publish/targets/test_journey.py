"""A site goes from an empty folder to four places, changes, is cut, resumed, rolled back and taken down in part."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.publish.web import get
from tests.factories import plain_post, write_site
from tests.publish.servers.cutting import cutting_relay
from tests.publish.servers.nginx import nginx
from tests.publish.servers.processes import free_port
from tests.publish.targets.places import Place

pytestmark = [pytest.mark.outside, pytest.mark.slow]

_LINK = re.compile(r'(?:href|src)="(/[^"#?]*)')
POST = "content/posts/2026-01-03-a3.md"


@contextmanager
def reader(url: str, broken: list[str]) -> Iterator[list[str]]:
    """Follow every link of the front page, again and again; pages may come and go, what a page loads may not."""
    over, visited = threading.Event(), list[str]()

    def visit(address: str) -> str:
        answer = get(url.rstrip("/") + address)
        visited.append(address)
        if answer.status not in (200, 404) or (answer.status == 404 and "/assets/" in address):
            broken.append(f"{address}: {answer.status} {answer.words}")
        return answer.data.decode("utf-8", "replace") if answer.status == 200 and address.endswith("/") else ""

    def read() -> None:
        while not over.is_set():
            front = visit("/")
            if not front:
                broken.append("the front page is not there")
            for link in dict.fromkeys(_LINK.findall(front)):
                for style in re.findall(r'href="(/assets/[^"]*\.css)', visit(link)):
                    visit(style)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield visited
    finally:
        over.set()
        thread.join()


def test_a_site_is_published_to_four_places_cut_resumed_rolled_back_and_taken_down_in_part(
    make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    s3, sftp = make_place("s3"), make_place("sftp")
    port, bare, broken = free_port(), tmp_path / "bare.git", list[str]()
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)

    def toml(s3_port: int) -> str:
        return f"""title = "Letters"
url = "https://letters.example.org/"
[publish.live]
type = "folder"
path = "{tmp_path / "www"}"
host = "nginx"
url = "http://127.0.0.1:{port}/"
[publish.bucket]
type = "s3"
bucket = "{s3.options.bucket}"
endpoint = "http://127.0.0.1:{s3_port}"
prefix = "{s3.options.prefix}"
[publish.server]
type = "sftp"
server = "127.0.0.1"
path = "{sftp.options.path}"
user = "{sftp.options.user}"
port = {sftp.options.port}
key = "{sftp.options.key}"
known_hosts = "{sftp.options.known_hosts}"
[publish.pages]
type = "git"
repository = "{bare}"
branch = "pages"
"""

    posts = {f"posts/2026-01-{day:02}-a{day}.md": plain_post(f"Day {day}", f"Text {day}.") for day in range(1, 6)}
    site = write_site(tmp_path / "site", {"site.toml": toml(s3.port), **posts})

    def run(command: str, *args: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, [command, *args, "--site", str(site)])
        assert done.exit_code == code, done.output
        return done.output

    def seen() -> Mapping[str, str]:
        """Return the page of one post at each place; "" where it is not."""
        path = "2026/01/a3/index.html"
        shown = subprocess.run(["git", "-C", str(bare), "show", f"pages:{path}"], capture_output=True, check=False)
        folder = tmp_path / "www" / path
        found = {
            "live": folder.read_bytes() if folder.exists() else b"",
            "bucket": s3.seen().get(path, b""),
            "server": sftp.seen().get(path, b""),
            "pages": shown.stdout,
        }
        return {name: data.decode() for name, data in found.items()}

    names = ("live", "bucket", "server", "pages")
    for name in names:
        assert "0 changed, 0 deleted, 0 unchanged" in run("publish", name)
    assert all("Text 3." in page for page in seen().values())
    with nginx(tmp_path / "nginx", tmp_path / "www", port), reader(f"http://127.0.0.1:{port}/", broken) as visited:
        (site / POST).write_text(plain_post("Day 3", "Better words."))
        with cutting_relay(s3.port) as relay:
            (site / "site.toml").write_text(toml(relay.port))
            relay.allow(30_000)
            assert "target-unreachable" in run("publish", "bucket", code=3)
            relay.allow(None)
            run("publish", "bucket")
        (site / "site.toml").write_text(toml(s3.port))
        for name in ("live", "server", "pages"):
            run("publish", name)
        assert "up to date" in run("publish", "bucket")
        assert all("Better words." in page for page in seen().values())
        run("publish", "live", "--verify")
        for name in names:
            assert "Returned" in run("publish", name, "--rollback")
        assert all("Text 3." in page for page in seen().values())
        run("unpublish", "/2026/01/a3/")
        assert set(seen().values()) == {""}
        assert "Day 4" in get(f"http://127.0.0.1:{port}/").data.decode()
        before = len(visited)
        while len(visited) < before + 30:  # a person stays a while
            pass
    assert broken == []
    assert "/2026/01/a3/" in visited
    assert b"Better" not in b"".join([*s3.seen().values(), *sftp.seen().values()])
