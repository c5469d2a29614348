from __future__ import annotations

import sys

import pytest

from generator.errors import ConfigError

COMMONMARK = '\n[markup]\nengine = "commonmark"\n'
POST = "Text:\n- ~~one~~[^1]\n  - two\n\n> [!NOTE]\n> Mind.\n\n[^1]: Note.\n"


def test_a_site_is_built_with_the_second_dialect(letters, post, config) -> None:  # type: ignore[no-untyped-def]
    site = letters({"site.toml": config(COMMONMARK), "posts/2024-01-01-a.md": post("A", POST)})
    assert site.codes == []
    prose = site.prose("2024/01/a/index.html")
    assert "<del>one</del>" in prose
    assert 'class="note note-note"' in prose
    assert 'id="fn-a-1"' in prose
    assert "<ul>" in site.text("feed.xml").replace("&lt;", "<").replace("&gt;", ">")


def test_changing_the_dialect_makes_every_body_again(site, build, page, post, config) -> None:  # type: ignore[no-untyped-def]
    files = {"posts/2024-01-01-a.md": post("A", "~one~")}
    root = site(files)
    build(root)
    assert "~one~" in page(root, "2024/01/a/index.html")
    (root / "site.toml").write_text(config(COMMONMARK))
    build(root)
    assert "<del>one</del>" in page(root, "2024/01/a/index.html")


def test_a_missing_library_is_named_before_anything_is_built(  # type: ignore[no-untyped-def]
    site, build, post, config, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site({"site.toml": config(COMMONMARK), "posts/2024-01-01-a.md": post()})
    monkeypatch.setitem(sys.modules, "pyromark", None)
    with pytest.raises(ConfigError) as caught:
        build(root)
    (problem,) = caught.value.problems
    assert str(problem) == (
        'site.toml:5:10 error: [markup] engine: "commonmark" needs a library that is not installed. '
        "Install it with: pip install 'openletter[commonmark]' [config-engine]"
    )
    assert not (root / "output").exists()
