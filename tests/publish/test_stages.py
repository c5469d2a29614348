import pytest

from generator.publish.headers import cache_control, content_type
from generator.publish.stages import SendStage, is_digested, stage_of

A_YEAR = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("path", "stage"),
    [
        ("assets/style.f9f75440.css", SendStage.DIGESTED),
        ("assets/style.f9f75440.css.br", SendStage.DIGESTED),
        ("2026/11/a/photo.640.3f2a9c1d.webp", SendStage.DIGESTED),
        ("pagefind/fragment/en_1a2b3c4.pf_fragment", SendStage.DIGESTED),
        ("pagefind/pagefind-entry.json", SendStage.ASSETS),
        ("2026/11/a/photo.jpg", SendStage.ASSETS),
        ("site.webmanifest", SendStage.ASSETS),
        ("new/index.html", SendStage.NEW_PAGES),
        ("new/index.html.gz", SendStage.NEW_PAGES),
        ("index.html", SendStage.CHANGED_PAGES),
        ("404.html", SendStage.CHANGED_PAGES),
        ("feed.xml", SendStage.FEEDS),
        ("tags/x/feed.json", SendStage.FEEDS),
        ("events.ics", SendStage.FEEDS),
        ("sitemap.xml", SendStage.FEEDS),
        ("_redirects", SendStage.FEEDS),
    ],
)
def test_what_others_name_is_sent_first(path: str, stage: SendStage) -> None:
    assert stage_of(path, is_new=path.startswith("new/")) is stage


@pytest.mark.parametrize(
    ("path", "digested"),
    [
        ("assets/style.f9f75440.css", True),
        ("assets/fonts/a.12345678.woff2", True),
        ("2026/a/photo.640.20261130.webp", True),
        ("2026/a/social-card.3f2a9c1d.png", True),
        ("2026/a/report.20261130.pdf", False),
        ("2026/a/IMG_20261130.jpg", False),
        ("2026/a/scan-1a2b3c4d.jpg", False),
        ("assets/style.css", False),
        ("index.html", False),
        ("a.1a2b3c4d.html", False),
    ],
)
def test_only_names_that_the_build_makes_from_bytes_are_kept_for_a_year(path: str, digested: bool) -> None:
    assert is_digested(path) is digested
    assert (cache_control(path) == A_YEAR) is digested


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/index.html", "text/html; charset=utf-8"),
        ("PHOTO.JPG", "image/jpeg"),
        ("feed.xml", "application/rss+xml; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("tags/x/feed.json", "application/feed+json"),
        ("x.unknown", "application/octet-stream"),
        ("noending", "application/octet-stream"),
    ],
)
def test_media_types_follow_from_the_name(path: str, kind: str) -> None:
    assert content_type(path) == kind
