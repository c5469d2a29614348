"""Pictures of the old site: from a folder, from a zip file, and from the network if that is allowed."""

from __future__ import annotations

import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from generator.errors import ConfigError
from generator.importers import download
from generator.importers.download import Downloads, FetchError, any_address, public_address
from generator.importers.import_model import ImportLog, ImportOptions, ImportOutcome, Topic
from generator.importers.media import Media, open_media
from tests.factories import write_files
from tests.importers.exports import wxr, wxr_item

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OLD = "https://old.example.org/wp-content/uploads"
FILES = {
    "2015/03/photo.png": PNG,
    "2015/03/tall-scaled.jpg": PNG,
    "2016/01/same.png": b"one",
    "2017/01/same.png": b"two",
}
NAMES = (
    (f"{OLD}/2015/03/photo.png", "wp-content/uploads/2015/03/photo.png"),
    (f"{OLD}/2015/03/photo-300x200.png", "wp-content/uploads/2015/03/photo.png"),
    ("/wp-content/uploads/2015/03/photo-1024x768.png", "wp-content/uploads/2015/03/photo.png"),
    (f"{OLD}/2015/03/tall.jpg", "wp-content/uploads/2015/03/tall-scaled.jpg"),
    (f"{OLD}/2016/01/same.png", "wp-content/uploads/2016/01/same.png"),
    ("https://1.bp.example.net/-a/s1600/photo.png", "media/-a/photo.png"),
    ("https://1.bp.example.net/-a/s320/photo.png", "media/-a/photo.png"),
    (f"{OLD}/2015/03/PHOTO.PNG", "wp-content/uploads/2015/03/PHOTO.PNG"),
    (f"{OLD}/2099/01/same.png", ""),
    (f"{OLD}/2015/03/other.png", ""),
    (f"{OLD}/2015/03/photo.php", ""),
    ("file:///etc/passwd.png", ""),
    ("data:image/png;base64,AAAA", ""),
)


@pytest.mark.parametrize(("address", "wanted"), NAMES)
def test_a_name_in_a_text_finds_its_file(tmp_path: Path, address: str, wanted: str) -> None:
    folder = write_files(tmp_path / "uploads", FILES)
    with open_media(tmp_path, ImportOptions((), media=(folder,)), ImportLog()) as media:
        found = media.find(address, "old.example.org")
    assert (found[0] if found else "") == wanted


@pytest.mark.parametrize("address", ["/content/images/a.png", "https://old.example.org/content/images/a.png"])
def test_what_is_relative_to_the_old_site_is_fetched_from_there(tmp_path: Path, address: str) -> None:
    asked: list[str] = []

    def fetch(url: str) -> Path:
        asked.append(url)
        return tmp_path

    media = Media(fetch=fetch, url="https://old.example.org/blog/")
    assert media.find(address, "old.example.org") == ("content/images/a.png", tmp_path)
    assert asked == ["https://old.example.org/content/images/a.png"]


def test_without_a_library_nothing_is_looked_for() -> None:
    assert Media().find(f"{OLD}/2015/03/photo.png", "old.example.org") is None


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_pictures_are_copied_and_texts_show_the_copies(
    take: Callable[..., ImportOutcome], site: Path, tmp_path: Path, kind: str
) -> None:
    folder = write_files(tmp_path / "uploads", FILES)
    if kind == "zip":
        with zipfile.ZipFile(tmp_path / "uploads.zip", "w") as archive:
            archive.writestr("../../outside.png", PNG)
            archive.writestr("/rooted.png", PNG)
            for name, data in FILES.items():
                archive.writestr(f"uploads/{name}", data)
        folder = tmp_path / "uploads.zip"
    body = f'<p>Look: <img src="{OLD}/2015/03/photo-300x200.png" alt="A photo"></p>'
    thumb = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    file = tmp_path / "export.xml"
    lead = wxr_item(9, "", wp__post_type="attachment", status="inherit", wp__attachment_url=f"{OLD}/2015/03/tall.jpg")
    file.write_text(wxr(wxr_item(1, body, thumb), lead))
    outcome = take("wordpress", file, media=(folder,))
    text = next(site.glob("content/posts/2015/*.md")).read_text()
    assert "![A photo](/wp-content/uploads/2015/03/photo.png)" in text
    assert "image: /wp-content/uploads/2015/03/tall-scaled.jpg" in text
    assert (site / "content/static/wp-content/uploads/2015/03/photo.png").read_bytes() == PNG
    assert not list(tmp_path.rglob("outside.png")) + list(tmp_path.rglob("rooted.png"))
    assert sum("leads out" in note.words for note in outcome.notes) == (2 if kind == "zip" else 0)
    assert take("wordpress", file, media=(folder,)).written == ()


def test_a_file_that_is_no_zip_is_refused(take: Callable[..., ImportOutcome], tmp_path: Path) -> None:
    (tmp_path / "export.xml").write_text(wxr(wxr_item(1)))
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(ConfigError, match="zip file"):
        take("wordpress", tmp_path / "export.xml", media=(tmp_path / "x.zip",))


PRIVATE = (
    "127.0.0.1",
    "localhost",
    "10.0.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 (asked for, not bound)
    "::1",
    "::ffff:127.0.0.1",
    "224.0.0.1",
)


@pytest.mark.parametrize("host", PRIVATE)
def test_no_address_of_a_private_network_is_asked(host: str) -> None:
    with pytest.raises(FetchError, match="private network"):
        public_address(host, 80)


class _Server(HTTPServer):
    """Serves a picture, also in parts, redirects, pages and endless answers; `asked` lists the requests."""

    asked: list[tuple[str, str]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
            self.end_headers()
            return
        part = self.headers.get("Range", "")
        start = int(part[6:-1]) if part else 0
        self.send_response({"/missing.png": 404}.get(self.path, 206 if part else 200))
        self.send_header("Content-Type", "text/html" if self.path == "/page.png" else "image/png")
        self.send_header("Content-Length", str(len(PNG) - start))
        self.end_headers()
        self.wfile.write(PNG[start : start + 10] if self.path == "/broken.png" and not part else PNG[start:])

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as httpd:
        httpd.asked = []
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield httpd
        httpd.shutdown()


def fetch(tmp_path: Path, server: _Server, path: str) -> tuple[Path | None, str]:
    """Fetch from the server, which counts as public; redirects are checked as always."""
    log = ImportLog()
    with Downloads(tmp_path, log, resolve_first=any_address, pause_s=0) as downloads:
        found = downloads.fetch(f"http://127.0.0.1:{server.server_port}{path}")
    return found, " ".join(note.words for note in log.notes if note.topic is Topic.MISSING_FILE)


def test_a_picture_is_fetched_once(tmp_path: Path, server: _Server) -> None:
    for _ in range(2):
        found, said = fetch(tmp_path, server, "/a.png")
        assert found is not None
        assert (found.read_bytes(), said) == (PNG, "")
    assert [path for path, _ in server.asked] == ["/a.png"]


REFUSED = (
    ("/to?http://127.0.0.1:1/x.png", "private network"),
    ("/to?http://169.254.169.254/latest/meta-data/", "private network"),
    ("/to?file:///etc/passwd", "not an address on the web"),
    ("/to?ftp://example.org/x.png", "not an address on the web"),
    ("/page.png", "another kind of file: text/html"),
    ("/missing.png", "answered 404"),
)


@pytest.mark.parametrize(("path", "said"), REFUSED)
def test_what_is_no_public_picture_is_not_fetched(tmp_path: Path, server: _Server, path: str, said: str) -> None:
    found, words = fetch(tmp_path, server, path)
    assert (found, said in words) == (None, True), words
    assert [path for path, _ in server.asked] == [path]


def test_a_broken_download_continues_in_the_next_run(tmp_path: Path, server: _Server) -> None:
    found, said = fetch(tmp_path, server, "/broken.png")
    assert (found, "broke off" in said or "failed" in said) == (None, True)
    found, _ = fetch(tmp_path, server, "/broken.png")
    assert found is not None
    assert found.read_bytes() == PNG
    assert server.asked == [("/broken.png", ""), ("/broken.png", "bytes=10-")]


def test_a_file_without_end_is_cut_off(tmp_path: Path, server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_FILE_BYTES", 20)
    found, said = fetch(tmp_path, server, "/a.png")
    assert (found, "is larger than" in said) == (None, True)


def test_the_connection_goes_to_the_address_that_was_checked(tmp_path: Path, server: _Server) -> None:
    """A name that resolves to another address a moment later leads nowhere."""
    with Downloads(tmp_path, ImportLog(), resolve_first=lambda *_: "127.0.0.1", pause_s=0) as downloads:
        found = downloads.fetch(f"http://rebinds.invalid:{server.server_port}/a.png")
    assert found is not None
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("rebinds.invalid", 80)
