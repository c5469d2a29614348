"""The languages that Openletter brings: their catalogues are complete, and no English is left on a page of theirs."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from lxml import html

from generator.words import choose_formats, find_words
from generator.words.catalogue import LOCALES
from tests.factories import Site, build_site
from tests.words.conftest import POT, ROOT, messages, words_of

LANGUAGES = ("cy", "fr", "de", "es", "ar")
VALUE = re.compile(r"%\(\w+\)s|<[^>]+>")
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "trimmed": "true"}


def read(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source)


def forms(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def for_readers() -> frozenset[str]:
    """List the messages that readers see: all but those of the preview's own tools."""
    code = extract_from_dir(ROOT / "generator", [("preview/**", "ignore"), ("**.py", "python")])
    options = {"*/templates/**": OPTIONS}
    templates = extract_from_dir(ROOT / "themes", [("*/templates/**", "jinja2")], options)
    return frozenset(forms(message)[0] for _, _, message, _, _ in (*code, *templates))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_word_that_readers_see(language: str, for_readers: frozenset[str]) -> None:
    """If this fails, add the words to the .po files: a word that readers see is in all of them."""
    catalogue, known = read(LOCALES / f"{language}.po"), {forms(each.id)[0] for each in read(POT) if each.id}
    assert len(for_readers) > 150
    assert for_readers <= known
    translated = {forms(each.id)[0] for each in catalogue if each.id and all(forms(each.string))}
    assert for_readers - translated == set()
    assert {forms(each.id)[0] for each in catalogue if each.id} - known == set()


def _translated(language: str) -> Iterator[Message]:
    return (each for each in read(LOCALES / f"{language}.po") if each.id and any(forms(each.string)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_values_and_tags_and_uses_no_straight_quotation_marks(language: str) -> None:
    for message in _translated(language):
        wanted = sorted(VALUE.findall(forms(message.id)[-1]))
        for form in forms(message.string)[-1:]:
            assert sorted(VALUE.findall(form)) == wanted, message.id
        for form in forms(message.string):
            assert set(VALUE.findall(form)) <= set(wanted), message.id
            assert '"' not in VALUE.sub("", form), message.id


PLURALS = {
    "cy": ("0 cofnod", "1 cofnod", "2 gofnod", "3 chofnod", "6 chofnod", "21 cofnod"),
    "fr": ("0 article", "1 article", "2 articles", "3 articles", "6 articles", "21 articles"),
    "de": ("0 Beiträge", "1 Beitrag", "2 Beiträge", "3 Beiträge", "6 Beiträge", "21 Beiträge"),
    "es": ("0 artículos", "1 artículo", "2 artículos", "3 artículos", "6 artículos", "21 artículos"),
    "ar": ("لا مقالات", "مقال واحد", "مقالان", "3 مقالات", "6 مقالات", "21 مقالًا"),
    "en": ("0 posts", "1 post", "2 posts", "3 posts", "6 posts", "21 posts"),
}


@pytest.mark.parametrize("language", PLURALS)
def test_numbers_have_their_plural_forms(language: str) -> None:
    words = find_words(language)
    shown = [words.ngettext("%(number)s post", "%(number)s posts", n, number=n) for n in (0, 1, 2, 3, 6, 21)]
    assert tuple(shown) == PLURALS[language]


@pytest.mark.parametrize(
    ("page", "site", "words", "chosen"),
    [
        ("cy", "en-GB", "cy", "cy"),
        ("en", "en-GB", "en", "en-GB"),
        ("en-US", "en-GB", "en", "en-US"),
        ("en-GB", "cy", "en", "en-GB"),
        ("it", "de-AT", "de", "de-AT"),
        ("", "fr", "fr", "fr"),
        ("de-AT", "en", "de", "de-AT"),
    ],
)
def test_dates_follow_the_words_and_keep_the_region(page: str, site: str, words: str, chosen: str) -> None:
    assert choose_formats(page, site, words) == chosen


def test_a_page_writes_dates_in_the_language_of_its_words(
    letters: Callable[..., Site], post: Callable[..., str]
) -> None:
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\nlanguage = "en-GB"\n',
            "posts/2024-03-02-a.md": post("Helo", lang="cy"),
            "posts/2024-03-01-b.md": post("Hello", lang="en"),
            "posts/2024-02-28-c.md": post("Ciao", lang="it"),
            "posts/2024-02-27-d.md": post("مرحبًا", lang="ar"),
        }
    )
    shown = {name: made.text(f"2024/0{month}/{name}/index.html") for name, month in zip("abcd", "3322", strict=True)}
    shown = {name: page.split("<article")[1].split("</article>")[0] for name, page in shown.items()}
    assert "2 Mawrth 2024" in shown["a"]
    assert "1 March 2024" in shown["b"]
    assert "28 February 2024" in shown["c"]
    assert "27 فبراير 2024" in shown["d"]
    assert "2 March 2024" in made.text("index.html")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_word_of_ours_is_left_on_any_page(language: str, tmp_path: Path) -> None:
    """Our own site in another language: its authors' words stay as they are, all of ours are translated."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    settings = (ROOT / "site.toml").read_text("utf-8").replace('language = "en-GB"', f'language = "{language}"')
    (tmp_path / "site.toml").write_text(settings + "[images]\nwidths = []\n", "utf-8")
    for file in (tmp_path / "content").rglob("*.md"):
        file.write_text(re.sub(r"(?m)^lang: .*", f"lang: {language}", file.read_text("utf-8")), "utf-8")
    build_site(tmp_path)
    words = find_words(language)
    own = set(re.findall(r'(?:title|name|role) = "([^"]*)"', settings))
    english = {message for message in messages() if "%" not in message and words.gettext(message) != message} - own
    english -= {form for each in _translated(language) for form in forms(each.string)}  # "Note" is French too
    pages = sorted((tmp_path / "output").rglob("*.html"))
    assert len(pages) > 80
    left = {
        (file.relative_to(tmp_path).as_posix(), text)
        for file in pages
        for text in words_of(html.fromstring(file.read_text("utf-8")))
        if text in english
    }
    assert left == set()
