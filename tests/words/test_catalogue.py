"""The catalogue itself: what a lookup gives, what the list for translators holds, what templates may say."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jinja2
import pytest
from babel.messages.pofile import read_po

from generator.words import ENGLISH, find_words
from generator.words.catalogue import compile_catalogue
from tests.guards import HANG_S
from tests.words.conftest import POT, ROOT

TEMPLATES = ROOT / "themes/default/templates"


def test_english_needs_no_catalogue() -> None:
    assert ENGLISH.gettext("Page not found") == "Page not found"
    assert ENGLISH.gettext("Part %(part)s", part=3) == "Part 3"
    assert [ENGLISH.ngettext("%(num)s post", "%(num)s posts", n) for n in (0, 1, 2)] == ["0 posts", "1 post", "2 posts"]


@pytest.mark.parametrize(
    "language", ["en", "en-GB", "xx", "", "../../etc/passwd", "zh-Hant-TW", "x" * 999, "de\0", "é", "/", "qaa-x-1"]
)
def test_a_language_without_a_catalogue_is_english(language: str) -> None:
    assert find_words(language).gettext("Tags") == "Tags"


@pytest.mark.parametrize("value", ["<script>", "a & b", '"', "100%", "%(part)s", "'"])
def test_values_are_escaped_in_html_and_left_alone_in_text(value: str) -> None:
    shown = find_words("en", html=True).gettext("Part %(part)s", part=value)
    assert "<" not in shown
    assert '"' not in shown
    assert ENGLISH.gettext("Part %(part)s", part=value) == f"Part {value}"


def test_a_message_that_no_catalogue_has_stays_as_it_is() -> None:
    assert find_words("en", html=True).gettext("Our own words & more") == "Our own words & more"


def test_a_catalogue_compiles() -> None:
    assert compile_catalogue('msgid "Tags"\nmsgstr "Schlagwörter"\n'.encode())


def test_the_list_for_translators_is_up_to_date(tmp_path: Path) -> None:
    """If this fails, run `make words`."""
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nwords:")[2].partition("\n\n")[0]
    options = re.findall(r" (--[a-z-]+(?:=[^ ]+)?)(?= |$)", recipe.replace(f"--output={POT.relative_to(ROOT)}", ""))
    made = tmp_path / "made.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options, f"--output={made}", "."]
    subprocess.run(command, cwd=ROOT, check=True, timeout=HANG_S)
    assert made.read_text("utf-8") == POT.read_text("utf-8")


def test_no_message_has_a_straight_quotation_mark_outside_a_tag() -> None:
    """Messages stand in attributes too."""
    with POT.open("rb") as file:
        found = [str(each.id) for each in read_po(file) if each.id]
    assert [each for each in found if '"' in re.sub(r"<[^>]*>", "", each)] == []


@pytest.mark.parametrize(
    "path", sorted(file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*") if file.is_file())
)
def test_templates_hold_no_words_of_their_own(path: str) -> None:
    environment = jinja2.Environment(autoescape=True)
    text = (TEMPLATES / path).read_text("utf-8")
    text = re.sub(r"{% trans.*?{% endtrans %}", "", text, flags=re.DOTALL)
    parts = [token[2] for token in environment.lex(text) if token[1] == "data"]
    data = re.sub(r"<(style|title id)\b.*?</style>|<!--.*?-->", "", "\0".join(parts), flags=re.DOTALL)
    if path in ("mail/style.html",):
        return
    said = re.findall(r'(?:aria-label|title|alt)="([^"]*[A-Za-z][^"]*)"', data)
    said += re.findall(r'name="description" content="([^"]*[A-Za-z][^"]*)"', data)
    said += re.sub(r"<[^>]*>", "\n", data).split("\n") if path.endswith(".html") else data.split("\n")
    words = {re.sub(r"&\w+;|&#\d+;", "", each.replace("\0", "")).strip() for each in said}
    assert [each for each in words if re.search("[A-Za-z]{2}", each)] == []


def test_a_theme_may_use_the_names_of_gettext_for_something_else(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2014-10-06-a.md": post("A", tags=["x"]),
            "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "ours"\n',
            "themes/ours/templates/tags.html": "{% set _ = [] %}{% set x = _.append(1) %}"
            '<p>{{ _ }}</p>{% include "partials/footer.html" %}',
        }
    )
    assert "<p>[1]</p>" in made.text("tags/index.html")
    assert ">Archive<" in made.text("tags/index.html")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('{{ _("Tags") }}', "Tags"),
        ('{{ _("Our %(what)s", what="<b>") }}', "Our &lt;b&gt;"),
        ("{% trans %}Our tags{% endtrans %}", "Our tags"),
        ("{% trans n=2 %}{{ n }} thing{% pluralize %}{{ n }} things{% endtrans %}", "2 things"),
        ('{{ ngettext("one", "%(num)s of them", 3) }}', "3 of them"),
        ("{% trans %}\n  two\n  lines\n{% endtrans %}", "two lines"),
    ],
)
def test_templates_of_other_themes_may_use_the_catalogue(letters: Any, post: Any, written: str, shown: str) -> None:
    made = letters(
        {
            "posts/2014-10-06-a.md": post("A", tags=["x"]),
            "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "ours"\n',
            "themes/ours/templates/tags.html": f"<p>{written}</p>",
        }
    )
    assert made.codes == []
    assert f"<p>{shown}</p>" in made.text("tags/index.html")
