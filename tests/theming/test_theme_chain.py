from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import ConfigError, Level
from generator.theming import load_theme
from generator.theming.chain import builtin_folder

Write = Callable[[dict[str, str]], Path]


def refused(root: Path, name: str, **options: object) -> str:
    with pytest.raises(ConfigError) as caught:
        load_theme(root, name, options)
    return str(caught.value)


def test_the_built_in_theme_is_found_from_any_site(tmp_path: Path) -> None:
    theme = load_theme(tmp_path, "default", {})
    assert [layer.name for layer in theme.chain] == ["default"]
    assert theme.chain[0].folder == builtin_folder() / "default"
    assert theme.chain[0].label == "theme default: "


def test_a_child_comes_before_what_it_extends(themes: Write) -> None:
    root = themes({"a/theme.toml": 'extends = "b"', "b/theme.toml": 'extends = "c"', "c/theme.toml": ""})
    assert [layer.name for layer in load_theme(root, "a", {}).chain] == ["a", "b", "c"]


def test_a_folder_without_theme_toml_extends_the_built_in_theme(themes: Write) -> None:
    root = themes({"mine/templates/x.html": "x"})
    assert [layer.name for layer in load_theme(root, "mine", {}).chain] == ["mine", "default"]


@pytest.mark.parametrize("own", [{"default/templates/x.html": "x"}, {"default/theme.toml": 'extends = "default"'}])
def test_a_site_theme_named_like_the_built_in_one_extends_it(themes: Write, own: dict[str, str]) -> None:
    root = themes(own)
    chain = load_theme(root, "default", {}).chain
    assert [layer.folder for layer in chain] == [root / "themes/default", builtin_folder() / "default"]


def test_a_site_whose_own_folder_is_the_built_in_theme_has_one_layer() -> None:
    root = builtin_folder().parent
    assert [layer.label for layer in load_theme(root, "default", {}).chain] == ["themes/default/"]


def test_a_circle_is_refused_at_its_line(themes: Write) -> None:
    root = themes({"a/theme.toml": 'extends = "b"', "b/theme.toml": '\nextends = "a"'})
    assert refused(root, "a").startswith('themes/b/theme.toml:2:11 error: The theme "a" extends itself')


def test_an_unknown_theme_is_refused_with_those_there_are(themes: Write) -> None:
    root = themes({"letters/theme.toml": ""})
    (root / "site.toml").write_text('title = "x"\ntheme = "leters"\n')
    said = refused(root, "leters")
    assert said.startswith('site.toml:2:9 error: There is no theme "leters". Did you mean "letters"?')
    assert "Available: default, letters, notice." in said


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "..", "a..b", "@a", ".hidden", "a\nb"])
def test_a_name_that_is_a_path_is_refused(tmp_path: Path, name: str) -> None:
    assert "[theme-name]" in refused(tmp_path, name)


def test_a_theme_toml_that_is_not_toml_is_refused_at_its_place(themes: Write) -> None:
    assert refused(themes({"a/theme.toml": "x = 1\ny = \n"}), "a").startswith("themes/a/theme.toml:2:1 error: ")


def test_an_unknown_key_of_theme_toml_is_a_warning(themes: Write) -> None:
    (problem,) = load_theme(themes({"a/theme.toml": 'extend = "default"'}), "a", {}).problems
    assert (problem.level, problem.line, problem.hint) == (Level.WARNING, 1, 'Did you mean "extends"?')


OPTIONS = """
[options.accent]
default = "blue"
description = "A colour."
choices = ["blue", "green"]
[options.wide]
default = false
[options.columns]
default = 2
[options.scale]
default = 1.5
[options.links]
default = ["a"]
"""


def test_options_are_typed_by_their_defaults_and_set_by_the_site(themes: Write) -> None:
    root = themes({"a/theme.toml": OPTIONS})
    assert load_theme(root, "a", {}).options == {
        "accent": "blue",
        "columns": 2,
        "links": ("a",),
        "scale": 1.5,
        "wide": False,
    }
    options = load_theme(root, "a", {"accent": "green", "wide": True, "scale": 2, "links": ["b", "c"]}).options
    assert options == {"accent": "green", "columns": 2, "links": ("b", "c"), "scale": 2.0, "wide": True}


def test_a_childs_default_keeps_the_parents_choices(themes: Write) -> None:
    root = themes({"a/theme.toml": 'extends = "b"\n[options.accent]\ndefault = "green"', "b/theme.toml": OPTIONS})
    assert load_theme(root, "a", {}).options["accent"] == "green"
    assert "[theme] accent" in refused(root, "a", accent="red")


def test_all_wrong_options_are_named_at_once_with_their_lines(themes: Write) -> None:
    root = themes({"a/theme.toml": OPTIONS})
    (root / "site.toml").write_text('[theme]\nname = "a"\naccent = "bleu"\nwide = "yes"\ncolums = 3\nlinks = [1]\n')
    said = refused(root, "a", accent="bleu", wide="yes", colums=3, links=[1]).splitlines()
    assert said[0].startswith('site.toml:3:10 error: [theme] accent: "bleu" is not allowed here. Did you mean "blue"?')
    assert said[1].startswith('site.toml:4:8 error: "wide" in [theme] must be true or false, not text.')
    assert said[2].startswith('site.toml:5:1 warning: "colums" in [theme] is not a setting of this theme')
    assert said[3].startswith("site.toml:6:9 error: [theme] links: Every item must be text.")


def test_an_option_without_a_default_is_refused(themes: Write) -> None:
    assert "in [options.x] is missing" in refused(themes({"a/theme.toml": '[options.x]\ndescription = "y"'}), "a")
