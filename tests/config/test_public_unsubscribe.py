"""The unsubscribe address on the site's pages: never one that works for a single reader only."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config import load_config

HTTPS, TOKEN = "https://lists.example.org/leave", "https://lists.example.org/leave?reader={address}&token={token}"


@pytest.mark.parametrize(
    ("unsubscribe", "public"),
    [
        ([HTTPS], HTTPS),
        ([TOKEN], ""),
        (["mailto:office@example.org"], "mailto:office@example.org"),
        ([TOKEN, "mailto:office@example.org?subject=leave"], "mailto:office@example.org?subject=leave"),
        ([TOKEN, "mailto:office@example.org?subject=leave%20{token}"], "mailto:office@example.org?subject=leave"),
        (["mailto:o@example.org?subject={token}%20leave"], "mailto:o@example.org?subject=%20leave"),
        (["mailto:o@example.org?subject=leave&body={address}%20{token}"], "mailto:o@example.org?subject=leave&body="),
        ([HTTPS, "mailto:office@example.org?subject=leave%20{token}"], HTTPS),
        ([], ""),
    ],
)
def test_pages_show_an_address_that_anyone_can_use(tmp_path: Path, unsubscribe: list[str], public: str) -> None:
    lines = ", ".join(f'"{each}"' for each in unsubscribe)
    text = f'title = "A"\nurl = "https://example.org/"\n[newsletter]\nunsubscribe = [{lines}]\n'
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    assert load_config(tmp_path)[0].newsletter.public_unsubscribe == public
