"""A reader visits the site while it is published at a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.config.targets.options import TargetConfig
from generator.publish.plan import PublishPlan
from generator.publish.publish import Place as At
from generator.publish.publish import PublishOptions, publish_site
from tests.publish.places import NOW, URL, site_files
from tests.publish.servers.nginx import nginx
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
