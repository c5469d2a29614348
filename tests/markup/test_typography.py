from __future__ import annotations

import pytest

from generator.markup.typography import LANGUAGES, smarten

ENGLISH = {
    '"Hello," she said.': "“Hello,” she said.",
    "'Hello,' she said.": "‘Hello,’ she said.",
    "It's the '90s, 5 o'clock": "It’s the ’90s, 5 o’clock",
    "'Tis rock 'n' roll": "’Tis rock ’n’ roll",
    "the leaders' trust": "the leaders’ trust",
    "\"'Go,' he said,\" she said.": "“‘Go,’ he said,” she said.",
    "He said: \"She said 'yes'\"": "He said: “She said ‘yes’”",
    '("quoted")': "(“quoted”)",
    '—"after a dash"': "—“after a dash”",
    "a -- b --- c": "a – b — c",
    "word--word": "word–word",
    "use --drafts or --> or <-- or ----": "use --drafts or --> or <-- or ----",
    "wait... no....": "wait… no....",
    '6" nails': "6” nails",
    'say "no".': "say “no”.",
    '"': "”",
    "": "",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_english_text_is_set(text: str) -> None:
    assert smarten(text, "en") == ENGLISH[text]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "„Das ist ‚gut‘“, sagt’s"),
        ("de-CH", "«Das ist ‹gut›», sagt’s"),
        ("fr", "«\u202fDas ist “gut”\u202f», sagt’s"),
        ("sv", "”Das ist ’gut’”, sagt’s"),
        ("pl", "„Das ist «gut»”, sagt’s"),
        ("nl", "“Das ist ‘gut’”, sagt’s"),
        ("xx", "“Das ist ‘gut’”, sagt’s"),
    ],
)
def test_quotation_marks_follow_the_language(language: str, expected: str) -> None:
    assert smarten("\"Das ist 'gut'\", sagt's", language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_four_marks(language: str) -> None:
    assert all(mark.strip() for mark in LANGUAGES[language])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('"*x*" y', "<p>“<em>x</em>” y</p>"),
        ('*"x"* y', "<p><em>“x”</em> y</p>"),
        ('a *b*"c', "<p>a <em>b</em>”c</p>"),
        ('a ("*b*")', "<p>a (“<em>b</em>”)</p>"),
        ("*Ann*'s", "<p><em>Ann</em>’s</p>"),
        ('"`x`" it\'s `it\'s "x" -- y`', '<p>“<code>x</code>” it’s <code>it\'s "x" -- y</code></p>'),
        ('["x"](https://example.org/it\'s)', '<p><a href="https://example.org/it\'s">“x”</a></p>'),
        ("- \"a\"\n- 'b'", "<ul>\n<li>“a”</li>\n<li>‘b’</li>\n</ul>"),
        ("<kbd>'a'</kbd> <samp>\"b\"</samp>", "<p><kbd>'a'</kbd> <samp>\"b\"</samp></p>"),
        ("<b></b>'a' <i>b</i><b>'c'</b>", "<p><b></b>‘a’ <i>b</i><b>’c’</b></p>"),
    ],
)
def test_marks_are_right_across_inline_elements(text: str, html: str, body_of, show) -> None:  # type: ignore[no-untyped-def]
    assert show(body_of(text)) == html


def test_alt_texts_and_captions_are_set_too(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("![It's \"a\"](b.jpg 'It's \"c\"')")
    assert body.images[0].alt == "It’s “a”"
    assert "<figcaption>It’s “c”</figcaption>" in body.html


def test_typography_can_be_switched_off(body_of, show) -> None:  # type: ignore[no-untyped-def]
    assert show(body_of('"It\'s" -- so...', typography=False)) == '<p>"It\'s" -- so...</p>'
