"""The index of a build, with the digests of what it refers to, as the state stores it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from generator.engine.stored_index import StoredCards, get_index
from generator.engine.texts import Texts
from generator.site.index_model import SiteIndex
from generator.store.state import Store


class IndexSnapshot(Struct, frozen=True):
    """The index, with the digests of all texts and of the bytes that each file publishes.

    `cards`: document's path → digest of its card in the state. `bodies`: document's path → digest of its body.
    `comment_files`: document's path → path and digest of its comments. `files`: file's path → digest of the bytes to
    publish, and whether they are a cleaned picture's.
    """

    index: SiteIndex
    cards: Mapping[str, str]
    bodies: Mapping[str, str]
    comment_files: Mapping[str, tuple[str, str]]
    files: Mapping[str, tuple[str, bool]]

    def texts(self, store: Store) -> Texts:
        """Return access to the texts in a state."""
        return Texts(store, self.bodies, self.comment_files)


def fetch_index(store: Store, *, whole: bool = False) -> IndexSnapshot | None:
    """Fetch the index of the last build; None if there is none. `whole` also fetches all its cards."""
    index = get_index(store, whole=whole)
    bodies = store.fact("bodies", dict[str, str])
    comment_files = store.fact("kept", dict[str, tuple[str, str]])
    files = store.fact("files", dict[str, tuple[str, bool]])
    if index is None or bodies is None or comment_files is None or files is None:
        return None
    if whole:
        paths = {key: key for key in index.cards}
        bodies = {paths.get(key, key): name for key, name in bodies.items()}
    assert isinstance(index.cards, StoredCards), "a fetched index has no others"
    return IndexSnapshot(index, index.cards.digests, bodies, comment_files, files)
