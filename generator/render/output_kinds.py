"""The table of all kinds of output, in the order in which they are planned and written."""

from __future__ import annotations

from collections.abc import Mapping

from generator.registry import Additions
from generator.render.added import added_kinds
from generator.render.calendars import CALENDARS
from generator.render.documents import DOCUMENTS
from generator.render.feeds import FEEDS
from generator.render.files import FILES
from generator.render.kinds import OutputKind
from generator.render.listings import LISTINGS
from generator.render.mail.pictures import MAIL_PICTURES
from generator.render.overviews import OVERVIEWS
from generator.render.pictures import RENDITIONS
from generator.render.singles import MANIFEST, NOT_FOUND, REDIRECTS, ROBOTS, SEARCH_PAGE, SECURITY
from generator.render.sitemap import SITEMAP
from generator.render.social_cards import SOCIAL_CARDS

_PICTURES = (RENDITIONS, MAIL_PICTURES, SOCIAL_CARDS)
_PAGES = (DOCUMENTS, LISTINGS, OVERVIEWS, NOT_FOUND, SEARCH_PAGE)
BUILT_IN = (FILES, *_PICTURES, CALENDARS, *_PAGES, FEEDS, SITEMAP, MANIFEST, ROBOTS, SECURITY, REDIRECTS)


_PLACES = {name: place for place, kind in enumerate(BUILT_IN) for name in kind.names}


def place_of(kind: str) -> int:
    """Return the place of a kind of target in the order of writing; those that extensions add come last."""
    return _PLACES.get(kind, len(BUILT_IN))


def output_kinds(additions: Additions) -> Mapping[str, OutputKind]:
    """Return every kind by each of its names: the built-in ones, then those that extensions add."""
    return {name: kind for kind in (*BUILT_IN, *added_kinds(additions)) for name in kind.names}
