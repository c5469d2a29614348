"""The settings of what has a name: the menu, authors, tags, series, and the languages with pages of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace


class NavItem(Struct, frozen=True):
    """One link of the site's menu, `[[nav]]`."""

    title: str
    """The words of the link."""
    url: str
    """Where it leads: an address within the site (`/about/`, without the base path), http(s), mailto or tel."""
    footer: bool = False
    """Whether it is at the bottom of every page instead of in the menu."""


class AuthorConfig(Struct, frozen=True):
    """A person who writes, `[authors.ID]`."""

    name: str
    """The name as shown; by default the id."""
    role: str = ""
    """What the person does, in a few words."""
    bio: str = ""
    """A few sentences for the author's page."""
    image: str = ""
    """A portrait: a path within the site, beginning with a slash."""
    url: str = ""
    """The person's own website or e-mail address: http(s) or mailto."""


class TagConfig(Struct, frozen=True):
    """How a tag is shown, `[tags.SLUG]`."""

    name: str = ""
    """The tag's spelling; "" uses that of most posts."""
    description: str = ""
    """One or two sentences at the top of the tag's page."""


class SeriesConfig(Struct, frozen=True):
    """How a series is shown, `[series.SLUG]`."""

    name: str = ""
    """The series' spelling; "" uses that of most posts."""
    description: str = ""
    """One or two sentences at the top of the series' page."""
    rating_max: float | None = None
    """The highest rating, for ratings written as one number; more than 0."""
    gaps: tuple[int, ...] = ()
    """Numbers of parts that are missing on purpose: they are shown as gaps, without a warning."""


class LanguageConfig(Struct, frozen=True):
    """Another language with pages of its own, `[languages.TAG]`: what is not set is the site's."""

    title: str = ""
    """The site's name in this language."""
    description: str = ""
    """One or two sentences about the site."""
    image_alt: str = ""
    """A description of the site's picture."""
    organisation: str = ""
    """The publisher's name."""
    footer_text: str = ""
    """The theme's `footer_text` in this language."""
    nav: tuple[NavItem, ...] = ()
    """The menu of its pages; () if there is none."""
    authors: Mapping[str, AuthorConfig] = field(default_factory=dict)
    """Authors as they are shown there: what is not set is as in `[authors.ID]`."""
    tags: Mapping[str, TagConfig] = field(default_factory=dict)
    """Tag's slug → tag."""
    series: Mapping[str, SeriesConfig] = field(default_factory=dict)
    """Series' slug → series."""
    newsletter: Mapping[str, Any] = field(default_factory=dict)
    """The settings of `[newsletter]` that differ, by their attribute."""


def find_language(language: str | None, known: Iterable[str]) -> str:
    """Find the section for a document's language: that of the same tag, else of `cy` for `cy-GB`; "" for none."""
    by_tag = {tag.lower(): tag for tag in known}
    wanted = (language or "").lower()
    return by_tag.get(wanted) or by_tag.get(wanted.partition("-")[0]) or ""


def author_in(name: str, site: AuthorConfig | None, own: AuthorConfig) -> AuthorConfig:
    """Return an author as a language shows them; `name` is their id, which is the name if there is no other."""
    if site is None:
        return own
    return AuthorConfig(
        name=site.name if own.name == name else own.name,
        role=own.role or site.role,
        bio=own.bio or site.bio,
        image=own.image or site.image,
        url=own.url or site.url,
    )


def series_in(site: SeriesConfig | None, own: SeriesConfig | None) -> SeriesConfig:
    """Return a series as a language shows it: its words are its own, ratings and gaps the site's."""
    site, own = site or SeriesConfig(), own or SeriesConfig()
    return replace(own, rating_max=own.rating_max or site.rating_max, gaps=own.gaps or site.gaps)
