"""The server as a program that asks it sees it: types, ranges, tags, methods, hosts, strangers."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.factories import write_files
from tests.preview.conftest import CONFIG, PATIENCE_S, Preview, Serve, until
from tests.preview.test_output_files import HOSTILE

pytestmark = pytest.mark.slow
VIDEO = bytes(range(256)) * 6_000  # larger than what is read at once


def raw(preview: Preview, request: bytes) -> bytes:
    """Send bytes as they are; gives the whole answer."""
    with socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE_S) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def ask(preview: Preview, path: str, **headers: str) -> httpx.Response:
    return preview.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def shows(preview: Preview, path: str, words: str) -> bool:
    return words in preview.text(path)


def facts(preview: Preview) -> dict[str, Any]:
    """Read what a page knows of the preview."""
    import html
    import json

    found = re.search(r'data-openletter="([^"]*)"', preview.text())
    assert found
    known: dict[str, Any] = json.loads(html.unescape(found[1]))
    return known


def test_pages_and_files_have_their_types_and_are_not_kept(preview: Preview) -> None:
    preview.write("content/static/film.mp4", VIDEO)
    until(lambda: preview.get("film.mp4").status_code == 200)
    kinds = {
        "": "text/html; charset=utf-8",
        "2024/01/first/": "text/html; charset=utf-8",
        "feed.xml": "application/rss+xml; charset=utf-8",
        "atom.xml": "application/atom+xml; charset=utf-8",
        "feed.json": "application/feed+json; charset=utf-8",
        "sitemap.xml": "application/xml; charset=utf-8",
        "robots.txt": "text/plain; charset=utf-8",
        "film.mp4": "video/mp4",
    }
    for path, kind in kinds.items():
        answer = preview.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind), path
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_that_is_not_there_is_the_site_s_own_404(preview: Preview) -> None:
    answer = preview.get("nowhere/")
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_a_folder_s_address_gets_its_slash_and_keeps_its_query(preview: Preview) -> None:
    answer = preview.get("2024/01/first?q=1")
    assert (answer.status_code, answer.headers["location"]) == (307, "/2024/01/first/?q=1")


def test_ranges_are_answered(preview: Preview) -> None:
    preview.write("content/static/film.mp4", VIDEO)
    until(lambda: preview.get("film.mp4").status_code == 200)
    for asked, first, last in [
        ("bytes=0-9", 0, 9),
        ("bytes=1000000-", 1_000_000, len(VIDEO) - 1),
        ("bytes=-5", -5, None),
    ]:
        answer = ask(preview, "film.mp4", range=asked)
        assert answer.status_code == 206
        assert answer.content == (VIDEO[first:] if last is None else VIDEO[first : last + 1])
        assert answer.headers["content-range"].endswith(f"/{len(VIDEO)}")
    assert ask(preview, "film.mp4", range=f"bytes={len(VIDEO)}-").status_code == 416
    assert ask(preview, "film.mp4", range="bytes=0-1,5-6").content == VIDEO
    assert ask(preview, "film.mp4", range="bytes=0-9", if_range='"another"').content == VIDEO


def test_tags_tell_whether_a_file_has_changed(preview: Preview) -> None:
    for path in ("robots.txt", ""):
        tag = preview.get(path).headers["etag"]
        assert ask(preview, path, if_none_match=f'"x", W/{tag}').status_code == 304
        assert ask(preview, path, if_none_match='"x"').status_code == 200


def test_head_gives_the_headers_alone_and_other_methods_are_refused(preview: Preview) -> None:
    whole, head = preview.get("robots.txt"), httpx.head(preview.url + "robots.txt")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        answer = httpx.request(method, preview.url)
        assert (answer.status_code, answer.headers.get("allow")) == (405, "GET, HEAD"), method


@pytest.mark.parametrize("address", [each for each in HOSTILE if each.startswith(b"/") and b" " not in each])
def test_no_address_leads_out_of_the_preview(preview: Preview, address: bytes) -> None:
    write_files(preview.root.parent, {"secret.txt": "secret"})
    answer = raw(preview, b"GET " + address + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.split(b" ", 2)[1] in (b"404", b"400", b"431")
    assert b"secret\n" not in answer


@pytest.mark.parametrize("target", [b"*", b"http://evil.example/", b"//evil.example/", b"evil"])
def test_targets_of_other_forms_are_refused(preview: Preview, target: bytes) -> None:
    answer = raw(preview, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.split(b" ", 2)[1] in (b"404", b"400", b"421")
    assert b"location:" not in answer.lower()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "", "evil.example:80", "[::2]"],
)
def test_other_hosts_are_not_answered(preview: Preview, host: str) -> None:
    answer = raw(preview, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ", 2)[1] in (b"421", b"400")
    assert b"First" not in answer


def test_this_machine_s_names_are_answered(preview: Preview) -> None:
    for host in ("localhost", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"):
        answer = raw(preview, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200 "), host
    assert raw(preview, b"GET / HTTP/1.0\r\n\r\n").split(b" ", 2)[1] in (b"421", b"400")


def test_strangers_pages_get_nothing(preview: Preview) -> None:
    known = facts(preview)
    foreign = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}
    assert httpx.get(preview.url + "feed.json", headers=foreign).status_code == 403
    assert preview.get("feed.json").headers["cross-origin-resource-policy"] == "same-origin"
    view = preview.url + "__openletter/view"
    asked = {"drafts": False, "future": False, "at": ""}
    origin = preview.url.rstrip("/")
    good = {"origin": origin, "x-openletter-token": known["token"]}
    refused: list[dict[str, str]] = [
        {},
        {"origin": origin},
        {"x-openletter-token": known["token"]},
        {**good, "origin": "https://evil.example"},
        {**good, "origin": "null"},
        {**good, "x-openletter-token": "x"},
        {**good, "sec-fetch-site": "cross-site"},
    ]
    for headers in refused:
        assert httpx.post(view, json=asked, headers=headers).status_code == 403, headers
    assert preview.get("2024/03/idea/").status_code == 200
    assert httpx.post(view, json=asked, headers=good).status_code == 204
    assert preview.get("2024/03/idea/").status_code == 404
    wrongs: list[Any] = [[], {}, {"drafts": 1}, {"more": True}, {**asked, "at": "someday"}, {**asked, "at": 5}]
    for wrong in wrongs:
        assert httpx.post(view, json=wrong, headers=good).status_code == 400, wrong
    assert httpx.post(view, content=b"{", headers=good).status_code == 400
    assert httpx.get(view, headers=good).status_code == 404


def test_a_choice_changes_no_other_choice(preview: Preview) -> None:
    headers = {"origin": preview.url.rstrip("/"), "x-openletter-token": facts(preview)["token"]}
    later, second = "2099/01/later/", "2024/02/second/"
    expected: list[tuple[dict[str, Any], tuple[int, int, int]]] = [
        ({"future": True}, (200, 200, 200)),
        ({"drafts": False}, (404, 200, 200)),
        ({"future": False}, (404, 404, 200)),
        ({"at": "2024-01-15T23:59:59"}, (404, 404, 404)),
        ({"drafts": True}, (200, 404, 404)),
        ({"at": ""}, (200, 404, 200)),
    ]
    for choice, statuses in expected:
        assert httpx.post(preview.url + "__openletter/view", json=choice, headers=headers).status_code == 204
        found = tuple(preview.get(page).status_code for page in ("2024/03/idea/", later, second))
        assert found == statuses, choice


def test_a_base_path_is_honoured(serve: Serve, root: Path) -> None:
    write_files(root, {"site.toml": CONFIG.replace("https://example.org/", "https://example.org/blog/")})
    preview = serve()
    assert preview.url.endswith("/blog/")
    assert preview.get("2024/01/first/").status_code == 200
    start = preview.url.removesuffix("blog/")
    assert httpx.get(start).headers["location"] == "/blog/"
    assert httpx.get(start + "2024/01/first/").status_code == 404


def test_the_next_port_is_used_where_one_is_taken(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        preview = serve(port=port)
        assert preview.port != port
        assert any(line.startswith(f"Port {port} is taken") for line in preview.lines)


def test_no_reload_leaves_pages_as_they_are_built(serve: Serve) -> None:
    preview = serve("--no-reload")
    assert "__openletter" not in preview.text()
    assert "<h1" in preview.text()


def test_drafts_the_future_and_other_days_are_shown_when_asked_for(serve: Serve) -> None:
    plain, public, ahead, then = (
        serve(),
        serve("--no-drafts"),
        serve("--future"),
        serve("--at", "2024-02-01", "--no-drafts"),
    )
    shown = {
        name: [each.get(path).status_code == 200 for path in ("2024/03/idea/", "2099/01/later/", "2024/02/second/")]
        for name, each in {"plain": plain, "public": public, "ahead": ahead, "then": then}.items()
    }
    assert shown == {
        "plain": [True, False, True],
        "public": [False, False, True],
        "ahead": [True, True, True],
        "then": [False, False, False],
    }


def test_a_folder_that_is_no_site_is_said(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    preview = serve(at=tmp_path / "empty")
    assert preview.process.wait(PATIENCE_S) == 2
    until(lambda: "config-missing-file" in "".join(preview.errors))
    assert not list((tmp_path / "empty").iterdir())


def test_an_address_that_is_not_this_machine_s_is_said(serve: Serve) -> None:
    preview = serve("--host", "192.0.2.1")
    assert preview.process.wait(PATIENCE_S) == 2
    until(lambda: "cannot listen on 192.0.2.1" in "".join(preview.errors))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_with_pages_open(preview: Preview, number: signal.Signals) -> None:
    events = f"{preview.url}__openletter/events?path=index.html&build=1&session=x"
    with httpx.stream("GET", events, timeout=PATIENCE_S) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("data: ")
        preview.process.send_signal(number)
        assert preview.process.wait(PATIENCE_S) == 0
    assert preview.errors == []


def test_it_ends_in_the_midst_of_a_build_and_the_next_one_is_whole(serve: Serve, root: Path) -> None:
    for number in range(300):
        write_files(root, {f"content/posts/2023-01-01-{number}.md": f"---\ntitle: Post {number}\n---\nText.\n"})
    preview = serve()
    preview.write("site.toml", CONFIG.replace("Letters", "Other letters"))
    time.sleep(0.15)
    assert preview.stop() == 0
    again = serve()
    assert "Other letters" in again.text("2023/01/299/")


def test_two_previews_of_one_site_do_not_meet(serve: Serve) -> None:
    one, other = serve(), serve("--no-drafts")
    one.edit("content/posts/2024-01-01-first.md", "The first of all.", "Changed.")
    for preview in (one, other):
        until(partial(shows, preview, "2024/01/first/", "Changed."))
    assert (one.get("2024/03/idea/").status_code, other.get("2024/03/idea/").status_code) == (200, 404)


def test_what_was_built_may_be_deleted_at_any_time(preview: Preview) -> None:
    shutil.rmtree(preview.root / ".openletter", ignore_errors=True)  # the preview may write into it at this moment
    until(lambda: preview.get("2024/01/first/").status_code == 200)
    preview.edit("content/posts/2024-01-01-first.md", "The first of all.", "Changed.")
    until(partial(shows, preview, "2024/01/first/", "Changed."))


def test_a_phone_on_the_network_finds_it(serve: Serve) -> None:
    preview = serve("--host", "0.0.0.0")  # noqa: S104 - for a moment
    assert preview.url.startswith("http://127.0.0.1:")
    others = [line.split()[-1] for line in preview.lines if line.startswith("On this network: ")]
    for address in others:
        assert httpx.get(address).status_code == 200
    assert httpx.get(preview.url, headers={"host": "evil.example"}).status_code == 421


def test_the_public_output_is_never_touched(preview: Preview) -> None:
    preview.edit("content/posts/2024-01-01-first.md", "The first of all.", "Changed.")
    until(lambda: "Changed." in preview.text("2024/01/first/"))
    assert not (preview.root / "output").exists()


def test_the_server_survives_a_site_that_goes_and_comes_back(preview: Preview) -> None:
    kept = preview.root.parent / "kept"
    shutil.copytree(preview.root / "content", kept)
    shutil.rmtree(preview.root / "content")
    until(lambda: preview.get("2024/01/first/").status_code == 404)
    shutil.copytree(kept, preview.root / "content")
    until(lambda: preview.get("2024/01/first/").status_code == 200)
    preview.edit("content/posts/2024-01-01-first.md", "The first of all.", "Back again.")
    until(lambda: "Back again." in preview.text("2024/01/first/"))
