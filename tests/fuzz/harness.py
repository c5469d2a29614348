"""One harness in a process of its own: `python -m tests.fuzz.harness NAME CORPUS… -libfuzzer_flags`; see `run`."""

from __future__ import annotations

import sys

import atheris


def main() -> None:
    """Hand the harness named first to the fuzzer; it never returns."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["generator", "markdown", "yaml"], enable_loader_override=False):
        from tests.fuzz.properties import PROPERTIES
    atheris.Setup(sys.argv, PROPERTIES[name])
    atheris.Fuzz()


main()
