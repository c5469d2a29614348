"""The addresses of [contact], which stand at the foot of every letter, are checked at their lines in site.toml."""

from pathlib import Path

import pytest

from tests.factories import build_site, post, write_site

SITE = 'title = "T"\nurl = "https://example.org/council/"\n[contact]\nphone = "01632 960 111"\n'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('url = "https://example.org/council/nowhere/"', "to the contact page"),
        ('status = "http://example.org/council/nowhere/"', "to the status page"),
        ('status = "https://example.org/council/status/"', "to the status page"),
        ('url = "https://example.org/council/about/"', ""),
        ('url = "https://elsewhere.example/help/"', ""),
        ('status = "https://status.example.net/"', ""),
    ],
)
def test_a_broken_address_of_the_contact_is_named_at_its_line(tmp_path: Path, line: str, words: str) -> None:
    root = write_site(tmp_path, {"site.toml": f"{SITE}{line}\n", "pages/about.md": post("About", id="about")})
    found = [each for each in build_site(root).problems if each.path == "site.toml"]
    assert [(each.code[:4], each.line) for each in found] == ([("dead", 5)] if words else [])
    assert all(words in each.message for each in found)
