from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generator.config import (
    AuthorConfig,
    CommentsConfig,
    Config,
    NavItem,
    Permalinks,
    SeriesConfig,
    SmtpConfig,
    TagConfig,
    load_config,
)
from generator.config.providers.link import DiscussionLink
from generator.errors import Problem

Load = Callable[[str], tuple[Config, tuple[Problem, ...]]]

FULL = """
language = "EN-gb"
timezone = "Europe/London"
description = "What we do, and why."
image = "card.jpg"
image_alt = "The library at dusk."
organisation = "Example University"

[theme]
name = "letters"
accent = "green"

[[nav]]
title = "About"
url = "/about/"
[[nav]]
title = "Write to us"
url = "mailto:office@example.org"

[authors.jane]
name = "Jane Doe"
role = "IT director"
bio = "She writes."
image = "/jane.jpg"
url = "https://jane.example/"
[authors.joe]

[tags.customer-service]
name = "Customer Service"
description = "Those we work for."

[series.small-steps]
rating_max = 10

[permalinks]
post = "/{year}/{month}/{day}/{slug}.html"
home = "/journal/"

[markup]
engine = "commonmark"
typography = false

[output]
feeds = ["rss"]
listing_feeds = ["json"]
feeds_for = []
per_page = 25

[extensions]
use = ["ratings", "x_y"]
[images]
hosts = ["Images.Example.org", "images.example.org"]

[comments]
provider = "link"
url = "https://talk.example.org/new?title={title}&link={link}"

[newsletter]
subscribe = "https://lists.example.org/join"
unsubscribe = ["mailto:leave@example.org?subject={token}", "https://lists.example.org/leave?who={address}"]
from = "The Office <office@example.org>"
list_id = "<news.example.org>"
one_click = true
[newsletter.smtp]
host = "smtp.example.org"
port = 465
security = "tls"
"""


def test_every_section_is_read(load: Load) -> None:
    config, problems = load(FULL)
    assert problems == ()
    assert config.language == "en-GB"
    assert config.zone == ZoneInfo("Europe/London")
    assert (config.image, config.image_alt) == ("/card.jpg", "The library at dusk.")
    assert config.organisation == "Example University"
    assert (config.theme, config.theme_options) == ("letters", {"accent": "green"})
    assert config.nav == (NavItem("About", "/about/"), NavItem("Write to us", "mailto:office@example.org"))
    jane = AuthorConfig("Jane Doe", "IT director", "She writes.", "/jane.jpg", "https://jane.example/")
    assert config.authors == {"jane": jane, "joe": AuthorConfig("joe")}
    assert config.tags == {"customer-service": TagConfig("Customer Service", "Those we work for.")}
    assert config.series == {"small-steps": SeriesConfig(rating_max=10.0)}
    assert config.permalinks == Permalinks(post="/{year}/{month}/{day}/{slug}.html", home="/journal/")
    assert (config.markup.engine, config.markup.typography, config.markup.raw_html) == ("commonmark", False, "safe")
    assert config.output.listing_feeds == ("json",)
    assert (config.output.feeds, config.output.feeds_for, config.output.per_page) == (("rss",), (), 25)
    assert config.images.hosts == ("images.example.org",)
    assert config.comments == CommentsConfig(
        "link", service=DiscussionLink("https://talk.example.org/new?title={title}&link={link}")
    )
    assert config.newsletter.from_ == "The Office <office@example.org>"
    assert config.newsletter.list_id == "news.example.org"
    assert config.newsletter.smtp == SmtpConfig("smtp.example.org", 465, "tls")


def test_a_title_and_an_url_are_enough(load: Load) -> None:
    config, problems = load("")
    assert config == Config(title="Letters", url="https://www.example.org/")
    assert problems == ()


@pytest.mark.parametrize(
    ("written", "url", "base_path", "host"),
    [
        ("https://www.example.org", "https://www.example.org/", "/", "www.example.org"),
        ("HTTPS://WWW.Example.org/blog", "https://www.example.org/blog/", "/blog/", "www.example.org"),
        ("http://localhost:8000/a/b/", "http://localhost:8000/a/b/", "/a/b/", "localhost"),
        ("http://[::1]:8000", "http://[::1]:8000/", "/", "::1"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "/", "xn--bcher-kva.example"),
    ],
)
def test_the_sites_address_is_made_normal(tmp_path: Path, written: str, url: str, base_path: str, host: str) -> None:
    (tmp_path / "site.toml").write_text(f'title = "x"\nurl = "{written}"', encoding="utf-8")
    config, _ = load_config(tmp_path)
    assert (config.url, config.base_path, config.host) == (url, base_path, host)


def test_the_theme_may_be_a_name_alone(load: Load) -> None:
    assert load('theme = "letters"')[0].theme == "letters"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b'\xef\xbb\xbftitle = "x"\r\nurl = "https://www.example.org"\r\n')
    assert load_config(tmp_path)[0].title == "x"


def test_a_largest_width_of_zero_is_the_largest_of_the_widths(load: Load) -> None:
    assert load("[images]\nmax_width = 0\n")[0].images == load("")[0].images
