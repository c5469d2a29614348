"""A Content Security Policy holds the hosts of contacts, and nothing that changes what it means."""

import pytest

from generator.config import load_config
from generator.errors import ConfigError
from generator.model import Contact
from generator.render.policy import write_policy
from tests.factories import Site, post, write_site
from tests.text.test_host_names import NO_HOSTS

USUAL = write_policy([])
FILM = "/w/9c9de5e8-0a1e-484a-b099-e80766180a6d"
PAGE = "2024/01/a/index.html"


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_contact_without_a_host_name_allows_nothing(host: str) -> None:
    assert write_policy([Contact(host, "script"), Contact(host, "frame"), Contact(host, "form")]) == USUAL


@pytest.mark.parametrize("scheme", ["", "*", "data", "https://x;", "javascript"])
def test_a_contact_of_another_scheme_allows_nothing(scheme: str) -> None:
    assert write_policy([Contact("a.example", "script", scheme=scheme)]) == USUAL


HOSTILE = (
    "https://*",
    "https://*.example.org",
    "https://a.example;sandbox;",
    "https://;sandbox;",
    "https://a.example;script-src%20*",
    "https://a.example,b.example",
    "https://a.example'unsafe-inline'",
    "https://$.example",
    "https://a.example;report-uri",
    "https://\u037e.example",
    "https://\uff0a.example",
    "https://a\uff1bsandbox.example",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build a post for each host, with a link to a film there and, as trusted HTML, a frame and a player."""
    site = Site(
        write_site(
            tmp_path_factory.mktemp("hostile"),
            {
                "site.toml": 'title = "T"\nurl = "https://example.org/"\n[markup]\nraw_html = "trusted"\n',
                **{
                    f"posts/2024-01-01-p{n}.md": post(
                        f"P{n}",
                        f'{url}{FILM}\n\n[film]({url}{FILM})\n\n<iframe src="{url}/x" title="x"></iframe>\n\n'
                        f'<video controls src="{url}/x.mp4"></video>',
                    )
                    for n, url in enumerate(HOSTILE)
                },
                "posts/2024-01-01-a.md": post("A", f"https://tube.example.org{FILM}"),
                "posts/2024-01-01-b.md": post("B", f"https://bücher.example{FILM}"),
            },
        )
    )
    site.build()
    return site


def policy_of(site: Site, path: str) -> str:
    (found,) = site.html(path).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return str(found)


@pytest.mark.parametrize("n", range(len(HOSTILE)), ids=HOSTILE)
def test_no_link_or_frame_in_a_post_widens_its_policy(hostile: Site, n: int) -> None:
    assert policy_of(hostile, f"2024/01/p{n}/index.html") == USUAL


def test_a_film_on_a_real_host_is_allowed_there_and_nowhere_else(hostile: Site) -> None:
    assert policy_of(hostile, PAGE).replace("; frame-src https://tube.example.org", "") == USUAL
    international = policy_of(hostile, "2024/01/b/index.html")
    assert international.replace("; frame-src https://xn--bcher-kva.example", "") == USUAL


@pytest.mark.parametrize("url", [url for url in HOSTILE if url.isascii()])
@pytest.mark.parametrize(
    "options",
    [
        'provider = "isso"\nserver = ',
        'provider = "remark42"\nsite = "s"\nserver = ',
        'provider = "discourse"\nserver = ',
        'provider = "mastodon"\naccount = "a"\nserver = ',
        'provider = "link"\nurl = ',
    ],
    ids=["isso", "remark42", "discourse", "mastodon", "link"],
)
def test_a_server_of_comments_must_have_a_host_name(
    tmp_path_factory: pytest.TempPathFactory, options: str, url: str
) -> None:
    root = tmp_path_factory.mktemp("comments")
    text = f'title = "T"\nurl = "https://example.org/"\n[comments]\n{options}"{url}"\n'
    (root / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(root)
    assert any(
        each.code == "config-url" and each.path == "site.toml" and each.line == text.count("\n")
        for each in caught.value.problems
    )


@pytest.mark.parametrize("host", ["*", "*.example.org", "a.example;sandbox", "a.example b.example", "'self'"])
def test_a_host_of_pictures_must_be_a_host_name(tmp_path_factory: pytest.TempPathFactory, host: str) -> None:
    root = tmp_path_factory.mktemp("pictures")
    (root / "site.toml").write_text(
        f'title = "T"\nurl = "https://example.org/"\n[images]\nhosts = ["{host}"]\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="is not a host name"):
        load_config(root)
