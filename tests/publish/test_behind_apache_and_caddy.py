"""Apache and Caddy with the rules that Openletter writes for them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urljoin

import pytest
from click.testing import CliRunner

from generator.cli import cli
from tests.factories import plain_post, write_site
from tests.publish.servers.processes import free_port
from tests.publish.servers.web import apache, caddy
from tests.publish.test_behind_nginx import get_404, headers

SERVERS = {"apache": apache, "caddy": caddy}


@pytest.mark.slow
@pytest.mark.outside
@pytest.mark.parametrize("host", SERVERS)
def test_a_site_has_its_types_redirects_lifetimes_and_404(host: str) -> None:
    with tempfile.TemporaryDirectory(prefix="openletter-web-") as name:
        work, port = Path(name), free_port()
        work.chmod(0o755)
        url = f"http://127.0.0.1:{port}/"
        toml = f"""title = "Letters"\nurl = "https://letters.example.org/"
[publish.live]
type = "folder"
path = "live"
host = "{host}"
precompress = true
url = "{url}"
"""
        posts = {"posts/2026-01-02-a.md": plain_post("A", "Text. " * 200, aliases='["/old/", "/?p=7", "/b c/"]')}
        site = write_site(work / "site", {"site.toml": toml, **posts})
        published = CliRunner().invoke(cli, ["publish", "--site", str(site)])
        assert published.exit_code == 0, published.output
        with SERVERS[host](work, site / "live", port):
            style = next((site / "live/assets").glob("style.*.css")).name
            status, page = headers(f"{url}2026/01/a/", **{"Accept-Encoding": "identity"})
            assert (status, page["content-type"].lower()) == (200, "text/html; charset=utf-8")
            assert page["cache-control"] == "public, max-age=0, must-revalidate"
            found = headers(f"{url}assets/{style}")[1]
            assert found["cache-control"] == "public, max-age=31536000, immutable"
            assert found["content-type"].startswith("text/css")
            assert "xml" in headers(f"{url}feed.xml")[1]["content-type"]
            for old in ("old/", "?p=7", "b%20c/"):
                status, answer = headers(url + old)
                assert (status, urljoin(url, answer.get("location", ""))) == (301, f"{url}2026/01/a/"), old
            assert headers(url)[0] == 200
            assert headers(f"{url}none/")[0] == 404
            assert b"Page not found" in get_404(f"{url}none/")
            assert headers(f"{url}.openletter/manifest.json")[0] == 404
            compressed = headers(f"{url}2026/01/a/", **{"Accept-Encoding": "gzip"})[1]
            assert compressed["content-encoding"] == "gzip"
            verified = CliRunner().invoke(cli, ["publish", "--verify", "--site", str(site)])
            assert verified.exit_code == 0, verified.output
