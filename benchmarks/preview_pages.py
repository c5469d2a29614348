"""Measure what an editor waits for when an edit makes every page stale: the open page, another one, all of them.

python -m benchmarks.preview_pages --posts 1000 10000 --edits 5
"""

from __future__ import annotations

import argparse
import http.client
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.measure import wait_until_quiet
from benchmarks.preview_servers import SERVERS, write_site
from benchmarks.preview_watch import PATIENCE_S, free_port, running
from benchmarks.run import work_folder

HEAD = """\
| posts | edited | the open page, ms: median | most | another page, ms: median | most | all pages, s: median | edits |
|--:|---|--:|--:|--:|--:|--:|--:|"""
POLL_S = 0.002
REST_S = 4.0  # in which the preview also looks for changes that no event reported
TEMPLATE = "themes/mine/templates/post.html"
FOOT = "{{% extends '@default/post.html' %}}{{% block main %}}{{{{ super() }}}}<p>{token}</p>{{% endblock %}}"
Edit = Callable[[Path, str], None]
Times = tuple[float, float, float]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.preview_pages")
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000], help="how many posts a site has")
    parser.add_argument("--edits", type=int, default=5, help="how many edits of each kind are measured")
    parser.add_argument("--work", type=Path, default=work_folder(), help="where sites are (default: %(default)s)")
    options = parser.parse_args(arguments)
    print(HEAD, flush=True)
    for count in options.posts:
        with tempfile.TemporaryDirectory(prefix="openletter-preview-", dir=options.work) as work:
            measure(count, options.edits, Path(work))


def measure(count: int, edits: int, work: Path) -> None:
    """Measure a site of `count` posts; prints a row for each kind of edit."""
    server, site, log = SERVERS["default"], work / "site", work / "log"
    posts = write_site(server, site, count)
    _write(site / TEMPLATE, FOOT.format(token=""))
    settings = (site / "site.toml").read_text("utf-8").replace('theme = "default"', 'theme = "mine"')
    _write(site / "site.toml", settings)
    pages = [f"/posts/{posts[at * len(posts) // 7][1]}/" for at in range(1, 4)]
    with running(server, site, port := free_port(), pages[0], log), _open(port, pages[0]):
        for name, edit in EDITS.items():
            times = [_time(edit, site, f"token-{number}-x", port, pages, log) for number in range(edits)]
            print(f"| {count:,} | {name} | {' | '.join(_cells(times))} | {edits} |", flush=True)


def _template(site: Path, token: str) -> None:
    _write(site / TEMPLATE, FOOT.format(token=token))


def _setting(site: Path, token: str) -> None:
    file = site / "site.toml"
    _write(file, re.sub("^title = .*$", f'title = "{token}"', file.read_text("utf-8"), count=1, flags=re.M))


def _style(site: Path, token: str) -> None:
    _write(site / "themes/mine/static/style.css", f"/* {token} */\n")


EDITS: dict[str, Edit] = {"template": _template, "site's title": _setting, "style sheet": _style}


def _time(edit: Edit, site: Path, token: str, port: int, pages: Sequence[str], log: Path) -> Times:
    """Edit, and ask for the open page until it has changed, then once for another one, then wait for the rest."""
    time.sleep(REST_S)
    wait_until_quiet(5.0)
    said = len(log.read_text("utf-8").splitlines())
    seen = "/assets/style.css" if edit is _style else pages[0]
    begun = time.perf_counter()
    edit(site, token)
    while token not in _get(port, seen):
        time.sleep(POLL_S)
    shown = time.perf_counter()
    assert edit is _style or token in _get(port, pages[1])
    other = time.perf_counter()
    while not any(_is_last(line) for line in log.read_text("utf-8").splitlines()[said:]):
        assert time.perf_counter() - begun < PATIENCE_S
        time.sleep(0.02)
    return shown - begun, other - shown, time.perf_counter() - begun


def _is_last(line: str) -> bool:
    return "rebuilt in" in line and "to follow" not in line


def _cells(times: Sequence[Times]) -> Iterator[str]:
    for part in (0, 1):
        found = [1000 * each[part] for each in times]
        yield f"{median(found):,.0f} | {max(found):,.0f}"
    yield f"{median(each[2] for each in times):.1f}"


def _get(port: int, page: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", page)
        return connection.getresponse().read().decode("utf-8")
    finally:
        connection.close()


@contextmanager
def _open(port: int, page: str) -> Iterator[None]:
    """Have a page open, as a browser would: with its stream of events."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", f"/__openletter/events?path={page[1:]}index.html&build=-1&session=x")
    stream = connection.getresponse()
    threading.Thread(target=lambda: all(iter(lambda: stream.read1(4096), b"")), daemon=True).start()
    try:
        yield
    finally:
        connection.sock and connection.sock.close()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
