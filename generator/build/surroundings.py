"""A build's world: the index with all that its questions are answered from."""

from __future__ import annotations

from pathlib import Path

from generator.build.indexing import Known, Publisher, texts
from generator.build.inputs import Inputs
from generator.build.locate import Locator
from generator.render.output_kinds import output_kinds
from generator.render.world import World, make_world
from generator.site.keys import LINES, PROGRAM, SOURCE
from generator.site.queries import Queries
from generator.store import Store


def gather_world(root: Path, inputs: Inputs, known: Known, store: Store) -> World:
    """Gather what targets are rendered from."""
    queries = Queries(known.index, inputs.config, texts(known, store), known.cards)
    queries.supply(SOURCE, lambda path: known.files[path][0])
    queries.supply(LINES, store.digest_of)
    queries.supply(PROGRAM, lambda _: (inputs.basis.generator, inputs.basis.extensions))
    publisher = Publisher(root, inputs.found, known, store)
    locate = Locator(root, inputs.found)
    additions = inputs.additions()
    return make_world(
        inputs.config,
        queries,
        inputs.theme,
        publisher,
        locate,
        inputs.banner,
        store.reopen,
        additions,
        output_kinds(additions),
        stock=inputs.stock,
    )
