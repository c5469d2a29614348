"""Which code is run: what site.toml names, and nothing else."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Adding = Callable[[str], str]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Install a package with an extension: `installed("name", "package.module:extend", {"package/module.py": …})`."""

    def install(name: str, entry: str, files: dict[str, str]) -> Path:
        place = tmp_path / "installed"
        about = {
            "METADATA": "Metadata-Version: 2.1\nName: letters-extras\nVersion: 1.0\n",
            "entry_points.txt": f"[openletter.extensions]\n{name} = {entry}\n",
        }
        for path, text in {**files, **{f"letters_extras-1.0.dist-info/{k}": v for k, v in about.items()}}.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text)
        monkeypatch.syspath_prepend(str(place))
        return place

    before = set(sys.modules)
    yield install
    for module in set(sys.modules) - before:
        if module.startswith("letters_"):
            del sys.modules[module]


def test_an_extension_that_site_toml_does_not_name_is_not_run(folder: Any) -> None:
    folder.use()
    folder.extension(f"open({str(folder.root / 'ran')!r}, 'w')\n")
    assert folder.build().problems == ()
    assert not (folder.root / "ran").exists()


def test_a_package_may_have_several_modules_and_data(folder: Any, a: str) -> None:
    folder.extension(
        "from pathlib import Path\nfrom . import inner\nfrom .inner.deep import WORD\n"
        "def extend(registry):\n"
        "    word = Path(__file__).with_name('word.txt').read_text()\n"
        "    registry.filter('add', lambda text: text + WORD + word)\n",
        "extensions/mine/__init__.py",
    )
    folder.extension("", "extensions/mine/inner/__init__.py")
    folder.extension("WORD = '1'\n", "extensions/mine/inner/deep.py")
    folder.write("extensions/mine/word.txt", "2")
    folder.template("post", "{{ doc.title|add }}")
    folder.build()
    assert folder.text(a) == "a12\n"
    folder.write("extensions/mine/word.txt", "3")
    folder.build()
    assert folder.text(a) == "a13\n"
    folder.extension("WORD = '4'\n", "extensions/mine/inner/deep.py")
    folder.build()
    assert folder.text(a) == "a43\n"


def test_an_extension_does_not_stand_in_the_way_of_other_modules(folder: Any, a: str) -> None:
    folder.use("json")
    folder.extension(
        "import json\ndef extend(registry):\n    registry.filter('dumped', json.dumps)\n", "extensions/json.py"
    )
    folder.template("post", "{{ [doc.title]|dumped|safe }}")
    folder.build()
    assert folder.text(a) == '["a"]\n'


def test_one_extension_cannot_be_imported_by_another_by_chance(folder: Any) -> None:
    folder.extension("import yours\n")
    folder.extension("", "extensions/yours.py")
    (problem,) = folder.refused()
    assert "No module named 'yours'" in problem.message


def test_what_is_not_there_is_told_at_the_line_that_names_it(folder: Any) -> None:
    folder.use("mien", "none")
    folder.extension("")
    first, second = folder.refused()
    assert (first.path, first.line, first.code) == ("site.toml", 5, "extension-unknown")
    assert 'Did you mean "mine"?' in first.hint
    assert '"none"' in second.message


def test_a_name_is_spelled_as_its_file_on_every_system(folder: Any) -> None:
    folder.use("Mine")
    folder.extension("")
    assert [problem.code for problem in folder.refused()] == ["extension-unknown"]


@pytest.mark.parametrize("name", ["../mine", "a/b", "/etc/x", "a.b", "", "1", ".x"])
def test_a_name_never_leads_elsewhere(folder: Any, name: str) -> None:
    folder.use(name)
    (problem,) = folder.refused()
    assert (problem.path, problem.line, problem.code) == ("site.toml", 5, "config-value")


def test_an_installed_package_brings_an_extension(folder: Any, installed: Any, adding: Adding, a: str) -> None:
    files = {"letters_one/__init__.py": "", "letters_one/loud.py": adding("registry.filter('loud', str.upper)")}
    place = installed("loud", "letters_one.loud:extend", files)
    folder.use("loud")
    folder.template("post", "{{ doc.title|loud }}")
    assert folder.build().problems == ()
    assert folder.text(a) == "A\n"
    assert folder.build().rendered == {}
    (place / "letters_one/data.txt").write_text("new")
    (problem,) = folder.refused()
    assert "Start Openletter again" in problem.message


def test_an_installed_extension_that_fails_is_named_by_its_package(folder: Any, installed: Any) -> None:
    installed("loud", "letters_two", {"letters_two.py": "def extend(registry):\n    1 / 0\n"})
    folder.use("loud")
    (problem,) = folder.refused()
    assert (problem.path, problem.line) == ("letters_two.py", 2)


def test_an_entry_point_that_leads_nowhere_is_told(folder: Any, installed: Any) -> None:
    installed("loud", "letters_three.x:extend", {})
    folder.use("loud")
    (problem,) = folder.refused()
    assert (problem.code, problem.line) == ("extension-unknown", 5)


def test_two_sites_in_one_process_have_each_its_own(folder: Any, adding: Adding, tmp_path: Path, a: str) -> None:
    other = type(folder)(tmp_path / "other")
    for site, word in ((folder, "one"), (other, "two")):
        site.use("mine")
        site.post("a")
        site.extension(adding(f"registry.filter('word', lambda text: {word!r})"))
        site.template("post", "{{ doc.title|word }}")
        site.build()
    assert (folder.text(a), other.text(a)) == ("one\n", "two\n")
