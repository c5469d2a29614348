"""How a page names the renditions of a picture, so that each browser loads the one that fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.markup.placeholders import Shown, Source
from generator.site.addresses import root_relative
from generator.site.index_model import PictureSize

if TYPE_CHECKING:
    from generator.render.facade import Site
    from generator.site.renditions import Rendition

TEXT_SIZES = "(min-width: 640px) 590px, 92vw"
"""How wide a picture in the text is, in the words of HTML's `sizes`."""
LINK_PREVIEW_WIDTH = 1600
"""Pixels: the widest picture that a link preview shows."""
FEED_WIDTH = 1080
"""Pixels: the widest picture in a feed."""


def show_picture(site: Site, path: str, sizes: str) -> Shown:
    """Show a picture of this site, by the path of its source; `sizes` says how wide it is on the page."""
    size = site.picture_size(path) or PictureSize(0, 0)
    renditions = site.renditions(path)
    if not renditions:
        return Shown(site.url_of(path), size.width, size.height)
    own, *others = _by_form(renditions)
    usual = [one for one in own if one.width <= FEED_WIDTH] or own[:1]
    sources = tuple(Source(f"image/{of[0].form}", _srcset(site, of)) for of in others)
    return Shown(
        _url(site, usual[-1]), size.width, size.height, srcset=_srcset(site, own), sources=sources, sizes=sizes
    )


def picture_for_programs(site: Site, url: str, widest: int) -> Shown:
    """Choose one file of a picture, by its root-relative URL, for readers that know no `srcset`, such as a feed's.

    It is in the picture's own format and no wider than `widest` pixels, if there is such a rendition.
    """
    path = site.picture_at(url)
    size = (site.picture_size(path) if path else None) or PictureSize(0, 0)
    own = [one for one in site.renditions(path) if one.form == site.renditions(path)[0].form and one.width <= widest]
    return Shown(_url(site, own[-1]), own[-1].width, own[-1].height) if own else Shown(url, size.width, size.height)


def _by_form(renditions: Sequence[Rendition]) -> list[list[Rendition]]:
    forms: dict[str, list[Rendition]] = {}
    for one in renditions:
        forms.setdefault(one.form, []).append(one)
    return list(forms.values())


def _srcset(site: Site, renditions: Sequence[Rendition]) -> str:
    return ", ".join(f"{_url(site, one)} {one.width}w" for one in renditions)


def _url(site: Site, one: Rendition) -> str:
    return root_relative(site.context.config, f"/{one.path}")
