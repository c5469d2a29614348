"""Compressed copies at a real Apache: under the address of the text, with its headers, for browsers that take them."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, build_opener

import brotli
import pytest
from click.testing import CliRunner
from msgspec import Struct

from generator.cli import cli
from tests.factories import plain_post, write_site
from tests.publish.servers.processes import free_port
from tests.publish.servers.web import apache

pytestmark = [pytest.mark.outside, pytest.mark.slow]
_UNPACKED: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
_LONG = "Some words, again and again. " * 100
_STATIC: dict[str, str | bytes] = {
    "own.csv.gz": gzip.compress(_LONG.encode()),
    "own.html.br": brotli.compress(_LONG.encode()),
    "two words.txt": _LONG,
    "50%25.txt": _LONG,
    "größe.txt": _LONG,
    "plain-name_1~.txt": _LONG,
    "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><title>{_LONG}</title></svg>',
}


class Answer(Struct, frozen=True):
    """What Apache answers: its status, its headers by their small names, and the bytes as they came."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def encoding(self) -> str:
        return self.headers.get("content-encoding", "")

    @property
    def text(self) -> bytes:
        return _UNPACKED[self.encoding](self.data)


class Server(Struct, frozen=True):
    """A running Apache, the folder that it serves, and the address of a style sheet."""

    url: str
    live: Path
    style: str

    def ask(self, path: str, accepted: str = "", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(self.url + path, headers={"Accept-Encoding": accepted, **named})  # noqa: S310 loopback
        try:
            with build_opener().open(request, timeout=60) as answer:
                return _answer(answer.status, answer)
        except HTTPError as refusal:
            with refusal:
                return _answer(refusal.code, refusal)


def _answer(status: int, answer: HTTPError) -> Answer:
    return Answer(status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="openletter-web-") as name:
        work, port = Path(name), free_port()
        work.chmod(0o755)
        toml = f"""title = "Letters"\nurl = "http://127.0.0.1:{port}/"
[publish.live]
type = "folder"
path = "live"
host = "apache"
precompress = true
websub = ["http://127.0.0.1:1/"]
"""
        static = {f"content/static/{path}": data for path, data in _STATIC.items()}
        posts = {"posts/2026-01-02-a.md": plain_post("A", _LONG, aliases='["/old/"]')}
        site = write_site(work / "site", {"site.toml": toml, **static, **posts})
        published = CliRunner().invoke(cli, ["publish", "--site", str(site)])
        assert published.exit_code == 0, published.output
        [style] = (site / "live/assets").glob("style.*.css")
        with apache(work, site / "live", port):
            yield Server(f"http://127.0.0.1:{port}/", site / "live", f"assets/{style.name}")


PATHS = ("", "2026/01/a/", "index.html", "style", "feed.xml", "feed.json", "drawing.svg", "plain-name_1~.txt", "old/")


@pytest.mark.parametrize("path", PATHS)
def test_a_text_has_the_same_headers_and_words_in_each_encoding(server: Server, path: str) -> None:
    path = server.style if path == "style" else path
    plain = server.ask(path)
    assert (plain.status, plain.encoding) == (200, "")
    for name in ("br", "gzip"):
        packed = server.ask(path, name)
        assert (packed.status, packed.encoding) == (200, name)
        assert packed.text == plain.text
        assert len(packed.data) < len(plain.data)
        for header in ("content-type", "cache-control", "vary", "link"):
            assert packed.headers.get(header) == plain.headers.get(header), header
        assert packed.headers["etag"] != plain.headers["etag"]
        again = server.ask(path, name, If_None_Match=packed.headers["etag"])
        assert (again.status, again.data) == (304, b"")
    assert plain.headers["vary"] == "Accept-Encoding"
    assert ("hub" in plain.headers.get("link", "")) is path.startswith("feed.")
    assert ("immutable" in plain.headers["cache-control"]) is (path == server.style)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br ; q=0.000,gzip;q=0", ""),
        ("identity", ""),
        ("*", ""),
        ("brotli, x-gzip", ""),
        ("", ""),
    ],
)
def test_a_browser_gets_what_it_takes(server: Server, accepted: str, encoding: str) -> None:
    assert server.ask("2026/01/a/", accepted).encoding == encoding


@pytest.mark.parametrize("path", [path for path in _STATIC if path not in ("plain-name_1~.txt", "drawing.svg")])
def test_a_file_of_the_author_s_and_an_odd_name_are_sent_as_they_are(server: Server, path: str) -> None:
    for accepted in ("", "br", "gzip"):
        answer = server.ask(quote(path), accepted)
        assert (answer.status, answer.data) == (200, (server.live / path).read_bytes())
        assert (answer.encoding, answer.headers["content-type"].startswith("text/plain")) == ("", path.endswith(".txt"))


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_lost_readers_get_their_page_and_old_addresses_lead_on(server: Server, accepted: str) -> None:
    lost = server.ask("none/", accepted)
    assert (lost.status, b"Page not found" in lost.text) == (404, True)
    assert server.ask(".openletter/manifest.json", accepted).status == 404
    assert b"<title>A " in server.ask("old/", accepted).text
