"""The social cards of a site on this machine: which words its fonts write, and the drawn files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.digest import digest
from generator.engine.drawn_files import draw_all, is_drawn, keep_drawn
from generator.errors import ContentError, OutputError, error
from generator.model import CardColours
from generator.progress import Progress
from generator.site.social_cards import SocialCard

if TYPE_CHECKING:
    from generator.images.faces import Face, SetText
    from generator.images.social_cards import CardDrawing

_RECIPE = 1  # raise it when cards are drawn in another way
_FEW = 8  # cards that this process draws in less time than others need to start


class CardJob(Struct, frozen=True):
    """A card to be drawn, and the file to put it in."""

    drawing: CardDrawing
    file: str


class SocialCards:
    """The drawn cards in a folder. `font` is the site's own font, None for none; it comes before the program's."""

    def __init__(self, folder: Path, font: Path | None, colours: CardColours) -> None:
        self._folder = folder
        self._font = font
        self._colours = colours
        self._words: dict[str, SetText | None] = {}

    @cached_property
    def look(self) -> str:
        """The digest of all that every card shows: colours, fonts, and how they are laid out."""
        return digest(_RECIPE, self._colours, [(face.digest, face.layout) for face in self._faces])

    @property
    def broken_font(self) -> str:
        """The name of the site's own font if it cannot be opened, else ""."""
        return self._font.name if self._font is not None and len(self._faces) == 1 else ""

    def find_unwritable(self, card: SocialCard) -> str:
        """Return the masthead or the title if no font has all its letters; "" if the card can be drawn."""
        return next((text for text in (card.masthead, card.title) if self._write(text) is None), "")

    def __call__(self, card: SocialCard) -> Path:
        """Return the file of a card, which is drawn now if it is not there. Raises: ContentError; OutputError."""
        job = self._job(card)
        if not is_drawn(Path(job.file)):
            draw_job(job)
        return Path(job.file)

    def files(self, cards: Iterable[SocialCard]) -> list[Path]:
        """List the files of cards."""
        return [Path(self._job(card).file) for card in cards]

    def draw_missing(self, cards: Iterable[SocialCard], limit: int | None, progress: Progress) -> int:
        """Draw all cards that are not there yet, in up to `limit` processes. Returns how many were drawn."""
        jobs = [job for job in map(self._job, cards) if not is_drawn(Path(job.file))]
        if jobs:
            draw_all(try_job, jobs, limit, progress, alone=len(jobs) <= _FEW)
        return len(jobs)

    def _job(self, card: SocialCard) -> CardJob:
        from generator.images.faces import versions_of
        from generator.images.social_cards import CardDrawing

        masthead, title = self._write(card.masthead), self._write(card.title)
        assert masthead is not None, "such a card is not planned"
        assert title is not None, "such a card is not planned"
        authors = self._write(card.authors)
        what = [
            words and (words.text, words.face.digest, versions_of(words.face)) for words in (masthead, title, authors)
        ]
        name = digest(_RECIPE, self._colours, what)
        return CardJob(CardDrawing(masthead, title, authors, self._colours), str(self._folder / f"{name}.png"))

    def _write(self, text: str) -> SetText | None:
        if text not in self._words:
            from generator.images.faces import choose_face

            self._words[text] = choose_face(text, self._faces)
        return self._words[text]

    @cached_property
    def _faces(self) -> list[Face]:
        from generator.images.faces import face_of, own_face

        own = [own_face()]
        if self._font is None:
            return own
        try:
            face = face_of(self._font)
            face.at(16)
        except OSError:  # its beginning is that of a font, and the rest is damaged
            return own
        return [face, *own]


def try_job(job: CardJob) -> bool:
    """Draw a card; returns False if it cannot be drawn or kept."""
    try:
        draw_job(job)
    except (ContentError, OutputError):
        return False
    return True


def draw_job(job: CardJob) -> None:
    """Draw a card into its file. Raises: ContentError if a font was changed in the meantime; OutputError."""
    from generator.images.social_cards import draw_card

    try:
        drawn = draw_card(job.drawing)
    except OSError as reason:
        message = f"A font of the social cards cannot be read: {reason}."
        raise ContentError(error("site.toml", "unreadable", message, "Build again.")) from reason
    keep_drawn(job.file, drawn)
