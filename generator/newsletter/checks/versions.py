"""Check what readers get in place of the letter as written: their name, and the translation in their language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from generator.errors import Level, Problem
from generator.newsletter.issue import RenderedIssue
from generator.site.publication import publication_state

_UNFILLED = re.compile(r"\{ *name\b[^{}\n]*\}", re.IGNORECASE)
_STATES = {
    "draft": ("is a draft", "draft", "Delete its line `draft: true` before you send the issue, if it is ready."),
    "scheduled": ("is scheduled", "date", "Send the issue after its date, if it is ready."),
    "expired": ("has expired", "expires", "Change `expires`, if its readers should get it."),
}


def find_unfilled_names(rendered: RenderedIssue) -> Iterator[Problem]:
    """Find `{name}` without a fallback, or where it is not filled: outside of the text, or in code."""
    letter, path = rendered.letter, rendered.issue.path
    found = _UNFILLED.findall("\n".join((letter.subject, letter.preheader, letter.html)))
    lines = rendered.read_source(path).splitlines()
    for written in dict.fromkeys(map(unescape, found)):
        for number, line in enumerate(lines, 1):
            if written in line:
                message = f'Readers would see "{written}" instead of their name.'
                hint = "Write {name|colleague} in the text of the issue, with a word for readers without a name."
                yield Problem(path, number, line.index(written) + 1, Level.ERROR, "mail-greeting", message, hint)


def find_hidden_translations(rendered: RenderedIssue) -> Iterator[Problem]:
    """Warn of translations that are not public: their readers get the main letter."""
    site, issue = rendered.site, rendered.issue
    for document in site.documents.values():
        if document.meta.translation_of != issue.meta.id or document is issue:
            continue
        state = publication_state(document, site.inputs.now)
        if state:
            said, key, hint = _STATES[state]
            line, column = site.context.locate(document.path, "", key)
            message = (
                f'The translation in "{document.meta.lang}" {said}, so its readers get the issue in '
                f'"{rendered.letter.language}".'
            )
            yield Problem(document.path, line, column, Level.WARNING, "mail-language", message, hint)
