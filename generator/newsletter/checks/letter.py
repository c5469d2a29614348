"""Check a letter's HTML, plain text and subject for what breaks in mail programs."""

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
"""Makes a problem from level, code, message and hint."""

SUBJECT_CHARS = 60
"""Phones cut off longer subjects."""
PREHEADER_CHARS = (35, 130)
"""Mail programs fill up a shorter preheader with the text that follows it, and cut off a longer one."""
_REFUSED = ("script", "form", "input", "button", "iframe", "object", "embed", "svg", "video", "audio", "base", "link")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")
_FETCHED = re.compile(r"@import|url\(", re.IGNORECASE)


def check_letter(letter: Letter, make_problem: MakeProblem) -> Iterator[Problem]:
    """List what is wrong with a letter. The caller finds each place in the source."""
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
        message = f"The subject has {len(letter.subject)} characters. Phones show about {SUBJECT_CHARS}."
        yield make_problem(Level.WARNING, "mail-subject", message, "Shorten it, or put the important words first.")
    size, (least, most) = len(letter.preheader), PREHEADER_CHARS
    if not letter.preheader:
        message = "There is no preheader, so mail programs show the beginning of the mail instead."
        yield make_problem(
            Level.WARNING,
            "mail-preheader",
            message,
            "Add a line that makes people open the mail, such as preheader: What changed at the desk in June",
        )
    elif not least <= size <= most:
        message = f"The preheader has {size} characters. Mail programs show {least} to {most} well."
        yield make_problem(Level.WARNING, "mail-preheader", message, f"Write {least} to {most} characters.")
    elif letter.preheader.casefold() == letter.subject.casefold():
        message = "The preheader repeats the subject."
        yield make_problem(Level.WARNING, "mail-preheader", message, "Write something that the subject does not say.")


def _check_unsubscribe(letter: Letter, page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    in_html = any(link.get("href") == UNSUBSCRIBE for link in page.iter("a"))
    for part, there in (("HTML", in_html), ("plain text", UNSUBSCRIBE in letter.text)):
        if not there:
            message = f"The {part} of the mail has no link to unsubscribe."
            hint = "Link to {{ mail.unsubscribe }} in the theme's mail templates."
            yield make_problem(Level.ERROR, "mail-unsubscribe", message, hint)


def _check_elements(letter: Letter, page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    for tag in _REFUSED:
        if next(page.iter(tag), None) is not None:
            message = f"The mail contains <{tag}>. Mail programs remove it or treat the mail as an attack."
            yield make_problem(Level.ERROR, "mail-element", message, "Remove it from the theme's mail template.")
    css = " ".join([*(style.text or "" for style in page.iter("style")), *_styles(page)])
    if _FETCHED.search(css):
        message = "The mail's style sheet loads another file."
        yield make_problem(
            Level.ERROR, "mail-element", message, "Remove @import and url() from the theme's mail template."
        )
    if not page.get("lang"):
        message = "The mail does not name its language, so screen readers have to guess."
        yield make_problem(
            Level.ERROR, "mail-element", message, 'Write <html lang="{{ mail.lang }}"> in the theme\'s mail template.'
        )


def _styles(page: HtmlElement) -> Iterator[str]:
    return (style for element in page.iter() if isinstance(element.tag, str) and (style := element.get("style")))


def _check_pictures(page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    for image in page.iter("img"):
        src = image.get("src") or ""
        name = urlsplit(src).path.rsplit("/", 1)[-1] or src
        if not src.startswith(("https://", "http://")):
            yield make_problem(
                Level.ERROR, "mail-relative", f'The picture "{src}" needs a full web address in a mail.', _ABSOLUTE
            )
        elif not name.lower().endswith((".jpg", ".jpeg", ".png", ".gif")):
            message = f'The picture "{name}" is neither JPEG, PNG nor GIF, so many mail programs do not show it.'
            yield make_problem(
                Level.ERROR,
                "mail-picture",
                message,
                "Use the pictures that the theme's mail template receives: they are JPEG, PNG or GIF.",
            )
        yield from _check_alt(image, name, make_problem)
        if not (image.get("width") or "").isdigit() or not (image.get("height") or "").isdigit():
            message = f'The picture "{name}" has no width and height, so Outlook shows it at full size.'
            yield make_problem(Level.ERROR, "mail-picture", message, "Set both in the theme's mail template.")
        elif {image.get("width"), image.get("height")} <= {"0", "1"}:
            message = f'The picture "{name}" is a tracking pixel. Openletter does not track readers.'
            yield make_problem(Level.ERROR, "mail-picture", message, "Remove it.")


def _check_alt(image: HtmlElement, name: str, make_problem: MakeProblem) -> Iterator[Problem]:
    """Report a picture without words; the words of its link, or its caption, may be all that there is to say."""
    alt = image.get("alt")
    link = next(image.iterancestors("a"), None)
    figure = next((each for each in image.iterancestors() if "figure" in (each.get("class") or "").split()), None)
    hint = "Describe in a few words what it shows (image_alt, or ![text])."
    if alt is None or (not alt.strip() and link is not None and not _has_words(link)):
        message = f'The picture "{name}" has no alternative text. Many mail programs hide pictures.'
        yield make_problem(Level.ERROR, "mail-alt", message, hint)
    elif not alt.strip() and not _has_words(link) and not _has_words(figure):
        message = f'The alternative text of the picture "{name}" is empty. Many mail programs hide pictures.'
        yield make_problem(Level.WARNING, "mail-alt", message, hint)


def _has_words(element: HtmlElement | None) -> bool:
    return element is not None and bool(str(element.text_content()).strip())


_ABSOLUTE = "Write full addresses, with https:// and host, in the theme's mail template."


def _check_links(page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    for link in page.iter("a"):
        href = link.get("href")
        if href is not None and href != UNSUBSCRIBE and not href.startswith(_SCHEMES):
            yield make_problem(
                Level.ERROR, "mail-relative", f'The link "{href}" needs a full web address in a mail.', _ABSOLUTE
            )


def _check_text_part(letter: Letter, page: HtmlElement, make_problem: MakeProblem) -> Iterator[Problem]:
    """Compare the parts: the plain text must have every link and headline of the HTML."""
    flat = _letters(letter.text)
    for level in ("h1", "h2", "h3"):
        for heading in page.iter(level):
            words = " ".join(str(heading.text_content()).split())
            if not _has_in_order(flat, heading):
                message = f'The plain text lacks the headline "{words}".'
                yield make_problem(Level.ERROR, "mail-text", message, "Add it to the theme's mail/issue.txt.")
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
            "Add it to the theme's mail/issue.txt.",
        )


def _has_in_order(flat: str, heading: HtmlElement) -> bool:
    """Return True if a text has the words of a heading; it may have marks, such as asterisks, between them."""
    place = 0
    for part in heading.itertext():
        letters = _letters(str(part))
        place = flat.find(letters, place) + len(letters)
        if place < len(letters):
            return False
    return True


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _check_contrast(letter: Letter, make_problem: MakeProblem) -> Iterator[Problem]:
    for scheme in ("light", "dark"):
        for faint in find_low_contrast(letter.html, "dark" if scheme == "dark" else "light"):
            message = (
                f'"{faint.text}" is hard to read in {scheme} mode: {faint.colour} on {faint.background} has a contrast '
                f"of {faint.ratio:.2f}; the minimum is {faint.required:g}."
            )
            yield make_problem(
                Level.WARNING, "mail-contrast", message, "Choose other colours in the theme's mail/palette.html."
            )
