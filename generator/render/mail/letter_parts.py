"""What a letter is made of, as its templates see it."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from generator.errors import Problem
from generator.model import Action
from generator.site.index_model import Card


class LetterPicture(Struct, frozen=True):
    """A picture as the mail shows it: `src` is absolute, the size in CSS pixels."""

    src: str
    width: int
    height: int
    alt: str


class Prose(Struct, frozen=True):
    """A text in a mail: `html` is laid out for mail programs, `plain` is the HTML for the text part."""

    html: Markup
    plain: str

    def __bool__(self) -> bool:
        """Return True if there is any text."""
        return bool(self.html)


class StoryBlock(Struct, frozen=True):
    """A block of a story: `html` for mail programs, `plain` is the HTML for the text part."""

    html: Markup
    plain: str


class Story(Struct, frozen=True):
    """A post in a mail: every address is absolute; `excerpt` is the text above `<!--more-->`, empty without that mark.

    `kicker` is the series with the number of the part, `by` the names of the authors. `points_title` stands above its
    learning points, `rating` is a sentence, `read` names the link to it; all are in its language. `blocks` are those of
    the post's front matter.
    """

    doc: Card
    dir: str
    title: str
    url: str
    kicker: str
    by: str
    summary: str
    points_title: str
    rating: str
    read: str
    excerpt: Prose
    picture: LetterPicture | None
    action: Action | None
    blocks: tuple[StoryBlock, ...]


class ContentsEntry(Struct, frozen=True):
    """A line of what is "in this issue": a story, or a block, which has no address of its own and `url` "".

    `doc` is the story's, or for a block the issue.
    """

    title: str
    url: str
    doc: Card


class MailHead(Struct, frozen=True):
    """The head and foot of a mail. Every address is absolute; "" if site.toml does not set it.

    `unsubscribe` is a mark that is replaced with each recipient's own address.
    """

    subject: str
    preheader: str
    url: str
    archive: str
    sender: str
    postal_address: str
    subscribe: str
    unsubscribe: str
    reason: str
    lang: str
    dir: str


class Mail(Struct, frozen=True):
    """A rendered mail. `pictures` are the absolute URLs that `html` shows, each once, in order."""

    head: MailHead
    html: str
    text: str
    pictures: tuple[str, ...]
    problems: tuple[Problem, ...]
