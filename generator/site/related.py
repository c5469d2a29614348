"""Related posts: older ones that share the rarest tags."""

from __future__ import annotations

from bisect import bisect_right

from generator.site.index_model import SiteIndex

RELATED = 3
CANDIDATES_A_TAG = 12  # half of a blog may have a common tag: check only the nearest older posts of each tag


def related_posts(index: SiteIndex, key: str, positions: dict[str, int]) -> tuple[str, ...]:
    """Choose up to three older posts: those that share rare tags first, then the nearest in time.

    `positions` maps a post's key to its place in `index.posts`. Only older posts count, so that a new post changes no
    page before it.
    """
    here = positions[key]
    scores: dict[str, float] = {}
    for label in index.cards[key].tags:
        members = index.tags[label.slug].posts  # newest first: from `older` on, all are older
        older = bisect_right(members, here, key=positions.__getitem__)
        for other in members[older : older + CANDIDATES_A_TAG]:
            scores[other] = scores.get(other, 0.0) + 1 / (len(members) - older)
    return tuple(sorted(scores, key=lambda other: (-scores[other], positions[other]))[:RELATED])
