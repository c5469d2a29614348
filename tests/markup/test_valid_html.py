from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from generator.markup.body import make_body
from generator.markup.placeholders import Context
from generator.markup.settings import MarkupSettings

EVERYTHING = Path(__file__).with_name("everything.md")

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Page</title></head>
<body><main><h1>Page</h1>
{}
</main></body></html>
"""

OTHER_ENGINE = {
    "footnotes": (
        (
            '<p>One<sup class="footnote-ref"><a href="#fn-x" id="fnref-x" data-footnote-ref>1</a></sup>.</p>\n'
            '<section class="footnotes" data-footnotes>\n<ol>\n<li id="fn-x">\n<p>Note. <a href="#fnref-x" '
            'class="footnote-backref" data-footnote-backref aria-label="Back to reference 1">↩</a></p>\n</li>\n</ol>\n'
            "</section>"
        ),
        "One[^x].\n\n[^x]: Note.",
    ),
    "an alert": (
        '<div class="markdown-alert markdown-alert-tip">\n<p class="markdown-alert-title">Tip</p>\n<p>Do.</p>\n</div>',
        "> [!TIP]\n> Do.",
    ),
    "tasks": (
        (
            '<ul>\n<li><input type="checkbox" disabled="" /> a</li>\n'
            '<li><input type="checkbox" checked="" disabled="" /> b</li>\n</ul>'
        ),
        "- [ ] a\n- [x] b",
    ),
    "a table": (
        (
            '<table>\n<thead>\n<tr>\n<th align="right">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
            '<td align="right">1</td>\n</tr>\n</tbody>\n</table>'
        ),
        "| a |\n| ---: |\n| 1 |",
    ),
    "a heading": ("<h3>Head</h3>", "### Head"),
    "code": ('<pre><code class="language-python">x\n</code></pre>', "``` python\nx\n```"),
}


@pytest.mark.parametrize("name", OTHER_ENGINE)
def test_the_html_of_a_native_parser_ends_in_the_same_body(name: str, body_of) -> None:  # type: ignore[no-untyped-def]
    html, text = OTHER_ENGINE[name]
    assert make_body(html, slug="a-post", settings=MarkupSettings()) == body_of(text)


def test_everything_is_converted_the_same_twice(body_of) -> None:  # type: ignore[no-untyped-def]
    text = EVERYTHING.read_text(encoding="utf-8")
    assert body_of(text) == body_of(text)
    assert not re.search(r" (?:style|on\w+|align)=", body_of(text).html)


@pytest.mark.outside
@pytest.mark.slow
def test_everything_is_valid_in_every_context(vnu: Path, tmp_path: Path, body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of(EVERYTHING.read_text(encoding="utf-8"))
    for context in Context:
        (tmp_path / f"{context}.html").write_text(PAGE.format(show(body, context)), encoding="utf-8")
        (tmp_path / f"{context}-excerpt.html").write_text(
            PAGE.format(show(body, context, html=body.excerpt)), encoding="utf-8"
        )
    ran = subprocess.run(["java", "-jar", str(vnu), "--errors-only", str(tmp_path)], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
