"""Facts that a build stores for the next one: what can be reused, and the site's problems."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.config.load import FILE
from generator.config.security import check_expiry
from generator.engine.inputs import Basis, Inputs
from generator.engine.outputs import PENDING
from generator.engine.page_problems import gather_page_problems
from generator.engine.settings import SETTINGS_FACT, name_settings, settings_by_role
from generator.engine.timings import Timings
from generator.errors import Problem
from generator.model import BuildReport
from generator.store.rows import TargetRow, WrittenFile
from generator.store.state import Store
from generator.text.toml_positions import Positions
from generator.text.toml_settings import read_settings

Problems = tuple[Problem, ...]
SEARCH_PROBLEMS = "search-problems"
Window = tuple[datetime | None, datetime | None]
"""When an index is valid: from one moment (inclusive) to another (exclusive); None means no limit."""
FINDINGS = "findings"
"""The fact with what `check` found in the site that the state describes."""
_decode = msgspec.json.Decoder(Problems).decode


def mark_building(store: Store) -> None:
    """Record that a build is running; `commit_facts` removes the note in its last transaction.

    What was found in the site as it was before is forgotten (see `tools.built_site`).
    """
    store.set_fact("building", True)
    store.set_fact(FINDINGS, None)
    store.commit()


class Reuse(Struct, frozen=True):
    """What can be reused from the last build, if the sources allow it.

    `index`: the build finished, with the same program and kind of build and the same settings that an index may be made
    from, and no date has passed since. `plan`: the settings that outputs may be planned from are the same. `settings`:
    all settings are the same. `theme`: the theme is the same.
    `interrupted`: it did not finish, so the output may differ from the state.
    """

    index: bool
    plan: bool
    settings: bool
    theme: bool
    interrupted: bool = False

    @property
    def everything(self) -> bool:
        """Whether everything can be reused."""
        return self.index and self.plan and self.settings and self.theme


def find_reusable(store: Store, inputs: Inputs) -> Reuse:
    """Compare what this build starts from with what the last one started from."""
    if store.fact("building", bool):
        return Reuse(False, False, False, False, interrupted=True)
    before = store.fact("basis", Basis | None)
    if before is None:
        return Reuse(False, False, False, False)
    now = inputs.basis
    index = before.for_documents == now.for_documents and _in_time(store, inputs)
    return Reuse(index, before.plan == now.plan, before.settings == now.settings, before.theme == now.theme)


def _in_time(store: Store, inputs: Inputs) -> bool:
    window = store.fact("valid", Window)
    if window is None:
        return False
    since, until = window
    return (since is None or since <= inputs.now) and (until is None or inputs.now < until)


def settings_digests(store: Store, inputs: Inputs) -> Mapping[str, str]:
    """Return the digests, by role of a source, of the settings its record depends on."""
    basis = inputs.basis
    name = name_settings(basis.generator, basis.config, basis.extensions)
    known: tuple[str, dict[str, str]] | None = store.fact(SETTINGS_FACT, tuple[str, dict[str, str]])
    if known is not None and known[0] == name:
        return known[1]
    digests = settings_by_role(inputs.config, basis.generator, inputs.additions().documents)
    store.set_fact(SETTINGS_FACT, (name, digests))
    return digests


def commit_facts(store: Store, inputs: Inputs, facts: Mapping[str, Any]) -> None:
    """Store what the next build needs to know, and commit everything that this one stored."""
    for name, value in {PENDING: (), **facts}.items():
        store.set_fact(name, value)
    store.set_fact("basis", inputs.basis)
    store.set_fact("building", False)
    store.commit()


def commit_stopped(store: Store, facts: Mapping[str, Any], *, interrupted: bool) -> None:
    """Store what is known of a build that wrote nothing: the next one reuses its documents, and checks everything else.

    `interrupted` is True if an earlier build did not finish: the next one must still compare all bytes.
    """
    for name, value in facts.items():
        store.set_fact(name, value)
    store.set_fact("basis", None)
    store.set_fact("building", interrupted)
    store.commit()


def fetch_findings(store: Store, name: str) -> Problems | None:
    """Fetch what was found under a name since the site last changed; None if nothing has been looked for."""
    kept = store.fact(FINDINGS, tuple[str, Problems] | None)
    return kept[1] if kept and kept[0] == name else None


def store_findings(store: Store, name: str, found: Problems) -> None:
    """Store what was found, until a build changes the site."""
    store.set_fact(FINDINGS, (name, found))
    store.commit()


def _settings_problems(store: Store, inputs: Inputs) -> Iterator[Problem]:
    """Give the problems of settings their lines, which a comment in site.toml moves without another build."""
    found = store.fact("setting-problems", tuple[tuple[tuple[str | int, ...], Problem], ...]) or ()
    if expiry := check_expiry(inputs.config.security, inputs.now):
        found = (*found, (("security", "expires"), expiry))
    if not found:
        return
    places = Positions(read_settings(inputs.root / FILE, FILE))
    for way, problem in found:
        place = places.place(way)
        yield replace(problem, line=place.line, column=place.value)


def make_report(
    store: Store,
    inputs: Inputs,
    timings: Timings,
    rows: Iterable[TargetRow | WrittenFile],
    rendered: Mapping[str, tuple[str, ...]] | None = None,
    written: Collection[str] = (),
    deleted: Collection[str] = (),
    searched: int = 0,
    *,
    stopped: bool = False,
    left: int = 0,
) -> BuildReport:
    """Make the report: what this build did, and everything that is wrong with the site, new or not.

    `stopped` is True if a template failed, so that nothing was written; `left` counts stale pages that it left.
    """
    posts, pages, issues = store.fact("counts", tuple[int, int, int]) or (0, 0, 0)
    drafts, scheduled, expired = store.fact("hidden counts", tuple[int, int, int]) or (0, 0, 0)
    found = {*inputs.problems, *(store.fact("theme-problems", Problems) or ())}
    found.update(store.fact("site-problems", Problems) or ())
    found.update(store.fact("plan-problems", Problems) or ())
    found.update(store.fact("address-problems", Problems) or ())
    found.update(store.fact("later-problems", Problems) or ())
    found.update(store.fact(SEARCH_PROBLEMS, Problems) or ())
    found.update(_settings_problems(store, inputs))
    for problems in (store.fact("source-problems", dict[str, Problems]) or {}).values():
        found.update(problems)
    found.update(gather_page_problems((row.path, _decode(row.problems)) for row in rows if row.problems != b"[]"))
    return BuildReport(
        posts=posts,
        pages=pages,
        issues=issues,
        rendered=dict(rendered or {}),
        written=tuple(written),
        deleted=tuple(deleted),
        problems=tuple(sorted(found)),
        timings=dict(timings.seconds),
        drafts=drafts,
        scheduled=scheduled,
        expired=expired,
        searched=searched,
        stopped=stopped,
        url=inputs.config.url,
        work=dict(timings.work),
        left=left,
    )
