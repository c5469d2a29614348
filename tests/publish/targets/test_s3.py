import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.config.targets.options import TargetConfig
from generator.config.targets.s3 import S3Options
from generator.publish.publish import Place, PublishOptions, publish_site, roll_back
from generator.publish.targets.s3 import open_target
from tests.factories import plain_post, write_site
from tests.guards import HANG_S
from tests.publish.places import NOW, URL, site_files
from tests.publish.servers.s3 import S3Server

FIRST = {"a/index.html": "a", "assets/style.0a1b2c3d.css": "red", "feed.xml": "1", "photo.jpg": "x"}


def at(server: S3Server, bucket: str) -> Place:
    options = S3Options(bucket, endpoint=server.endpoint)
    return Place(open_target(options, Path()), URL, TargetConfig(type="s3", name="bucket", options=options))


def _quiet(_stage: str, _done: int, _total: int) -> None:
    pass


@pytest.mark.outside
def test_objects_have_their_types_and_lifetimes_also_after_a_rollback(s3: S3Server) -> None:
    bucket = s3.new_bucket()
    headers = {
        "a/index.html": ("text/html; charset=utf-8", "public, max-age=0, must-revalidate"),
        "assets/style.0a1b2c3d.css": ("text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        "feed.xml": ("application/rss+xml; charset=utf-8", "public, max-age=0, must-revalidate"),
        "photo.jpg": ("image/jpeg", "public, max-age=3600"),
    }
    for site in (FIRST, FIRST | {"a/index.html": "A"}):
        asyncio.run(publish_site(at(s3, bucket), site_files(site), PublishOptions(), NOW, _quiet))
    asyncio.run(roll_back(at(s3, bucket), PublishOptions(), NOW, _quiet))
    objects = s3.objects(bucket)
    assert objects["a/index.html"]["Body"].read() == b"a"
    for path, (kind, kept) in headers.items():
        assert (objects[path]["ContentType"], objects[path]["CacheControl"]) == (kind, kept)
    assert json.loads(objects[".openletter/manifest.json"]["Body"].read())["generation"] == 3
    assert ".openletter/lock.json" not in objects


@pytest.mark.outside
@pytest.mark.slow
def test_the_command_publishes_and_ends_with_its_own_exit_code(s3: S3Server, tmp_path: Path) -> None:
    """The library's threads once aborted the process after it had finished."""
    target = f'[publish.b]\ntype = "s3"\nbucket = "{s3.new_bucket()}"\nendpoint = "{s3.endpoint}"\n'
    toml = f'title = "x"\nurl = "{URL}"\n{target}'
    write_site(tmp_path, {"site.toml": toml, "posts/2026-01-02-a.md": plain_post("A")})
    command = [sys.executable, "-m", "generator", "publish", "--site", str(tmp_path)]
    for _ in range(3):
        done = subprocess.run(
            command, capture_output=True, text=True, env=dict(os.environ), timeout=HANG_S, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert "up to date" in done.stdout
