"""Templates are compiled once: counts of what Jinja parses, and no state from elsewhere that runs code."""

from __future__ import annotations

import marshal
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest

from generator.engine.engine import Engine
from generator.engine.fingerprint import generator_fingerprint
from generator.engine.options import BuildOptions
from generator.render import compiled
from generator.store import machine_key
from tests.factories import CLOCK, build_site, post, tree, write_site

ROOT = Path(compiled.FILE).parents[2]
CARD = "themes/mine/templates/partials/card.html"
FILES = {
    "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n',
    CARD: "<p>{{ doc.title }}</p>\n",
    "posts/2024-01-01-a.md": post("A", tags=["t"]),
    "posts/2024-01-02-b.md": post("B"),
}
Parsed = list[str]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Parsed:
    """List the templates that Jinja parses from now on."""
    names: Parsed = []
    parse = jinja2.Environment._parse

    def counted(self: jinja2.Environment, source: str, name: Any, filename: Any) -> Any:
        names.append(filename or name or source[:30])
        return parse(self, source, name, filename)

    monkeypatch.setattr(jinja2.Environment, "_parse", counted)
    return names


def be(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Be the account of a folder; returns the file of its secret."""
    for name in ("HOME", "LOCALAPPDATA", "XDG_STATE_HOME"):
        patch.setenv(name, str(folder))
    compiled.forget_compiled()
    file = machine_key.key_file()
    assert file is not None
    return file


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build a site as an account of its own: gives the site, and the file of the account's secret."""
    folder = tmp_path_factory.mktemp("built")
    root = write_site(folder / "site", FILES)
    with pytest.MonkeyPatch.context() as patch:
        file = be(folder / "account", patch)
        build_anew(root)
    return root, file


@pytest.fixture(autouse=True)
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Be an account of its own that has built nothing; gives the file of its secret."""
    yield be(tmp_path / "account", monkeypatch)
    compiled.forget_compiled()


def build_anew(root: Path) -> dict[str, bytes]:
    """Build from nothing in a new process's memory: the state has the compiled templates alone."""
    for name in ("output", ".openletter/state.sqlite"):
        shutil.rmtree(root / name, ignore_errors=True) if name == "output" else (root / name).unlink(missing_ok=True)
    compiled.forget_compiled()
    assert build_site(root).problems == ()
    return tree(root / "output")


def test_a_build_from_nothing_parses_what_no_build_has_parsed(tmp_path: Path, parsed: Parsed) -> None:
    root = write_site(tmp_path / "site", FILES)
    first = build_anew(root)
    assert len(parsed) > 50
    parsed.clear()
    assert build_anew(root) == first
    assert parsed == []
    (root / CARD).write_text("<b>{{ doc.title }}</b>\n")
    assert build_anew(root) != first
    assert set(parsed) == {"<b>{{ doc.title }}</b>\n", CARD}, "for its references, and to compile it"


def test_stock_jinja_compiles_everything_to_the_same_bytes(
    tmp_path: Path, parsed: Parsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_site(tmp_path / "site", FILES)
    build_anew(root)
    fast = build_anew(root)
    parsed.clear()
    monkeypatch.setenv("OPENLETTER_STOCK", "1")
    assert build_anew(root) == fast
    assert len(parsed) > 20


def test_what_comes_with_the_wheel_is_never_parsed(
    tmp_path: Path, parsed: Parsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_site(tmp_path / "site", {name: text for name, text in FILES.items() if not name.startswith("themes")})
    (root / "site.toml").write_text('title = "T"\nurl = "https://example.org/"\n')
    plain = build_anew(root)
    shipped = tmp_path / "compiled.json"
    shipped.write_bytes(compiled.encode_themes(ROOT / "themes" / name for name in ("default", "notice")))
    shutil.copytree(compiled.FILE.parent, tmp_path / "render")
    shipped = shipped.replace(tmp_path / "render" / shipped.name)
    monkeypatch.setattr(compiled, "FILE", shipped)
    (root / ".openletter/templates").unlink()
    parsed.clear()
    assert build_anew(root) == plain
    assert parsed == []
    (shipped.parent / "fast.py").write_text("# a generator of other code\n")
    (root / ".openletter/templates").unlink()
    assert build_anew(root) == plain
    assert len(parsed) > 50


def test_an_extensions_filter_is_applied_to_a_constant_in_every_build(tmp_path: Path, parsed: Parsed) -> None:
    """Jinja applies it while it compiles: what it gave the last time must not stay."""
    extension = (
        "from pathlib import Path\n\ndef extend(registry):\n"
        "    stamp = Path(__file__).parents[1] / 'stamp.txt'\n"
        "    registry.filter('stamp', lambda text: text + stamp.read_text())\n"
    )
    root = write_site(
        tmp_path / "site",
        FILES
        | {
            "site.toml": FILES["site.toml"] + '[extensions]\nuse = ["mine"]\n',
            "extensions/mine.py": extension,
            CARD: '<p>{{ doc.title }}{{ "x"|stamp }}</p>\n',
        },
    )
    (root / "stamp.txt").write_text("1")
    assert b"x1" in build_anew(root)["index.html"]
    parsed.clear()
    (root / "stamp.txt").write_text("2")
    assert b"x2" in build_anew(root)["index.html"]
    assert parsed == [CARD]


def others_key(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    account.write_bytes(b"y" * machine_key.SIZE_BYTES)


def no_seal(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    file = root / ".openletter/templates"
    file.write_bytes(file.read_bytes()[machine_key.SIZE_BYTES :])


def another_byte(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    file = root / ".openletter/templates"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def cut_short(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    file = root / ".openletter/templates"
    file.write_bytes(file.read_bytes()[:-1])


def empty(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    (root / ".openletter/templates").write_bytes(b"")


def key_that_others_can_read(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    account.chmod(0o644)


def key_that_is_a_link(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    account.rename(root / "key")
    account.symlink_to(root / "key")


def key_in_the_site(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    inside = be(root, patch)
    inside.parent.mkdir(parents=True)
    account.rename(inside)


def key_of_half_the_length(root: Path, account: Path, patch: pytest.MonkeyPatch) -> None:
    account.write_bytes(account.read_bytes()[:16])


POSIX_ONLY = (key_that_others_can_read, key_that_is_a_link)


@pytest.mark.parametrize(
    "spoil",
    [
        others_key,
        no_seal,
        another_byte,
        cut_short,
        empty,
        key_that_others_can_read,
        key_that_is_a_link,
        key_in_the_site,
        key_of_half_the_length,
    ],
)
def test_code_in_a_state_from_elsewhere_never_runs(
    spoil: Callable[[Path, Path, pytest.MonkeyPatch], None],
    built: tuple[Path, Path],
    tmp_path: Path,
    account: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if sys.platform == "win32" and spoil in POSIX_ONLY:
        pytest.skip("Windows has other permissions")
    root = shutil.copytree(built[0], tmp_path / "site")
    account.parent.mkdir(parents=True)
    shutil.copy(built[1], account)
    good = tree(root / "output")
    proof = tmp_path / "ran"
    hostile = marshal.dumps(compile(f"open({str(proof)!r}, 'w')\n" + "root = blocks = None", "x", "exec"))
    file, key = root / ".openletter/templates", account.read_bytes()
    program, codes, named = marshal.loads(file.read_bytes()[machine_key.SIZE_BYTES :])  # noqa: S302 (made here)
    assert program == generator_fingerprint(root / ".openletter")
    assert len(codes) > 20
    file.write_bytes(machine_key.seal_with(key, marshal.dumps((program, dict.fromkeys(codes, hostile), named))))
    spoil(root, account, monkeypatch)
    assert build_anew(root) == good
    assert not proof.exists()


def test_the_secret_is_for_this_account_alone(tmp_path: Path, account: Path) -> None:
    build_anew(write_site(tmp_path / "site", FILES))
    assert len(account.read_bytes()) == machine_key.SIZE_BYTES
    if sys.platform != "win32":
        assert stat.S_IMODE(account.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_an_account_that_can_keep_no_secret_builds_all_the_same(tmp_path: Path, account: Path) -> None:
    account.parent.parent.mkdir(parents=True)
    account.parent.write_text("a file where a folder should be")
    root = write_site(tmp_path / "site", FILES)
    assert build_anew(root) == build_anew(root)
    assert not (root / ".openletter/templates").exists()


def test_an_engine_that_stays_keeps_its_templates_while_the_theme_is_the_same(tmp_path: Path, parsed: Parsed) -> None:
    root = write_site(tmp_path / "site", FILES)
    (root / "themes/mine/theme.toml").write_text('extends = "default"\n')
    a, toml, card = "content/posts/2024-01-01-a.md", "site.toml", CARD
    with Engine(root, BuildOptions(live=True), CLOCK) as engine:
        engine.build()

        def changed(path: str, text: str) -> bool:
            """Build after an edit; returns whether the compiled templates are the same ones."""
            assert engine._cache is not None
            assert engine._cache.context is not None
            before = engine._cache.context.templates
            (root / path).write_text(text)
            parsed.clear()
            engine.build(hint={path})
            assert engine._cache.context is not None
            return engine._cache.context.templates is before

        assert changed(a, post("Another title", tags=["t"]))
        assert changed(a, post("Another title", tags=["u"]))
        assert changed(a, post("Another title", "Another first paragraph.", tags=["u"]))
        assert changed("content/posts/2024-01-03-c.md", post("C"))
        assert changed(toml, FILES["site.toml"] + 'description = "D"\n')
        assert parsed == []
        assert not changed(card, "<b>{{ doc.title }}</b>\n")
        assert set(parsed) == {"<b>{{ doc.title }}</b>\n", CARD}
        shown = tree(root / "output")
    clean = BuildOptions(tmp_path / "clean", state=tmp_path / "state", live=True)
    Engine(root, clean, CLOCK).build()
    assert tree(tmp_path / "clean") == shown
