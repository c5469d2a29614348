"""Make a page that shows an issue as mail programs do: one HTML file that loads and runs nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from html import escape
from importlib.resources import files

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
_OUTSIDE = re.compile(r"(<a\b[^>]*?)\shref=")


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """What the preview page of a letter shows. `light` and `dark` are whole documents with embedded pictures.

    `named` greets a reader with the longest name, "" if the letter greets nobody by name; the others have the fallback.
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
    for url, data in pictures.items():
        html = html.replace(f'"{escape(url)}"', f'"{_data_url(url, data)}"')
        named = named.replace(f'"{escape(url)}"', f'"{_data_url(url, data)}"')
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
    )


def _data_url(url: str, data: bytes) -> str:
    kind = {"png": "png", "gif": "gif"}.get(url.rpartition(".")[2], "jpeg")
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


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


def render_preview_page(shown: LetterPreview) -> str:
    """Render the page: inbox line, problems, every view of the letter, text, sizes, headers."""
    from jinja2 import Environment, StrictUndefined

    template = files("generator.newsletter.export").joinpath("pages", "view.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = replace_names(shown.letter.text, str).replace(UNSUBSCRIBE, "(each reader's own unsubscribe link)")
    return environment.from_string(template).render(view=shown, views=list_views(shown), letter=shown.letter, text=text)
