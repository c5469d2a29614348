"""Listing pages: numbered from the oldest post, so that a new post changes only the newest page."""

from __future__ import annotations

from collections.abc import Sequence

from generator.site.index_model import Chunk


def first_shown(count: int, per_page: int) -> int:
    """Find the number of the oldest chunk shown on the listing's own address (chunks count from 1, oldest first).

    It is the newest chunk, or the one before it if the newest is less than half full.
    """
    newest = max(1, -(-count // per_page))
    in_newest = count - (newest - 1) * per_page
    return newest - 1 if newest > 1 and 2 * in_newest < per_page else newest


def chunk_numbers(count: int, per_page: int) -> range:
    """List the numbered pages: all chunks older than those at the listing's own address."""
    return range(1, first_shown(count, per_page))


def page_url(listing_url: str, number: int) -> str:
    """Return the address of a numbered page below its listing: `/tags/x/` → `/tags/x/page/3/`."""
    return f"{listing_url}page/{number}/"


def chunk(newest_first: Sequence[str], per_page: int, listing_url: str, number: int | None = None) -> Chunk:
    """Return one page of a listing. `number` None is the listing's own address.

    It contains no total, because a count would change every page with every post.
    """
    count = len(newest_first)
    first = first_shown(count, per_page)
    start, stop = chunk_span(count, per_page, number)
    here = first if number is None else number
    newer = "" if number is None else listing_url if number + 1 >= first else page_url(listing_url, number + 1)
    return Chunk(
        posts=tuple(newest_first[start:stop]),
        number=number,
        newer_url=newer,
        older_url=page_url(listing_url, here - 1) if here > 1 else "",
        first_url="" if number is None else listing_url,
    )


def chunk_span(count: int, per_page: int, number: int | None) -> tuple[int, int]:
    """Turn a chunk's number, counted from the oldest, into positions in a newest-first sequence.

    `number` None is the listing's own address. A chunk that does not exist (any more) has no positions.
    """
    if number is None:
        return 0, count - (first_shown(count, per_page) - 1) * per_page
    return max(0, count - number * per_page), max(0, count - (number - 1) * per_page)
