"""`[social]`: the font that site.toml names."""

from pathlib import Path

import pytest

from generator.config import load_config
from generator.errors import ConfigError
from tests.factories import config, write_files

FONT = {"fonts/a.ttf": b"\0\1\0\0rest", "fonts/no.ttf": b"<html>", "fonts/empty.ttf": b""}


def test_a_font_below_the_site_is_taken(tmp_path: Path) -> None:
    write_files(tmp_path, {**FONT, "site.toml": config('[social]\ncards = true\nfont = "fonts/a.ttf"\n')})
    loaded, problems = load_config(tmp_path)
    assert (loaded.social.cards, loaded.social.font, problems) == (True, "fonts/a.ttf", ())


@pytest.mark.parametrize(
    ("font", "words"),
    [
        ("fonts/b.ttf", "There is no font file"),
        ("fonts", "There is no font file"),
        ("fonts/no.ttf", "is not a font file"),
        ("fonts/empty.ttf", "is not a font file"),
        ("/fonts/a.ttf", "is not a path below"),
        ("../a.ttf", "is not a path below"),
        ("C:/a.ttf", "is not a path below"),
    ],
)
def test_another_font_is_refused_at_its_line(font: str, words: str, tmp_path: Path) -> None:
    write_files(tmp_path, {**FONT, "site.toml": config(f'[social]\nfont = "{font}"\n')})
    with pytest.raises(ConfigError) as refused:
        load_config(tmp_path)
    (problem,) = refused.value.problems
    assert (problem.code, problem.line) == ("config-font", 4)
    assert words in problem.message
