"""What is wrong with a letter as mail programs and readers meet it: its HTML, its text, its subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.errors import Level, Problem
from generator.model import UNSUBSCRIBE, Letter
from generator.newsletter.checks.contrast import find_low_contrast

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MakeProblem = Callable[[Level, str, str, str], Problem]
"""Makes a problem of the issue: level, code, message, hint."""

SUBJECT_CHARS = 60
"""Longer subjects are cut on phones."""
PREHEADER_CHARS = (35, 130)
"""A shorter preheader lets mail programs go on with whatever comes next; a longer one is cut."""
_REFUSED = ("script", "form", "input", "button", "iframe", "object", "embed", "svg", "video", "audio", "base", "link")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")
_FETCHED = re.compile(r"@import|url\(", re.IGNORECASE)


def check_letter(letter: Letter, make_problem: MakeProblem) -> Iterator[Problem]:
    """List what is wrong with a letter; where each is in a source is for the caller to find."""
    from lxml.html import document_fromstring

    page = document_fromstring(letter.html)
    yield from _check_subject_and_preheader(letter, make_problem)
    yield from _check_unsubscribe(letter, page, make_problem)
    yield from _check_elements(letter, page, make_problem)
    yield from _check_pictures(page, make_problem)
    yield from _check_links(page, make_problem)
    yield from _check_text_part(letter, page, make_problem)
    yield from _check_contrast(letter, make_problem)


def _check_subject_and_preheader(letter: Letter, make_problem: MakeProblem) -> Iterator[Problem]:
    if len(letter.subject) > SUBJECT_CHARS:
        message = f"The subject has {len(letter.subject)} characters; phones show about {SUBJECT_CHARS}."
        yield make_problem(Level.WARNING, "mail-subject", message, "Put what matters first, or shorten it.")
    size, (least, most) = len(letter.preheader), PREHEADER_CHARS
    if not letter.preheader:
        message = "There is no preheader: mail programs show the beginning of the mail instead."
        yield make_problem(
            Level.WARNING, "mail-preheader", message, "Write preheader: and one line that makes one open it."
        )
    elif not least <= size <= most:
        message = f"The preheader has {size} characters; {least} to {most} are shown whole."
        yield make_problem(Level.WARNING, "mail-preheader", message, "Lengthen or shorten it.")
    elif letter.preheader.casefold() == letter.subject.casefold():
        message = "The preheader says the same as the subject."
        yield make_problem(Level.WARNING, "mail-preheader", message, "Let it say what the subject does not.")


def _check_unsubscribe(letter: Letter, page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    in_html = any(link.get("href") == UNSUBSCRIBE for link in page.iter("a"))
    for part, there in (("HTML", in_html), ("plain text", UNSUBSCRIBE in letter.text)):
        if not there:
            message = f"The {part} of the mail has no way to unsubscribe."
            hint = "Let the theme's mail templates link to {{ mail.unsubscribe }}."
            yield make_problem(Level.ERROR, "mail-unsubscribe", message, hint)


def _check_elements(letter: Letter, page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    for tag in _REFUSED:
        if next(page.iter(tag), None) is not None:
            message = f"There is a <{tag}> in the mail: mail programs remove it, or take the mail for an attack."
            yield make_problem(Level.ERROR, "mail-element", message, "Take it out of the theme's mail template.")
    css = " ".join([*(style.text or "" for style in page.iter("style")), *_styles(page)])
    if _FETCHED.search(css):
        message = "The mail's style sheet fetches something from elsewhere."
        yield make_problem(
            Level.ERROR, "mail-element", message, "Take @import and url() out of the theme's mail template."
        )
    if not page.get("lang"):
        message = "The mail does not say its language: screen readers would guess."
        yield make_problem(Level.ERROR, "mail-element", message, 'Write <html lang="{{ mail.lang }}"> in the template.')


def _styles(page: HtmlElement) -> Iterator[str]:
    return (style for element in page.iter() if isinstance(element.tag, str) and (style := element.get("style")))


def _check_pictures(page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    for image in page.iter("img"):
        src = image.get("src") or ""
        name = urlsplit(src).path.rsplit("/", 1)[-1] or src
        if not src.startswith(("https://", "http://")):
            yield make_problem(Level.ERROR, "mail-relative", f'The picture "{src}" has no whole address.', _ABSOLUTE)
        elif not name.lower().endswith((".jpg", ".jpeg", ".png")):
            message = f'The picture "{name}" is neither JPEG nor PNG: many mail programs show nothing.'
            yield make_problem(Level.ERROR, "mail-picture", message, "Let the template use the pictures it is given.")
        alt = image.get("alt")
        if alt is None or (not alt.strip() and image.getparent() is not None and image.getparent().tag == "a"):
            message = f'The picture "{name}" has no alternative text, and many mail programs show no pictures.'
            yield make_problem(
                Level.ERROR, "mail-alt", message, "Say in a few words what it shows (image_alt, or ![text])."
            )
        elif not alt.strip():
            message = f'The picture "{name}" says nothing where pictures are not shown.'
            yield make_problem(
                Level.WARNING, "mail-alt", message, "Say in a few words what it shows (image_alt, or ![text])."
            )
        if not (image.get("width") or "").isdigit() or not (image.get("height") or "").isdigit():
            message = f'The picture "{name}" has no width and height: Outlook shows it at its full size.'
            yield make_problem(Level.ERROR, "mail-picture", message, "Give both in the theme's mail template.")
        elif {image.get("width"), image.get("height")} <= {"0", "1"}:
            message = f'The picture "{name}" is a tracking pixel: readers are not to be watched.'
            yield make_problem(Level.ERROR, "mail-picture", message, "Take it out.")


_ABSOLUTE = "Let the theme's template write absolute addresses: mail programs know no site."


def _check_links(page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    for link in page.iter("a"):
        href = link.get("href")
        if href is not None and href != UNSUBSCRIBE and not href.startswith(_SCHEMES):
            yield make_problem(Level.ERROR, "mail-relative", f'The link "{href}" leads nowhere from a mail.', _ABSOLUTE)


def _check_text_part(letter: Letter, page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    """Compare the parts: whoever reads the text must not miss a link or a headline of the HTML."""
    flat = "".join(letter.text.split())
    for level in ("h1", "h2", "h3"):
        for heading in page.iter(level):
            words = " ".join(str(heading.text_content()).split())
            if "".join(words.split()) not in flat:
                message = f'The plain text lacks the headline "{words}".'
                yield make_problem(Level.ERROR, "mail-text", message, "Complete the theme's mail/issue.txt.")
    missing = dict.fromkeys(
        href
        for link in page.iter("a")
        if (href := link.get("href", "")) and href.removeprefix("mailto:") not in letter.text
    )
    for href in missing:
        yield make_problem(
            Level.WARNING,
            "mail-text",
            f'The plain text lacks the link "{href}".',
            "Complete the theme's mail/issue.txt.",
        )


def _check_contrast(letter: Letter, make_problem: MakeProblem) -> Iterator[Problem]:
    for scheme in ("light", "dark"):
        for faint in find_low_contrast(letter.html, "dark" if scheme == "dark" else "light"):
            message = (
                f'In {scheme} mode "{faint.text}" is hard to read: {faint.colour} on {faint.background} has a contrast '
                f"of {faint.ratio:.2f}; {faint.required:g} is the least."
            )
            yield make_problem(
                Level.WARNING, "mail-contrast", message, "Choose other colours in the theme's mail/palette.html."
            )
