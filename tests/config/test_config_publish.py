from pathlib import Path

import pytest

from generator.config import load_config
from generator.config.targets.folder import FolderOptions
from generator.errors import ConfigError

HEAD = 'title = "x"\nurl = "https://letters.example.org/"\n'


def errors(root: Path, text: str) -> list[tuple[int, str, str]]:
    (root / "site.toml").write_text(HEAD + text)
    try:
        problems = load_config(root)[1]
    except ConfigError as fault:
        problems = fault.problems
    return [(each.line, each.code, each.message) for each in problems]


def test_targets_are_read_in_order_beside_the_periods_without_publishing(tmp_path: Path) -> None:
    text = '[[publish.hold]]\nfrom = "2027-01-01"\nto = "2027-01-02"\nreason = "x"\n'
    for name in ("z", "a"):
        text += f'[publish.{name}]\ntype = "folder"\npath = "{name}"\n'
    (tmp_path / "site.toml").write_text(HEAD + text)
    publish = load_config(tmp_path)[0].publish
    assert list(publish.targets) == ["z", "a"]
    assert publish.targets["a"].options == FolderOptions("a")
    assert len(publish.hold) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://sam:secret@git.example.org/x.git",
        "https://:secret@git.example.org/x.git",
        "https://ghp_abcdefghijklmnop@github.com/x/y.git",
        "https://github_pat_11AAAA@github.com/x/y.git",
        "https://glpat-abc@gitlab.com/x/y.git",
        f"https://{'a' * 40}@codeberg.org/x/y.git",
    ],
)
def test_a_password_or_key_in_an_address_is_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    ((line, code, message),) = errors(tmp_path, f'[publish.a]\ntype = "git"\nrepository = "{address}"\n')
    assert (line, code) == (5, "config-secret")
    assert "secret" not in message


@pytest.mark.parametrize(
    "address", ["origin", "https://sam@git.example.org/x.git", "git@github.com:x/y.git", "ssh://git@h:22/x", "../x.git"]
)
def test_an_address_without_a_secret_is_accepted(tmp_path: Path, address: str) -> None:
    assert errors(tmp_path, f'[publish.a]\ntype = "git"\nrepository = "{address}"\n') == []


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('[publish]\nlive = "x"\n', 4, "config-type"),
        ('[publish."a b"]\ntype = "folder"\npath = "x"\n', 3, "config-value"),
        ('[publish.a]\npath = "x"\n', 3, "config-missing"),
        ('[publish.a]\ntype = "fodler"\n', 4, "config-value"),
        ('[publish.a]\ntype = "folder"\n', 3, "config-missing"),
        ('[publish.a]\ntype = "folder"\npath = "x"\nhots = "nginx"\n', 6, "config-unknown"),
        ('[publish.a]\ntype = "folder"\npath = "x"\nhost = "ngix"\n', 6, "config-value"),
        ('[publish.a]\ntype = "folder"\npath = "x"\nindexnow = "short"\n', 6, "config-value"),
        ('[publish.a]\ntype = "git"\nrepository = "--upload-pack=x"\n', 5, "config-value"),
        ('[publish.a]\ntype = "git"\nrepository = "ext::sh -c x"\n', 5, "config-value"),
        ('[publish.a]\ntype = "git"\nrepository = "x"\nbranch = "a..b"\n', 6, "config-value"),
        ('[publish.a]\ntype = "git"\nrepository = "x"\nfolder = "../b"\n', 6, "config-value"),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, text: str, line: int, code: str) -> None:
    assert [each[:2] for each in errors(tmp_path, text)] == [(line, code)]
