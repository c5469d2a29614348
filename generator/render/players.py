"""Show a film or a sound of the site: a link to it."""

from __future__ import annotations

from html import escape

from generator.markup.placeholders import ShownPlayer


def show_player(url: str | None) -> ShownPlayer:
    """Show a film or sound as a link, by its address in this context; its words alone if that is None."""
    return ShownPlayer("", f'<a href="{escape(url)}">', "</a>") if url else ShownPlayer()
