"""Everything a render may use, gathered once a build and never changed while pages are rendered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from generator.config import Config
from generator.errors import LocateLinks
from generator.registry import Additions
from generator.render.environment import Templates
from generator.site.keys import ASSET, ASSET_BYTES, BANNER, CARD_LOOK, TEMPLATE, THEME_CONTACTS, THEME_OPTIONS
from generator.site.queries import Queries
from generator.theming import Theme
from generator.theming.contacts import find_contacts

if TYPE_CHECKING:
    from generator.render.kinds import OutputKind
    from generator.site.mail_pictures import MailPicture
    from generator.site.renditions import Rendition
    from generator.site.social_cards import SocialCard

KEPT = 512  # shared pieces in the cache, such as a post's entry in each of its feeds


class CardMaker(Protocol):
    """Draws social cards, and knows which words the fonts can write."""

    @property
    def look(self) -> str:
        """The digest of fonts and colours."""

    @property
    def broken_font(self) -> str:
        """The name of the site's own font if it cannot be opened, else ""."""

    def find_unwritable(self, card: SocialCard, /) -> str:
        """Return the words of a card that no font can write; "" if it can be drawn."""

    def __call__(self, card: SocialCard, /) -> Path:
        """Return the file that holds a card."""


class RenderContext(Struct, frozen=True):
    """The inputs of rendering, the same for all targets of a build.

    `source` returns the file whose bytes are published for a path of the site, such as the cleaned copy of a picture.
    `rendition` returns the file that holds a picture, by its path, in another size, and `for_mail` as mails show it;
    `cards` does so for social cards. `locate` finds words in a source, for the line of a problem. `reopen` makes stored
    texts readable in a fork. `kinds` are the kinds of output by name. `origin` makes a root-relative URL absolute.
    `links` caches addresses as links; `pieces` caches what several targets share, each with its reads.
    """

    config: Config
    queries: Queries
    theme: Theme
    templates: Templates
    source: Callable[[str], Path]
    rendition: Callable[[str, Rendition], Path]
    for_mail: Callable[[str, MailPicture], Path]
    cards: CardMaker
    locate: LocateLinks
    preview: bool
    reopen: Callable[[], None]
    origin: str
    kinds: Mapping[str, OutputKind]
    additions: Additions = field(default_factory=Additions)
    links: dict[str, str] = field(default_factory=dict)
    pieces: OrderedDict[str, tuple[Any, Mapping[str, str]]] = field(default_factory=OrderedDict)

    def forget(self, keys: Iterable[str]) -> None:
        """Forget answers, and the pieces made from them."""
        gone = frozenset(keys)
        self.queries.forget(gone)
        for name in [name for name, (_, reads) in self.pieces.items() if not gone.isdisjoint(reads)]:
            del self.pieces[name]


def make_render_context(
    config: Config,
    queries: Queries,
    theme: Theme,
    source: Callable[[str], Path],
    rendition: Callable[[str, Rendition], Path],
    for_mail: Callable[[str, MailPicture], Path],
    cards: CardMaker,
    locate: LocateLinks,
    banner: str,
    reopen: Callable[[], None],
    additions: Additions,
    kinds: Mapping[str, OutputKind],
    templates: Templates,
) -> RenderContext:
    """Gather what targets are rendered from. The theme's facts and the preview's `banner` become results of keys.

    So do the queries that extensions add, as `x-name|id`.
    """
    queries.supply(ASSET, lambda path: theme.static[path].output_path if path in theme.static else "")
    queries.supply(ASSET_BYTES, lambda path: theme.static[path].digest)
    queries.supply(THEME_OPTIONS, lambda _: dict(theme.options))
    queries.supply(THEME_CONTACTS, lambda _: find_contacts(theme))
    queries.supply(TEMPLATE, theme.fingerprint)
    queries.supply(CARD_LOOK, lambda _: cards.look)
    queries.supply(BANNER, lambda _: banner)
    for name, query in additions.queries.items():
        queries.supply_added(name, partial(query, queries.index))
    return RenderContext(
        config,
        queries,
        theme,
        templates,
        source,
        rendition,
        for_mail,
        cards,
        locate,
        bool(banner),
        reopen,
        config.origin,
        kinds,
        additions,
    )
