"""Every code of the checks has a fault in these tests, and a line in the guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = re.compile(r"^## Checks\n(.*?)^## ", re.M | re.S)
OF_THE_COMMAND = {"baseline", "extra-missing", "source-unwritable"}
"""What the command itself says; the guide's table is of findings."""


def codes() -> list[str]:
    section = SECTION.search((ROOT / "docs/problems.md").read_text("utf-8"))
    assert section is not None
    return re.findall(r"^### (.+)$", section[1], re.M)


@pytest.mark.parametrize("code", codes())
def test_a_code_has_a_test_and_a_line_in_the_guide(code: str) -> None:
    tests = [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py") if file != Path(__file__)]
    assert any(f'"{code}"' in text for text in tests)
    assert code in OF_THE_COMMAND or f"`{code}`" in (ROOT / "docs/check.md").read_text("utf-8")
