"""The common flow of an import knows no generator: what is special to one stands with its reader."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from generator import importers

FLOW = sorted(Path(importers.__file__).parent.glob("*.py"))
GENERATORS = (
    "jekyll", "hugo", "zola", "pelican", "eleventy", "liquid", "kramdown", "nunjucks", "wordpress", "blogger", "ghost",
    "mkdocs", "disqus", "isso",
)  # fmt: skip


@pytest.mark.parametrize("file", FLOW, ids=lambda file: file.stem)
def test_the_common_flow_names_no_generator(file: Path) -> None:
    text = file.read_text("utf-8").lower()
    assert [name for name in GENERATORS if name in text] == []


@pytest.mark.parametrize("file", FLOW, ids=lambda file: file.stem)
def test_the_common_flow_imports_no_reader(file: Path) -> None:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert [name for name in names if name.startswith("generator.importers.markdown")] == []
