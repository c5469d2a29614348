"""What the last build left: read from the state when it is first asked for, and kept as long as the engine is."""

from __future__ import annotations

import gc
from functools import cached_property
from typing import TYPE_CHECKING

from generator.engine.options import BuildOptions
from generator.engine.stages.output import Outputs
from generator.store import OutputFolder, SourceRow, Store

if TYPE_CHECKING:
    from generator.engine.inputs import Inputs
    from generator.engine.records import Made
    from generator.engine.stages.index import Known
    from generator.engine.stored_keys import Keys
    from generator.render.plan import Plan
    from generator.render.world import World


class Recall:
    """The memory of an engine. All of it can be had from the state: what is kept here only saves the way there.

    `inputs`, `world` and `plan` are those of this engine's last build, None before the first. `kept` says that there
    are to be more builds, so that remembering pays.
    """

    def __init__(self, store: Store, folder: OutputFolder, options: BuildOptions, *, kept: bool) -> None:
        self.store = store
        self.options = options
        self.outputs = Outputs(folder, store, keep_failed=options.live)
        self.kept = kept
        self.inputs: Inputs | None = None
        self.world: World | None = None
        self.plan: Plan | None = None

    def prepare(self) -> None:
        """Fetch everything at once.

        What is fetched stays: taken out of the garbage collector's rounds (200 ms each with the index of 10,000 posts).
        """
        import generator.engine.work  # noqa: F401  # with all that it imports
        from generator.engine.stored_index import StoredCards

        _ = self.sources, self.made, self.keys.all()
        if self.known is not None and isinstance(self.known.index.cards, StoredCards):
            self.known.index.cards.load()
        gc.freeze()

    @cached_property
    def sources(self) -> dict[str, SourceRow]:
        """What is known of each source: path → row."""
        return self.store.sources()

    @cached_property
    def made(self) -> dict[str, Made]:
        """What was made of each source."""
        from generator.engine.records import Made

        return dict(self.store.made(Made))

    @cached_property
    def keys(self) -> Keys:
        """The questions that pages asked, each with its number and the digest of its answer."""
        from generator.engine.stored_keys import Keys

        return Keys(self.store)

    @cached_property
    def known(self) -> Known | None:
        """The index; None where there is none."""
        from generator.engine.stages import index as indexing

        return indexing.fetch(self.store)
