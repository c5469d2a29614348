"""Builds at once, and readers during builds: nothing is corrupt, nothing is missing that was there and will be."""

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.engine import folders
from generator.errors import OutputError
from generator.model import BuildReport
from tests.soak.builds import differences, tree

Site = Callable[[Mapping[str, str | bytes]], Path]
Build = Callable[..., BuildReport]


def post(title: str, body: str = "Text.") -> str:
    return f"---\ntitle: {title}\ntags: [all]\n---\n{body}\n"


def posts(count: int) -> dict[str, str | bytes]:
    return {f"posts/{2000 + n // 12}-{n % 12 + 1:02}-01-p{n}.md": post(f"P{n}") for n in range(count)}


def assert_clean(root: Path, build: Build, tmp_path: Path) -> None:
    build(root, output=tmp_path / "clean/output", state=tmp_path / "clean/state")
    assert differences(tree(root / "output"), tree(tmp_path / "clean/output")) == []


def test_two_processes_that_build_one_site_at_once_corrupt_nothing(site: Site, build: Build, tmp_path: Path) -> None:
    root = site(posts(30))
    command = [sys.executable, "-m", "generator", "build", "--site", str(root)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(3)]
    for each in running:
        out, _ = each.communicate(timeout=120)
        assert each.returncode == 0, out.decode()
    assert build(root).rendered == {}
    assert_clean(root, build, tmp_path)


def test_a_build_that_waited_for_another_sees_what_came_meanwhile(site: Site, build: Build, tmp_path: Path) -> None:
    root = site(posts(2))
    with ThreadPoolExecutor(1) as other:
        with folders.lock(root / ".openletter"):
            waiting = other.submit(build, root)
            assert not threading.Event().wait(0.3)
            (root / "content/posts/2024-01-01-late.md").write_text(post("Late"))
            assert not waiting.done()
        assert waiting.result(timeout=60).posts == 3
    assert_clean(root, build, tmp_path)


def test_a_build_that_has_waited_long_enough_says_who_is_in_its_way(
    site: Site, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site(posts(1))
    monkeypatch.setattr(folders, "_WAIT_S", 0.1)
    with folders.lock(root / ".openletter"), pytest.raises(OutputError, match="Another build"):
        build(root)
    assert not (root / "output").exists()


def test_what_fails_in_a_build_is_not_taken_for_a_locked_state(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), folders.lock(tmp_path / "state"):
        raise PermissionError("of something else")
    with folders.lock(tmp_path / "state"):
        pass


def test_a_folder_that_is_no_site_is_left_as_it_was(build: Build, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="openletter init"):
        build(tmp_path)
    assert list(tmp_path.iterdir()) == []


class Reader:
    """Reads files over and over, as a web server does, and notes each time one is missing or not whole."""

    def __init__(self, files: list[Path]) -> None:
        self.files = files
        self.reads = 0
        self.faults: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            for file in self.files:
                try:
                    text = file.read_text(encoding="utf-8")
                except OSError as reason:
                    self.faults.add(f"{file}: {reason.strerror}")
                    continue
                whole = text.endswith(("</html>\n", "</rss>\n", "</urlset>\n"))
                self.faults |= set() if whole else {f"{file}: ends {text[-20:]!r}"}
                self.reads += 1


@pytest.mark.slow
def test_a_reader_never_meets_a_missing_or_half_written_page(site: Site, build: Build, tmp_path: Path) -> None:
    root = site({**posts(12), "pages/about.md": post("About")})
    build(root)
    names = [
        "index.html",
        "about/index.html",
        "2000/01/p0/index.html",
        "tags/all/index.html",
        "feed.xml",
        "sitemap.xml",
    ]
    with Reader([root / "output" / name for name in names]) as reader:
        for number in range(30):
            (root / "content/posts/2000-01-01-p0.md").write_text(post(f"P{number}", f"Words {number}. " * number))
            if number % 3 == 0:
                (root / "content/posts/2000-02-01-p1.md").write_text(post("P1") if number % 2 else "---\ntitle: [\n")
            if number % 5 == 0:
                (root / "site.toml").write_text(f'title = "T{number}"\nurl = "https://example.org/"\n')
            if number % 7 == 6:
                for file in (root / ".openletter").glob("state.sqlite*"):
                    file.unlink()
            build(root)
    assert reader.faults == set()
    assert reader.reads > 100
    assert_clean(root, build, tmp_path)
