"""A reader visits the site while it is published at a server; and the password is nowhere to be seen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.config.targets.options import TargetConfig
from generator.publish.plan import PublishPlan
from generator.publish.publish import Place as At
from generator.publish.publish import PublishOptions, publish_site
from tests.factories import plain_post, write_site
from tests.publish.places import NOW, URL, site_files
from tests.publish.servers.nginx import nginx
from tests.publish.servers.webdav import WORD, WebdavServer
from tests.publish.targets.places import Place
from tests.publish.test_behind_nginx import crawler, version

pytestmark = [pytest.mark.outside, pytest.mark.slow]


def publish(place: Place, number: int) -> PublishPlan:
    async def run() -> PublishPlan:
        config = TargetConfig(type=place.type, name="live", options=place.options)
        at = At(place.open(), URL, config)
        try:
            return await publish_site(at, site_files(version(number)), PublishOptions(), NOW, lambda *_: None)
        finally:
            await at.target.close()

    return asyncio.run(run())


@pytest.mark.parametrize("name", ["sftp", "webdav"])
def test_a_crawler_sees_no_broken_page_during_ten_publications(
    name: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    place, broken = make_place(name), list[str]()
    assert place.folder
    publish(place, 0)
    with nginx(tmp_path / "nginx", place.folder, rules=False) as url, crawler(url, broken) as visits:
        for number in range(1, 11):
            publish(place, number)
    assert broken == []
    assert visits[0] > 50


@contextmanager
def all_command_lines(found: set[str]) -> Iterator[None]:
    """Collect the command lines of all processes of this machine."""
    over = threading.Event()

    def collect() -> None:
        while not over.is_set():
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    found.add(file.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
                except OSError:  # it has ended
                    continue

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system lists processes elsewhere")
@pytest.mark.parametrize("fails", [False, True])
def test_the_password_is_in_no_output_file_or_list_of_processes(
    fails: bool, apache_dav: WebdavServer, make_place: Callable[[str], Place], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = make_place("webdav")
    word = WORD + "?" if fails else WORD
    monkeypatch.setenv("OPENLETTER_WEBDAV_PASSWORD", word)
    toml = f"""title = "Letters"\nurl = "https://letters.example.org/"
[publish.live]
type = "webdav"
address = "{place.options.address}"
user = "{place.options.user}"
"""
    posts = {f"posts/2026-01-{day:02}-a{day}.md": plain_post(f"Day {day}", "Text.") for day in range(1, 6)}
    site, lines = write_site(tmp_path / "site", {"site.toml": toml, **posts}), set[str]()
    with all_command_lines(lines):
        done = CliRunner().invoke(cli, ["publish", "live", "--site", str(site)])
    assert done.exit_code == (3 if fails else 0), done.output
    assert ("OPENLETTER_WEBDAV_PASSWORD" in done.output) is fails
    assert any("apache2" in line for line in lines)
    assert not [line for line in lines if WORD in line]
    assert WORD not in done.output
    written = [file for top in (site, apache_dav.share) for file in top.rglob("*") if file.is_file()]
    assert len(written) > 20
    assert not [file for file in written if WORD.encode() in file.read_bytes()]
