from pathlib import Path

import pytest

from generator.config import Config
from generator.config.targets.options import HOSTS, TargetConfig
from generator.publish.host_files import host_files

REDIRECTS = """/blog/old/ /blog/a/ 301
/blog/b%20c/ /blog/%C3%A4/ 301
/blog/ p=7 /blog/a/ 301
/blog/ p=8 x=1 /blog/price$/ 301
/blog/a.b+c/ /blog/a/ 301
"""


def made(tmp_path: Path, host: str, url: str = "https://letters.example.org/blog/", *own: str) -> dict[str, str]:
    (tmp_path / "_redirects").write_text(REDIRECTS)
    config = Config(title="x", url=url)
    files, left = host_files(TargetConfig(type="folder", host=host), config, {"_redirects", *own}, tmp_path)
    assert set(left) <= set(own)
    return {path: data.decode() for path, data in files.items()}


def test_each_host_gets_its_own_files(tmp_path: Path) -> None:
    paths = {host: sorted(made(tmp_path, host)) for host in HOSTS}
    assert paths == {
        "none": [],
        "netlify": ["_headers"],
        "cloudflare": ["_headers"],
        "github": [".nojekyll", "CNAME"],
        "gitlab": [],
        "apache": [".htaccess"],
        "nginx": [".openletter/nginx.conf"],
        "caddy": [".openletter/Caddyfile"],
    }
    assert made(tmp_path, "github")["CNAME"] == "letters.example.org\n"
    assert sorted(made(tmp_path, "github", "https://sam.github.io/x/")) == [".nojekyll"]
    assert made(tmp_path, "apache", "https://letters.example.org/", ".htaccess") == {}
    assert "Encoding" not in made(tmp_path, "apache")[".htaccess"], "without copies"


@pytest.mark.parametrize(
    ("host", "lines"),
    [
        (
            "apache",
            [
                r"  RewriteRule ^old/$ /blog/a/ [R=301,L,NE]",
                r"  RewriteRule ^b\ c/$ /blog/\%C3\%A4/ [R=301,L,NE]",
                r"  RewriteCond %{QUERY_STRING} ^p=7$",
                r"  RewriteCond %{QUERY_STRING} ^p=8\&x=1$",
                r"  RewriteRule ^$ /blog/price\%24/ [R=301,L,NE,QSD]",
                r"  RewriteRule ^a\.b\+c/$ /blog/a/ [R=301,L,NE]",
            ],
        ),
        (
            "nginx",
            [
                'location = "/blog/old/" { return 301 "/blog/a/"; }',
                'location = "/blog/b c/" { return 301 "/blog/%C3%A4/"; }',
                'location = "/blog/a.b+c/" { return 301 "/blog/a/"; }',
                (
                    'location = "/blog/" { if ($args = "p=7") { return 301 "/blog/a/"; } if ($args = "p=8&x=1") '
                    '{ return 301 "/blog/price%24/"; } try_files $uri $uri/index.html =404; }'
                ),
            ],
        ),
        (
            "caddy",
            ["redir /blog/old/ /blog/a/ 301", "redir /blog/b%20c/ /blog/%C3%A4/ 301", "\tquery p=8 x=1"],
        ),
    ],
)
def test_redirects_are_written_as_the_host_reads_them(tmp_path: Path, host: str, lines: list[str]) -> None:
    (text,) = made(tmp_path, host).values()
    assert [line for line in lines if line not in text.splitlines()] == []
    assert "/blog/404.html" in text


@pytest.mark.parametrize(
    ("host", "line"),
    [
        (
            "netlify",
            '  Link: <https://hub.example.org/?a=%20>; rel="hub", <https://x.example.org/b/feed.xml>; rel="self"',
        ),
        (
            "nginx",
            'add_header Link "<https://hub.example.org/?a=%20>; rel=\\"hub\\", <https://x.example.org/b/feed.xml>;',
        ),
        (
            "caddy",
            'header /b/feed.xml Link `<https://hub.example.org/?a=%20>; rel="hub", <https://x.example.org/b/feed.xml>;',
        ),
        (
            "apache",
            'Header set Link "<https://hub.example.org/?a=%%20>; rel=\\"hub\\", <https://x.example.org/b/feed.xml>;',
        ),
    ],
)
def test_feeds_name_their_hub(tmp_path: Path, host: str, line: str) -> None:
    config = Config(title="x", url="https://x.example.org/b/")
    target = TargetConfig(type="folder", host=host, websub=("https://hub.example.org/?a=%20",))
    files, _ = host_files(target, config, {"feed.xml", "tags/x/atom.xml", "sitemap.xml"}, tmp_path)
    (text,) = (data.decode() for data in files.values())
    assert line in text
    assert "/b/tags/x/atom.xml" in text
    assert "sitemap.xml" not in text
