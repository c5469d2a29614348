"""A language is one file: with it, no English word of ours is left on our own site, in its feeds, in a mail."""

import email
import json
import re
import subprocess
import sys
import textwrap
import zipfile
from email import policy
from pathlib import Path

import feedparser
import pytest
from lxml import html

from tests.guards import HANG_S
from tests.words.conftest import ROOT, accented, messages, run_program, words_of, write_pseudo


def pattern(message: str) -> str:
    """Match what a message looks like when it is shown, without its tags."""
    bare = re.sub(r"<[^>]*>", "", message)
    return "".join(".+" if n % 2 else re.escape(part) for n, part in enumerate(re.split(r"(%\(\w+\)s)", bare)))


ENGLISH = re.compile("|".join(pattern(each) for each in messages() if accented(each) != each and "%" not in each[:2]))


def left_in_english(page: str) -> set[str]:
    return {text for text in words_of(html.fromstring(page)) if ENGLISH.fullmatch(text)}


def test_no_english_word_is_left_on_any_page_of_our_own_site(translated: Path) -> None:
    settings = (translated / "site.toml").read_text("utf-8")
    own = set(re.findall(r'(?:title|name) = "([^"]*)"', settings))
    left: dict[str, set[str]] = {}
    pages = sorted((translated / "output").rglob("*.html"))
    assert len(pages) > 80
    for file in pages:
        found = left_in_english(file.read_text("utf-8")) - own
        if found:
            left[file.relative_to(translated).as_posix()] = found
    assert left == {}


def test_every_page_has_words_of_the_language(translated: Path) -> None:
    for file in (translated / "output").rglob("*.html"):
        text = file.read_text("utf-8")
        assert accented("Skip to content") in text or accented("This page has moved") in text, file
    missing = (translated / "output/404.html").read_text("utf-8")
    assert f"<h1>{accented('Page not found')}</h1>" in missing
    assert f"<title>{accented('Page not found')} · " in missing


def test_no_english_word_is_left_in_the_feeds(translated: Path) -> None:
    newsletter = translated / "output/newsletter"
    for name in ("feed.xml", "atom.xml"):
        assert feedparser.parse((newsletter / name).read_bytes()).feed.title.startswith(accented("Newsletter"))
    assert json.loads((newsletter / "feed.json").read_bytes())["title"].startswith(accented("Newsletter"))
    entries = [
        entry.content[0].value
        for file in (translated / "output").rglob("feed.xml")
        for entry in feedparser.parse(file.read_bytes()).entries
    ]
    assert set().union(*map(left_in_english, entries)) == {"Listen", "What changes"}  # words of two posts
    assert any(accented("Learning points") in content for content in entries)


def test_no_english_word_is_left_in_a_mail(translated: Path) -> None:
    file = translated / "arrivals.eml"
    run_program(translated, "newsletter", "eml", "2026-10-arrivals", "--output", str(file))
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    shown, plain = (message.get_body((kind,)) for kind in ("html", "plain"))
    assert shown is not None
    assert plain is not None
    assert left_in_english(shown.get_content()) == set()
    text = plain.get_content()
    assert [line for line in text.splitlines() if ENGLISH.fullmatch(line.strip())] == []
    for message_id in ("Read more:", "Unsubscribe:", "All issues:", "Read this in your browser:"):
        assert accented(message_id) in text


def test_no_english_word_is_left_in_the_preview(translated: Path) -> None:
    run_program(translated, "build", "--drafts", "--at", "2026-11-01", "--output", "marked")
    page = (translated / "marked/index.html").read_text("utf-8")
    assert f"{accented('Preview with drafts')}, {accented('as of')} 2026-11-01" in page
    script = """
        import sys
        from generator.preview.browser_files import digest_browser_files, load_browser_files
        assert digest_browser_files("eo") != digest_browser_files("en") == digest_browser_files("xx")
        sys.stdout.buffer.write(b"".join(load_browser_files("eo")[name] for name in ("words.js", "waiting.html")))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    shown = subprocess.run(command, cwd=translated, capture_output=True, check=True, timeout=HANG_S).stdout.decode()
    assert f"<h1>{accented('The preview is being built')}</h1>" in shown
    for message in ("Scheduled posts", "%(num)s words", "Draft", "Hide the preview bar"):
        assert json.dumps(accented(message)) in shown


@pytest.mark.slow
def test_a_wheel_carries_the_compiled_catalogues(tmp_path: Path) -> None:
    """Of a copy of the checkout with one more .po: it alone makes the language."""
    files = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    for name in files.stdout.splitlines():
        source = ROOT / name
        if name.startswith(("generator/", "themes/", "docs/")) or "/" not in name:
            file = tmp_path / "checkout" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source.read_bytes())
    write_pseudo(tmp_path / "checkout/generator/words/locale/eo.po")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(command, cwd=tmp_path / "checkout", check=True, capture_output=True, timeout=HANG_S)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        assert "generator/words/locale/eo.mo" in names
        assert accented("Parts").encode() in archive.read("generator/words/locale/eo.mo")
    assert not list((tmp_path / "checkout").rglob("*.mo"))
