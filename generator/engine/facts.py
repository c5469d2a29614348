"""What a build leaves for the next: facts that say whether anything can be taken over, and what was wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.digest import digest
from generator.engine.inputs import Basis, Inputs
from generator.engine.stages.output import BEGUN
from generator.engine.timings import Timings
from generator.errors import Problem
from generator.model import BuildReport
from generator.store import Store, TargetRow

Problems = tuple[Problem, ...]
_decode = msgspec.json.Decoder(Problems).decode


def begin(store: Store) -> None:
    """Note that a build is under way; `finish` takes the note back in its last transaction."""
    store.set_fact("building", True)
    store.commit()


class Standing(Struct, frozen=True):
    """What of the last build still stands, as far as the sources go.

    `index`: it ended well, with the same program, configuration and kind of build, and no date has passed since.
    `theme`: with the same theme. `interrupted`: it did not end well, so that what it wrote is not what the state says.
    """

    index: bool
    theme: bool
    interrupted: bool = False

    @property
    def whole(self) -> bool:
        """Whether everything stands."""
        return self.index and self.theme


def standing(store: Store, inputs: Inputs) -> Standing:
    """Compare this build's beginning with the last one's."""
    if store.fact("building", bool):
        return Standing(False, False, interrupted=True)
    before = store.fact("basis", Basis)
    if before is None:
        return Standing(False, False)
    theme = before.theme == inputs.basis.theme
    return Standing(replace(before, theme="") == replace(inputs.basis, theme="") and _in_time(store, inputs), theme)


def _in_time(store: Store, inputs: Inputs) -> bool:
    from generator.engine.window import Window

    window = store.fact("valid", Window)
    if window is None:
        return False
    since, until = window
    return (since is None or since <= inputs.now) and (until is None or inputs.now < until)


def settings(store: Store, inputs: Inputs) -> Mapping[str, str]:
    """Give the digests, by role, of what decides what is made of a source."""
    basis = inputs.basis
    name = digest("settings", basis.generator, basis.config, basis.extensions)
    known: tuple[str, dict[str, str]] | None = store.fact("settings", tuple[str, dict[str, str]])
    if known is not None and known[0] == name:
        return known[1]
    from generator.engine.stages.documents import settings_by_role

    made = settings_by_role(inputs.config, basis.generator, inputs.additions().documents)
    store.set_fact("settings", (name, made))
    return made


def finish(store: Store, inputs: Inputs, facts: Mapping[str, Any]) -> None:
    """Keep what the next build needs to know, and commit all of this one."""
    for name, value in facts.items():
        store.set_fact(name, value)
    store.set_fact("basis", inputs.basis)
    store.set_fact(BEGUN, ())
    store.set_fact("building", False)
    store.commit()


def report(
    store: Store,
    inputs: Inputs,
    timings: Timings,
    rows: Iterable[TargetRow],
    rendered: Mapping[str, tuple[str, ...]] | None = None,
    written: Collection[str] = (),
    deleted: Collection[str] = (),
) -> BuildReport:
    """Put the report together: what this build did, and all that is wrong with the site, new or not."""
    posts, pages, issues = store.fact("counts", tuple[int, int, int]) or (0, 0, 0)
    found = {*inputs.problems, *(store.fact("theme-problems", Problems) or ())}
    found.update(store.fact("site-problems", Problems) or ())
    found.update(store.fact("plan-problems", Problems) or ())
    for problems in (store.fact("source-problems", dict[str, Problems]) or {}).values():
        found.update(problems)
    for row in rows:
        if row.problems != b"[]":
            found.update(_decode(row.problems))
    return BuildReport(
        posts=posts,
        pages=pages,
        issues=issues,
        rendered=dict(rendered or {}),
        written=tuple(written),
        deleted=tuple(deleted),
        problems=tuple(sorted(found)),
        timings=dict(timings.seconds),
    )
