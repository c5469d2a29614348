"""Check the size of a mail, and find its largest stories."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from generator.errors import Problem, error, warning
from generator.model import Letter
from generator.newsletter.message.reader_name import replace_names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 102_000
"""Gmail cuts off longer HTML (102 KB) and so hides the unsubscribe link."""
WARN_BYTES = 90_000
_HEADINGS = ("h1", "h2", "h3")
_NAMED = 3
_HINT = "Shorten or remove the largest stories."


def check_size(letter: Letter, message: bytes) -> tuple[Problem, ...]:
    """Report HTML that is too large or nearly so, else a whole message that is."""
    html = measure_html(message)
    if html > MAX_BYTES:
        text = f"The mail's HTML has {html:,} bytes, but Gmail cuts it off after {MAX_BYTES:,}.{_name_largest(letter)}"
        return (error(letter.slug, "mail-size", text, _HINT),)
    if html > WARN_BYTES:
        text = f"The mail's HTML has {html:,} bytes. Gmail cuts it off after {MAX_BYTES:,}.{_name_largest(letter)}"
        return (warning(letter.slug, "mail-size", text, _HINT),)
    if len(message) > MAX_BYTES:
        text = f"The whole mail has {len(message):,} bytes, {html:,} of them HTML.{_name_largest(letter)}"
        return (warning(letter.slug, "mail-size", text, _HINT),)
    return ()


def measure_html(message: bytes) -> int:
    """Count the bytes of a message's HTML part as mail programs decode it; 0 if it has none."""
    part = message_from_bytes(message, policy=default).get_body(("html",))
    payload = part.get_payload(decode=True) if part is not None else b""
    return len(payload.replace(b"\r\n", b"\n")) if isinstance(payload, bytes) else 0


def measure_stories(letter: Letter) -> list[tuple[str, int]]:
    """Measure the HTML of each story: (headline, bytes), largest first.

    A story begins at a linked headline and ends before the next one.
    """
    from lxml.html import document_fromstring, tostring

    headings = list(_find_headlines(document_fromstring(replace_names(letter.html, str))))
    found = []
    for heading in headings:
        block = heading
        while (parent := block.getparent()) is not None and sum(
            parent in each.iterancestors() for each in headings
        ) == 1:
            block = parent
        title = " ".join(str(heading.text_content()).split())
        found.append((title, len(tostring(block, encoding="utf-8", with_tail=False))))
    return sorted(found, key=lambda story: -story[1])


def _find_headlines(page: HtmlElement) -> Iterator[HtmlElement]:
    return (heading for heading in page.iter(*_HEADINGS) if heading.find("a") is not None)


def _name_largest(letter: Letter) -> str:
    stories = [f'"{title}" ({size:,})' for title, size in measure_stories(letter)[:_NAMED]]
    return f" Largest: {', '.join(stories)}." if stories else ""
