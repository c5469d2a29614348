"""Make a page that shows an issue as mail programs do: an HTML file that runs nothing, with its pictures beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from markupsafe import Markup

from generator.digest import digest_bytes
from generator.errors import MailError, Problem
from generator.model import UNSUBSCRIBE, Letter
from generator.newsletter.checks.preflight import run_preflight
from generator.newsletter.export.mail_programs import (
    in_old_outlook,
    inverted,
    size_by_story,
    without_pictures,
    without_styles,
)
from generator.newsletter.export.pictures import render_letter_pictures
from generator.newsletter.issue import RenderedIssue
from generator.newsletter.message.reader_name import LONGEST_NAME, fill_html, replace_names, uses_name
from generator.newsletter.message.sample import compose_sample

_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_PICTURES = "openletter-letter-pictures/"
"""Where the views have their pictures, until the page is rendered for a place."""


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """What the preview page of a letter shows. `light` and `dark` are whole documents.

    `named` greets a reader with the longest name, "" if the letter greets nobody by name; the others have the fallback.
    `pictures` are the bytes of the pictures, by the names that the page has for them: equal pictures have equal names.
    `headers` are those of a recipient's message, () if site.toml has no sender; `sizes` are parts with their bytes,
    `stories` those of the HTML by heading, the largest first.
    """

    letter: Letter
    light: str
    dark: str
    headers: tuple[tuple[str, str], ...]
    sizes: tuple[tuple[str, int], ...]
    stories: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    pictures: Mapping[str, bytes]
    named: str = ""


WIDE, PHONE = 600, 375


@dataclass(frozen=True, slots=True)
class LetterView:
    """One view of a letter: its name, its width in CSS pixels, the whole document."""

    name: str
    width: int
    html: str


def make_letter_preview(rendered: RenderedIssue) -> LetterPreview:
    """Collect what the preview page of an issue shows."""
    letter, pictures = rendered.letter, render_letter_pictures(rendered)
    html = replace_names(letter.html, str)
    named = fill_html(letter.html, UNSUBSCRIBE, LONGEST_NAME) if uses_name(letter) else ""
    names = {url: _name(url, data) for url, data in pictures.items()}
    for url, name in names.items():
        html = html.replace(f'"{escape(url)}"', f'"{_PICTURES}{name}"')
        named = named.replace(f'"{escape(url)}"', f'"{_PICTURES}{name}"')
    try:
        message = compose_sample(letter, rendered.site.inputs.config)
    except MailError:
        message = b""
    return LetterPreview(
        letter=letter,
        light=_DARK.sub("not all", html),
        named=_DARK.sub("not all", named),
        dark=_DARK.sub("all", html).replace("<html ", '<html data-scheme="dark" ', 1),
        headers=_headers(message),
        sizes=(
            *([("The whole mail", len(message))] if message else []),
            ("HTML", len(letter.html.encode())),
            ("Text", len(letter.text.encode())),
            ("Pictures, loaded when the mail is opened", sum(map(len, pictures.values()))),
        ),
        stories=size_by_story(replace_names(letter.html, str)),
        problems=run_preflight(rendered),
        pictures={names[url]: data for url, data in pictures.items()},
    )


def _name(url: str, data: bytes) -> str:
    """Name a picture after its content."""
    kind = {"png": "png", "gif": "gif"}.get(urlsplit(url).path.rpartition(".")[2].lower(), "jpg")
    return f"{digest_bytes(data)[:16]}.{kind}"


def _headers(message: bytes) -> tuple[tuple[str, str], ...]:
    """Read a message's headers, decoded."""
    return tuple((name, str(value)) for name, value in message_from_bytes(message, policy=default).items())


def list_views(shown: LetterPreview) -> tuple[LetterView, ...]:
    """List how the page shows the letter: sizes of screens, dark mode, and programs that lack something."""
    light, dark = shown.light, shown.dark
    return (
        LetterView("Wide, 600 pixels", WIDE, light),
        LetterView("Phone, 375 pixels", PHONE, light),
        LetterView("Wide, dark", WIDE, dark),
        LetterView("Phone, dark", PHONE, dark),
        LetterView("Phone, colours inverted by the program", PHONE, inverted(light)),
        LetterView("Phone, without the style sheet", PHONE, without_styles(light)),
        LetterView("Wide, without pictures", WIDE, without_pictures(light)),
        LetterView("As old Outlook draws it", WIDE, in_old_outlook(light)),
        *([LetterView("Phone, for a reader with a very long name", PHONE, shown.named)] if shown.named else ()),
    )


def render_preview_page(shown: LetterPreview, pictures_at: str) -> str:
    """Render the page: inbox line, problems, every view of the letter, text, sizes, headers.

    `pictures_at` is the address of the folder of its pictures, percent-encoded and with a slash at its end.
    """
    from jinja2 import Environment, StrictUndefined

    template = files("generator.newsletter.export").joinpath("pages", "view.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["in_single_quotes"] = _in_single_quotes
    text = replace_names(shown.letter.text, str).replace(UNSUBSCRIBE, "(each reader's own unsubscribe link)")
    page = environment.from_string(template).render(view=shown, views=list_views(shown), letter=shown.letter, text=text)
    return page.replace(_PICTURES, pictures_at)


def _in_single_quotes(html: str) -> Markup:
    """Escape a document for an attribute in single quotes: other ways make it a third longer."""
    return Markup(html.replace("&", "&amp;").replace("'", "&#39;"))  # noqa: S704 escaped for its attribute
