"""What is changed in a page on its way to the browser."""

from __future__ import annotations

import pytest

from generator.preview.content_security_policy import allow_source
from generator.preview.injection import inject_script

SOURCE = "http://127.0.0.1:8000/__openletter/"
SCRIPT = "<script></script>"


def injected(page: bytes) -> bytes:
    return inject_script(page, SCRIPT, SOURCE, "n0nce", "https://example.org/blog/", "/blog/")


@pytest.mark.parametrize(
    ("policy", "widened"),
    [
        ("script-src 'self'", "script-src 'self'"),
        ("default-src 'self'", "default-src 'self'"),
        (
            "default-src 'none'",
            f"default-src 'none'; script-src-elem {SOURCE}; style-src-elem {SOURCE}; connect-src {SOURCE}",
        ),
        (
            "default-src 'self'; script-src 'none'; connect-src https://api.example",
            f"default-src 'self'; script-src 'none'; connect-src https://api.example {SOURCE}; script-src-elem "
            + SOURCE,
        ),
        (
            "script-src 'strict-dynamic' 'nonce-x'",
            f"script-src 'strict-dynamic' 'nonce-x'; script-src-elem 'strict-dynamic' 'nonce-x' {SOURCE} 'nonce-n0nce'",
        ),
        ("img-src 'none'", "img-src 'none'"),
        ("Script-Src 'NONE'; script-src *", f"script-src 'NONE'; script-src-elem {SOURCE}"),
        (" ; ;", ""),
    ],
)
def test_a_policy_admits_the_preview_and_nothing_else(policy: str, widened: str) -> None:
    assert allow_source(policy, SOURCE, "n0nce") == widened


def test_the_script_comes_at_the_end_of_the_head() -> None:
    assert injected(b"<html><head><title>x</title></head><body></head></body>") == (
        b"<html><head><title>x</title>" + SCRIPT.encode() + b"</head><body></head></body>"
    )
    assert injected(b"<p>no head") == b"<p>no head\n" + SCRIPT.encode()
    assert injected(b"") == b"\n" + SCRIPT.encode()


def test_policies_are_rewritten_however_they_are_spelled() -> None:
    page = (
        b"""<META content='default-src &#39;none&#39;' HTTP-EQUIV=Content-Security-Policy><meta name="x" content=">">"""
    )
    text = injected(page + b"</head>").decode()
    assert "connect-src " + SOURCE in text
    assert "default-src &#x27;none&#x27;" in text
    assert '<meta name="x" content=">">' in text


def test_a_policy_shown_in_the_text_is_left_alone() -> None:
    body = b'<body><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"></body>'
    assert injected(b"<head></head>" + body).endswith(body)


def test_a_redirect_to_the_published_site_stays_in_the_preview() -> None:
    page = b'<head><meta http-equiv="refresh" content="0; url=https://example.org/blog/new/"></head>'
    assert b'content="0; url=/blog/new/"' in injected(page)
    elsewhere = page.replace(b"example.org", b"other.example")
    assert b"https://other.example/blog/new/" in injected(elsewhere)


def test_what_is_not_utf_8_is_not_destroyed() -> None:
    assert injected(b"<head></head>\xff") == b"<head>" + SCRIPT.encode() + b"</head>\xff"
    wide = "<head></head>".encode("utf-16")
    assert injected(wide) == wide
