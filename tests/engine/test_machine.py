"""Incremental equals clean, byte for byte, after any edits: the promise that the engine stands or falls by.

`make soak` runs ten thousand steps (SOAK_STEPS), CI a few hundred.
"""

import os
import sys
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.builds import SURROUNDINGS, Driver
from tests.soak.machine import Edits
from tests.soak.spawned import SpawnedEdits, render_elsewhere, spawn_for_few

STEPS = int(os.environ.get("SOAK_STEPS", "250"))
STEPS_A_SITE = 50
SPAWNED_STEPS = 100


@pytest.mark.slow
def test_incremental_equals_clean_after_any_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")  # each build also compares the keys it asked with all keys
    run(Edits, STEPS)


@pytest.mark.slow
def test_pages_rendered_by_processes_that_are_started_anew_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    spawned, elsewhere = spawn_for_few(monkeypatch), render_elsewhere(monkeypatch)
    run(SpawnedEdits, max(SPAWNED_STEPS, STEPS // 10))
    assert Edits.counts["compared, hinted"]
    assert spawned
    assert elsewhere


def run(machine: type[Edits], steps: int) -> None:
    soak = "SOAK_STEPS" in os.environ
    chosen = settings(
        max_examples=max(1, steps // STEPS_A_SITE),
        stateful_step_count=STEPS_A_SITE,
        deadline=None,
        derandomize=not soak,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    with ExitStack() as stack:
        Edits.drivers = tuple(stack.enter_context(Driver(each)) for each in SURROUNDINGS)
        Edits.counts.clear()
        run_state_machine_as_test(machine, settings=chosen)
    assert Edits.counts["compared"]
    if soak:
        print(dict(Edits.counts), file=sys.stderr)
