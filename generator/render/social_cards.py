"""Social cards: a target for each post whose words a font can write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.errors import Problem, note
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.render.setting_links import Way
from generator.site.keys import SETTINGS
from generator.site.social_cards import NAME, SocialCard, find_social_card


def find_cards(context: RenderContext) -> Iterator[tuple[str, SocialCard]]:
    """Choose the cards of all posts, whether or not a font can write them: the post's path, and its card."""
    if not context.config.social.cards:
        return
    for queries in (context.queries, *context.queries.editions.values()):
        index, masthead = queries.index, queries.result(SETTINGS, "site.title")
        for key in index.posts:
            card = find_social_card(index.cards[key], index.addresses[key], masthead, context.cards.look)
            if card is not None:
                yield key, card


def plan_cards(context: RenderContext) -> Iterator[tuple[str, SocialCard]]:
    """List the cards to draw."""
    return ((key, card) for key, card in find_cards(context) if not context.cards.find_unwritable(card))


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a target for each card."""
    return (Target(card.path, NAME, (key,)) for key, card in plan_cards(context))


def render(target: Target, site: Site) -> Path:
    """Find the card's file, or draw it."""
    card = site.social_card(site.card(target.args[0]))
    assert card is not None, "it is planned"
    return site.context.cards(card)


def check_cards(context: RenderContext) -> Iterator[tuple[Way, Problem]]:
    """Note how many posts get no card because no font can write their titles, and a font that cannot be opened."""
    if not context.config.social.cards:
        return
    if context.cards.broken_font:
        message = f'"{context.cards.broken_font}" cannot be opened as a font, so it writes no social card.'
        yield ("social", "font"), note("site.toml", "social-font", message, "Copy it again, or choose another font.")
    without = [(key, words) for key, card in find_cards(context) if (words := context.cards.find_unwritable(card))]
    if without:
        key, words = without[0]
        posts = "1 post gets" if len(without) == 1 else f"{len(without)} posts get"
        message = f'{posts} the site\'s social card: no font here can write, for example, "{words}" ({key}).'
        hint = 'Add a font for that script to [social]: font = "fonts/NotoSans-Bold.ttf"'
        yield ("social", "cards"), note("site.toml", "social-font", message, hint)


SOCIAL_CARDS = OutputKind(
    {NAME: "a picture for link previews"}, "POST/social-card.3f2a9c1d.png", Phase.FILES, plan, render
)
