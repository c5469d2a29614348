import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.publish.live_check import check_live
from generator.publish.web import get
from tests.factories import plain_post, write_files, write_site
from tests.publish.places import Site, place_at, publish
from tests.publish.servers.nginx import nginx
from tests.publish.servers.processes import free_port

pytestmark = pytest.mark.outside
_STYLE = re.compile(rb"/assets/style\.[0-9a-f]{8}\.css")


def version(number: int) -> Site:
    """Make a site whose style sheet has another name each time, and whose pages come and go."""
    style = f"/assets/style.{number:08x}.css"
    pages = {f"p/{page}/index.html": f"{number} <link href={style}>" for page in range(number % 3, 20)}
    links = " ".join(f"<a href=/{path.removesuffix('index.html')}>" for path in pages)
    return {"blog/index.html": f"<link href={style}> {links}", style[1:]: f"/* {number} */", **pages}


@contextmanager
def crawler(url: str, broken: list[str]) -> Iterator[list[int]]:
    """Visit the list, each page that it links to, and each page's style sheet, again and again."""
    over, visits = threading.Event(), [0]

    def visit(address: str, *, may_be_gone: bool = False) -> bytes:
        answer = get(url + address)
        visits[0] += 1
        if answer.status != 200 and not (may_be_gone and answer.status == 404):
            broken.append(f"{address}: {answer.status} {answer.words}")
        for style in _STYLE.findall(answer.data) if answer.status == 200 else ():
            got = get(url.rstrip("/") + style.decode())
            if got.status != 200:
                broken.append(f"{address} without {style.decode()}: {got.status}")
        return answer.data

    def crawl() -> None:
        while not over.is_set():
            for link in re.findall(rb"<a href=/([^>]+)>", visit("blog/")):
                visit(link.decode(), may_be_gone=True)

    thread = threading.Thread(target=crawl)
    thread.start()
    try:
        yield visits
    finally:
        over.set()
        thread.join()


def test_a_crawler_never_meets_a_page_without_its_style_sheet(tmp_path: Path) -> None:
    live, broken = tmp_path / "live", list[str]()
    publish(place_at(live), version(0))
    with nginx(tmp_path / "nginx", live, rules=False) as url, crawler(url, broken) as visits:
        for number in range(1, 11):
            before = visits[0]
            plan = publish(place_at(live), version(number))
            while visits[0] < before + 30:  # a person stays a while
                pass
        assert check_live(url, plan, 0) == ()
    assert broken == []
    assert visits[0] > 200


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def headers(url: str, **wanted: str) -> tuple[int, dict[str, str]]:
    from urllib.error import HTTPError

    try:
        with build_opener(_NoRedirects).open(Request(url, headers=wanted), timeout=30) as answer:  # noqa: S310 loopback
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except HTTPError as refusal:
        with refusal:
            return refusal.code, {name.lower(): value for name, value in refusal.headers.items()}


@pytest.mark.slow
def test_a_site_has_its_types_redirects_lifetimes_compressed_copies_and_404(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    toml = f"""title = "Letters"\nurl = "https://letters.example.org/"
[publish.live]
type = "folder"
path = "live"
host = "nginx"
precompress = true
url = "{url}"
"""
    posts = {"posts/2026-01-02-a.md": plain_post("A", "Text. " * 200, aliases='["/old/", "/?p=7", "/b c/"]')}
    site = write_site(tmp_path / "site", {"site.toml": toml, **posts})
    run = CliRunner()
    assert run.invoke(cli, ["publish", "--site", str(site)]).exit_code == 0
    with nginx(tmp_path / "nginx", site / "live", port):
        style = next((site / "live/assets").glob("style.*.css")).name
        status, page = headers(f"{url}2026/01/a/", **{"Accept-Encoding": "identity"})
        assert (status, page["content-type"]) == (200, "text/html; charset=utf-8")
        assert page["cache-control"] == "public, max-age=0, must-revalidate"
        assert headers(f"{url}assets/{style}")[1]["cache-control"] == "public, max-age=31536000, immutable"
        assert headers(f"{url}2026/01/a/", **{"Accept-Encoding": "gzip"})[1]["content-encoding"] == "gzip"
        for old in ("old/", "?p=7", "b%20c/"):
            assert (headers(url + old)[0], headers(url + old)[1]["location"]) == (301, f"{url}2026/01/a/"), old
        assert headers(url)[0] == 200
        assert headers(f"{url}none/")[0] == 404
        assert b"Page not found" in get_404(f"{url}none/")
        assert headers(f"{url}.openletter/manifest.json")[0] == 404
        (post,) = posts
        write_files(site, {f"content/{post}": posts[post].replace("title: A", "title: B")})
        verified = run.invoke(cli, ["publish", "--verify", "--site", str(site), "--json"])
        assert verified.exit_code == 0, verified.output
        assert "old/index.html" in verified.output  # has changed too, though the host redirects its readers
        verified = run.invoke(cli, ["publish", "--verify", "--site", str(site)])
        assert (verified.exit_code, "up to date" in verified.output) == (0, True)
        assert verified.output.endswith("The live site shows what was published.\n")
        taken = run.invoke(cli, ["unpublish", f"{url}2026/01/a/", "--verify", "--site", str(site)])
        assert (taken.exit_code, headers(f"{url}2026/01/a/")[0]) == (0, 404), taken.output
        again = run.invoke(cli, ["unpublish", f"{url}2026/01/a/", "--verify", "--site", str(site)])
        assert (again.exit_code, again.output.endswith("The live site no longer shows it.\n")) == (0, True), (
            again.output
        )


def test_a_page_that_a_cache_still_shows_after_it_was_taken_down_is_found(tmp_path: Path) -> None:
    live = tmp_path / "live"
    paper = {"a/index.html": "secret", "a/paper.pdf": "secret"}
    for site in (version(0) | paper, version(0)):
        plan = publish(place_at(live), site)
    with nginx(tmp_path / "nginx", live, rules=False) as url:
        assert check_live(url, plan, 0, withdrawn={*paper}) == ()
        again = publish(place_at(live), version(0))  # it deletes nothing any more
        write_files(live, {"a/paper.pdf": "secret"})
        for each in (plan, again):
            [problem] = check_live(url, each, 0, withdrawn={*paper})
            assert (problem.code, f"{url}a/paper.pdf was deleted, but" in problem.message) == ("publish-verify", True)
        assert check_live(url, again, 0) == ()
        write_files(live, {"a/index.html": "secret"})
        [problem] = check_live(url, again, 0)
        assert f"{url}a/ was deleted, but" in problem.message, "by the publication before, which is asked for again"


def get_404(url: str) -> bytes:
    from urllib.error import HTTPError

    try:
        build_opener().open(url, timeout=30)
    except HTTPError as refusal:
        with refusal:
            return refusal.read()
    return b""


def test_the_check_of_the_live_site_names_what_differs(tmp_path: Path) -> None:
    live = tmp_path / "live"
    publish(place_at(live), version(0))
    plan = publish(place_at(live), version(1))
    with nginx(tmp_path / "nginx", live, rules=False) as url:
        assert check_live(url, plan, 0) == ()
        (live / "index.html").write_text("cached")
        shutil.rmtree(live / "blog")
        (live / "p/0").mkdir(parents=True)
        (live / "p/0/index.html").write_text("still there")
        (live / f"assets/style.{1:08x}.css").write_text("other")
        words = [problem.message for problem in check_live(url, plan, 0)]
    assert [word.split(" ")[0].removeprefix(url) for word in words] == [
        "", "blog/", f"assets/style.{1:08x}.css", "p/0/",
    ]  # fmt: skip
    assert "it answers 404" in words[1]
    (dead, *_) = check_live(f"http://127.0.0.1:{free_port()}/", plan, 0)
    assert "it does not answer" in dead.message
