"""The inputs Hypothesis makes, for every reader of what a user writes. A new kind of input joins here."""

from __future__ import annotations

from hypothesis import strategies as st

CHARS = st.characters(codec=None, exclude_categories=())
MARKS = [
    *("a", '"', "'", "--", "...", "*", "**", "_", "`", "```\n", "~~", "[", "](", "](<", ")", "![", "[^1]"),
    *("[a]", "\n\n[^1]: n", "\n\n[^1]: > [^2]: n", "\n\n[a]: b 'c'\n", "\n\n*[a]: c\n", "> [!NOTE] x"),
    *("> [!PULLQUOTE]\n> ", "<!--more-->", "\n", "\n\n", "\n    ", "  \n", "\\\n", "# ", "## ", "- ", "1. "),
    *("- [ ] ", "> ", "|", "!!! note\n    ", "a|b\n-|-:\n1|2\n", "\n:   d\n", "{: #q .r }", "{#q}", "---\n"),
    *("a@example.org", "https://example.org/", "&#xFDD0;", "&lt;", "&amp", "&", "<", ">", "\\", "]", ":"),
    *("!", "=", "\t", "\r", "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "�", "\x01", "\x0c", "é", "日", "\u202e"),
    *("\xa0", "\u2028", "\ud800", ""),
]
TAGS = [
    *("<p>", "</p>", "<div align=center>", '<div markdown="1">', "</div>", "<b>", "</b>", "<i>", "<span>"),
    *("<center>", "<table>", "<tr>", "<td>", "<td style='text-align: right'>", "</table>", "<ul>", "<li>"),
    *("<dl>", "<dd>", "<a href=x>", "<a name=y>", "<a href='javascript:x'>", "</a>", "<h1>", "<h2 id=z>"),
    *("<img src=a alt='\"'>", "<iframe src=//e.example/>", "<video src=a>", "<audio>", "<source src=b>"),
    *("<figure>", "<figcaption>", "<details>", "<summary>", "<script>", "</script>", "<style>", "<svg>"),
    *("<math>", "<textarea>", "<title>", "<ruby>", "<rt>", "<wbr>", "<br>", "<!--", "-->", "<?", "<![CDATA["),
    *("<pre>", "<code>", "<input type=checkbox checked>", "<sup class=footnote-ref>"),
    *("<div class=footnotes><ol><li id=fn:1>", "<a class=footnote-ref href=#fn:1>"),
    *('<div class="footnote-definition" id=1>', '<sup class="footnote-reference"><a href=#1>'),
    *("<blockquote cite=x>",),
]
FRONT = [
    *("---\n", "+++\n", "{", "}", "[", "]", "title", "date", "tags", "slug", "aliases", "series", "part"),
    *("rating", "updates", "draft", "expires", "extra", "author", "comments", "posts", "collect", "action"),
    *("lang", "id", "body", ": ", " = ", "- ", "  ", "\n", '"', "'", "|\n ", ">-\n ", "&a ", "*a"),
    *("!!python/object ", "!!int ", "<<: ", "? ", "2024-01-01", "2024-02-30", "12:30", "+02:00", "T", "Z"),
    *("-0400", "0124062", "1.10", "1e999", "no", "true", "null", "9999999999999999999999999999999999999999"),
    *("../", "/a/", "%2e", "\\ud800", "\\u202e", "\\0", "9/10", "a", "é", "日", "#", ",", "\t", "\ufeff"),
    *("\x00", "\u2028", "\x85", "...\n", "--- \n", "{}", "[]", "~", "@", "`", "%", "\r\n"),
]
TOML = [
    *("title", "url", "language", "timezone", "theme", "[markup]", "[output]", "[permalinks]", "[[nav]]"),
    *("[authors.a]", "[tags.x]", "[series.s]", "[newsletter]", "[newsletter.smtp]", "[comments]", "[images]"),
    *("[theme]", "[publish.p]", "engine", "typography", "per_page", "post", "page", "name", "rating_max"),
    *("gaps", "from", "to", "port", "feeds", " = ", '"', "'", '"""', "\n", "[", "]", "{", "}", ", ", "."),
    *("true", "10", "-1", "1e400", "999999999999999999999999999999", "2024-01-01", '"https://example.org/"'),
    *('"en"', '"Europe/London"', '"/{year}/{slug}/"', '"../x"', "\\u0000", "#", "\x00", "é"),
]


def pieced(pieces: list[str], size: int = 40) -> st.SearchStrategy[str]:
    """Any text, or a text put together from pieces that mean something to its reader."""
    return st.one_of(st.text(CHARS, max_size=60), st.lists(st.sampled_from(pieces), max_size=size).map("".join))


MARKDOWN = pieced(MARKS + TAGS)
"""A body, as Markdown with HTML in it."""

HTML = pieced(TAGS + MARKS)
"""What an engine, or an older blog, may give as HTML."""


def encoded(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Give texts as the bytes of a file, and now and then bytes that are no text."""
    return st.one_of(texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=60))


SOURCES = encoded(
    st.one_of(
        pieced(FRONT),
        st.tuples(pieced(FRONT), MARKDOWN).map(lambda parts: f"---\ntitle: x\n{parts[0]}\n---\n{parts[1]}"),
        pieced(FRONT).map(lambda text: f"+++\n{text}\n+++\n"),
        pieced(FRONT).map(lambda text: f"{{{text}}}\n"),
    )
)
"""A source as it lies on the disk."""

COMMENTS = encoded(
    st.one_of(
        pieced(FRONT + TAGS),
        pieced(MARKS + TAGS, 15).map(lambda text: f"- author: a\n  date: 2024-01-01\n  body: |\n    {text}\n"),
    )
)
"""A file of kept comments."""

CONFIG = encoded(
    st.one_of(pieced(TOML), pieced(TOML).map(lambda text: f'title = "x"\nurl = "https://example.org/"\n{text}\n'))
)
"""A site.toml."""
