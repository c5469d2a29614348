"""Objects by which a bucket redirects: published, cut, resumed, rolled back and taken down like other files."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.config.targets.s3 import S3Options
from generator.digest import digest_bytes
from generator.errors import PublishError
from generator.publish.target import Upload
from generator.publish.targets.s3 import open_target
from tests.factories import plain_post, write_site
from tests.guards import HANG_S
from tests.publish.servers.cutting import CuttingRelay, cutting_relay
from tests.publish.servers.processes import serving
from tests.publish.servers.s3 import S3Server

_TARGET = """title = "Letters"
url = "https://letters.example.org/news/"
[publish.bucket]
type = "s3"
bucket = "{bucket}"
endpoint = "http://127.0.0.1:{port}"
prefix = "site"
redirects = "{redirects}"
"""
_ALIASES = '["/old/", "/?p=7", "/b c/", "/été.html"]'
PAGES = ("old/index.html", "b c/index.html", "été.html")


@pytest.fixture
def relay(s3: S3Server) -> Iterator[CuttingRelay]:
    with cutting_relay(s3.port) as relay:
        yield relay


def locations(s3: S3Server, bucket: str) -> dict[str, str]:
    """Map each object with a redirect to where it leads; our own copies of old bytes do not count."""
    found = {
        key.removeprefix("site/"): each["WebsiteRedirectLocation"]
        for key, each in s3.objects(bucket).items()
        if "WebsiteRedirectLocation" in each
    }
    return {path: leads for path, leads in found.items() if not path.startswith(".openletter/")}


def forget_redirects_of_copies(s3: S3Server, bucket: str) -> None:
    """Do what Amazon does and moto does not: a copy has no redirect."""
    for key, each in s3.objects(bucket).items():
        if "/.openletter/old/" in key:
            s3.client().put_object(Bucket=bucket, Key=key, Body=each["Body"].read())


def leading_to(address: str) -> dict[str, str]:
    return dict.fromkeys(PAGES, f"/news/2026/01/{address}/")


@pytest.mark.outside
@pytest.mark.slow
def test_redirects_take_part_in_plan_cut_resume_rollback_and_takedown(
    s3: S3Server, relay: CuttingRelay, tmp_path: Path
) -> None:
    bucket = s3.new_bucket()
    posts = {f"posts/2026-01-0{day}-{name}.md": plain_post(name) for day, name in enumerate("bcd", 3)}
    post = tmp_path / "content/posts/2026-01-02-a.md"

    def configure(redirects: str) -> None:
        toml = _TARGET.format(bucket=bucket, port=relay.port, redirects=redirects)
        write_site(tmp_path, {"site.toml": toml, "posts/2026-01-02-a.md": plain_post("A", aliases=_ALIASES), **posts})

    def run(*args: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, [*args, "--site", str(tmp_path)])
        assert done.exit_code == code, done.output
        return done.output

    configure("pages")
    run("publish")
    assert locations(s3, bucket) == {}
    configure("objects")
    assert " 0 added, 3 changed, 0 deleted," in run("publish")
    assert locations(s3, bucket) == leading_to("a")
    page = s3.objects(bucket)["site/old/index.html"]
    assert b"This page has moved" in page["Body"].read()
    assert (page["ContentType"], page["CacheControl"]) == (
        "text/html; charset=utf-8", "public, max-age=0, must-revalidate",
    )  # fmt: skip
    assert "up to date" in run("publish")

    post.write_text(plain_post("A", aliases=_ALIASES, slug="new"))
    relay.allow(20_000)
    assert "target-unreachable" in run("publish", code=3)
    assert set(locations(s3, bucket).values()) <= {"/news/2026/01/a/", "/news/2026/01/new/"}
    relay.allow(None)
    run("publish")
    assert locations(s3, bucket) == leading_to("new")
    forget_redirects_of_copies(s3, bucket)
    run("publish", "--rollback")
    assert locations(s3, bucket) == leading_to("a")
    forget_redirects_of_copies(s3, bucket)
    run("publish", "--rollback")
    assert locations(s3, bucket) == leading_to("new")

    post.write_text(plain_post("A", aliases='["/old/"]', slug="new"))
    run("publish")
    assert locations(s3, bucket) == {"old/index.html": "/news/2026/01/new/"}
    run("unpublish", "/2026/01/new/")
    assert [key for key in s3.objects(bucket) if "old/" in key] == []


class Recorder(ThreadingHTTPServer):
    """Answers every request with success, and keeps its path and headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen: list[tuple[str, Mapping[str, str]]] = []


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", "0")
        self.end_headers()


def send(options: S3Options, *redirects: str) -> None:
    async def run() -> None:
        target = open_target(options, Path())
        try:
            files = [
                Upload(f"a b/{number}.html", b"x", digest_bytes(b"x"), "text/html", "no-cache", redirect=each)
                for number, each in enumerate(redirects)
            ]
            await target.send(files, lambda _: None)
        finally:
            await target.close()

    asyncio.run(run())


_KEYS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "top-secret"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Make an environment that has only these variables of AWS, and somebody else's keys in ~/.aws."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id = OTHER\naws_secret_access_key = other\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def use(**variables: Any) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return use


@pytest.mark.parametrize(
    ("variables", "options", "region"),
    [
        ({"AWS_ENDPOINT": "{url}"}, {}, "us-east-1"),
        ({"AWS_ENDPOINT_URL": "{url}", "AWS_REGION": "eu-west-2"}, {}, "eu-west-2"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, {"endpoint": "{url}"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-1"}, {"endpoint": "{url}", "region": "auto"}, "auto"),
        ({"AWS_SESSION_TOKEN": "token"}, {"endpoint": "{url}", "prefix": "site/en"}, "us-east-1"),
        ({"AWS_ENDPOINT": "http://127.0.0.1:1"}, {"endpoint": "{url}", "region": "eu-west-2"}, "eu-west-2"),
    ],
)
def test_both_libraries_reach_the_same_place_with_the_same_keys(
    variables: dict[str, str], options: dict[str, str], region: str, environment: Callable[..., None]
) -> None:
    with serving(Recorder()) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        environment(**_KEYS, **{name: each.format(url=url) for name, each in variables.items()})
        filled = {name: each.format(url=url) for name, each in options.items()}
        send(S3Options("letters.example.org", redirects="objects", **filled), "", "/new/%C3%A4/")
        (path, plain), (other, redirect) = sorted(server.seen, key=lambda each: each[0])
    assert redirect["x-amz-website-redirect-location"] == "/new/%C3%A4/"
    assert "x-amz-website-redirect-location" in redirect["authorization"]
    assert (other, redirect["content-type"]) == (path.replace("0.html", "1.html"), plain["content-type"])
    scopes = [re.search(r"Credential=([^,]+)", each["authorization"]) for each in (plain, redirect)]
    assert {scope and re.sub(r"/\d{8}/", "/", scope[1]) for scope in scopes} == {f"AKID/{region}/s3/aws4_request"}
    assert plain.get("x-amz-security-token") == redirect.get("x-amz-security-token")


def test_keys_where_the_other_library_does_not_look_are_not_used(environment: Callable[..., None]) -> None:
    environment()
    with serving(Recorder()) as server:
        options = S3Options("letters", endpoint=f"http://127.0.0.1:{server.server_address[1]}", redirects="objects")
        with pytest.raises(PublishError, match="credentials"):
            send(options, "/new/")
    assert server.seen == []


@pytest.mark.slow
def test_a_site_without_redirect_objects_does_not_load_the_second_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.publish.targets.test_s3_redirects import *\n"
        "with serving(Recorder()) as server:\n"
        "    url = f'http://127.0.0.1:{server.server_address[1]}'\n"
        "    send(S3Options('b', endpoint=url, redirects='pages'), '', '/new/')\n"
        "    send(S3Options('b', endpoint=url, redirects='objects'), '')\n"
        "    assert len(server.seen) == 3 and 'botocore' not in sys.modules\n"
        "    send(S3Options('b', endpoint=url, redirects='objects'), '/new/')\n"
        "    assert 'botocore' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=HANG_S, env={**os.environ, **_KEYS})
