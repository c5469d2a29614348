"""Show a film or a sound of the site: a player on its page, a link in lists, feeds and mails."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from generator.markup.placeholders import Context, ShownPlayer
from generator.render.dates import write_language
from generator.render.media_words import describe_media
from generator.render.srcset import FEED_WIDTH, picture_for_programs

if TYPE_CHECKING:
    from generator.render.facade import Site
    from generator.site.index_model import MediaFile


def show_player(site: Site, path: str, url: str | None, name: str, context: Context, language: str) -> ShownPlayer:
    """Show a film or sound, by its path and by its address in this context; its words alone if that is None.

    The player loads nothing before the reader starts it: its size on the page, its length and its bytes are in the
    HTML. A file that no browser plays is a link.
    """
    if url is None:
        return ShownPlayer()
    words = site.words_of(language)
    media = site.media(path)
    film = media is None or media.facts.is_film
    kind = words.gettext("Film") if film else words.gettext("Recording")
    said = "" if name else escape(kind)
    opening = f'<a href="{escape(url)}">{said}'
    if media is None:
        return ShownPlayer("", opening, "</a>")
    facts = escape(describe_media(media.facts, words))
    if context is not Context.PAGE:
        return ShownPlayer("", opening, f"</a> ({facts})")
    player = _player(site, path, url, name or kind, media, language)
    load = words.gettext("Download")
    link = f'<a href="{escape(url)}" download>{escape(load)}</a>'
    return ShownPlayer(player, said, f' <span class="player-facts">({facts}) {link}</span>')


def _player(site: Site, path: str, url: str, name: str, media: MediaFile, language: str) -> str:
    facts = media.facts
    tag = "video" if facts.is_film else "audio"
    size = f' width="{facts.width}" height="{facts.height}"' if facts.width and facts.height else ""
    poster = picture_for_programs(site, site.url_of(media.poster), FEED_WIDTH).src if media.poster else ""
    shown = f' poster="{escape(poster)}"' if poster else ""
    tracks = "".join(_track(site, each.path, each.language or language) for each in media.captions)
    attributes = f'src="{escape(url)}"{size}{shown} aria-label="{escape(name)}"'
    inline = " playsinline" if facts.is_film else ""
    return f'<{tag} controls preload="none"{inline} {attributes}>{tracks}</{tag}>'


def _track(site: Site, path: str, language: str) -> str:
    label = escape(write_language(language))
    return f'<track kind="captions" src="{escape(site.url_of(path))}" srclang="{escape(language)}" label="{label}">'
