from collections.abc import Callable
from pathlib import Path

import pytest

from generator.digest import digest_bytes
from generator.errors import ConfigError
from generator.theming import load_theme

Write = Callable[[dict[str, str]], Path]


def test_a_static_file_carries_the_digest_of_its_bytes(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/static/js/x.min.js": "alert", "a/static/.hidden": "", "a/static/x.css~": ""})
    (file,) = load_theme(root, "a", {}).static.values()
    assert file.path == "js/x.min.js"
    assert file.output_path == f"assets/js/x.min.{digest_bytes(b'alert')[:8]}.js"
    assert file.read() == b"alert"


def test_a_childs_static_file_wins(themes: Write) -> None:
    root = themes({"a/theme.toml": 'extends = "b"', "a/static/x.css": "a", "b/theme.toml": "", "b/static/x.css": "b"})
    assert load_theme(root, "a", {}).static["x.css"].read() == b"a"


CSS = """@import "base.css";
@font-face { src: url(../fonts/a%20b.woff2?v=1#x) format("woff2") }
a { background: url("../logo.svg"), url( 'data:image/svg+xml,x' ), url(https://x.example/logo.svg), url(#id) }
/* url(../logo.svg) */ b::after { content: "url(../logo.svg)" }
"""


def test_references_of_a_style_sheet_are_renamed(themes: Write) -> None:
    files = {"css/style.css": CSS, "css/base.css": "b{}", "fonts/a b.woff2": "font", "logo.svg": "<svg/>"}
    root = themes({"a/theme.toml": "", **{f"a/static/{name}": text for name, text in files.items()}})
    theme = load_theme(root, "a", {})
    name = {path: Path(file.output_path).name for path, file in theme.static.items()}
    expected = CSS.replace('"base.css"', f'"{name["css/base.css"]}"')
    expected = expected.replace("a%20b.woff2", name["fonts/a b.woff2"].replace(" ", "%20"))
    expected = expected.replace('url("../logo.svg")', f'url("../{name["logo.svg"]}")')
    style = theme.static["css/style.css"]
    assert style.read().decode() == expected
    assert style.digest == digest_bytes(style.read())
    assert theme.problems == ()


def test_a_changed_font_renames_the_style_sheet_that_names_it(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/static/x.css": "url(y.woff2)", "a/static/y.woff2": "1"})
    before = load_theme(root, "a", {}).static["x.css"].output_path
    themes({"a/static/y.woff2": "2"})
    assert load_theme(root, "a", {}).static["x.css"].output_path != before


def test_a_reference_to_nothing_is_a_warning_at_its_line(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/static/x.css": "a{}\nb{background:url(gone.png)}"})
    (problem,) = load_theme(root, "a", {}).problems
    assert str(problem).startswith('themes/a/static/x.css:2 warning: The theme has no static file "gone.png"')


def test_style_sheets_in_a_circle_are_refused(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/static/x.css": '@import "y.css";', "a/static/y.css": "@import url(x.css);"})
    with pytest.raises(ConfigError, match="circle"):
        load_theme(root, "a", {})


def test_a_reference_cannot_leave_the_static_folder(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/static/x.css": "a{background:url(../../../site.toml)}"})
    (root / "site.toml").write_text("")
    assert load_theme(root, "a", {}).static["x.css"].read() == b"a{background:url(../../../site.toml)}"
