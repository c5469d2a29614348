"""Every edit, in any order, with builds between that may be killed: what is left equals a build from nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.tools.verify import verify
from generator.errors import ConfigError, ContentError
from generator.images.cleaner import clean_picture
from generator.model import BuildReport
from tests.factories import tree
from tests.soak import pools
from tests.soak.builds import Driver, differences, folders
from tests.soak.site import Site, Source, fonts, pictures
from tests.soak.themes import EDITS, PLAIN, STATIC_EDITS

PICTURES = pictures()
FONTS = fonts()
MEDIA = Path(__file__).parents[1] / "media/files"
FILMS = (None, *((MEDIA / name).read_bytes() for name in ("film.mp4", "upright.mp4")), b"WEBVTT\n\n", b"none")
numbers = st.integers(0, 30)
bodies = st.lists(st.integers(0, len(pools.BODIES) - 1), max_size=3)
aged = st.sampled_from((True, True, False))


def choice(values: Any) -> Any:
    """Choose a place in a sequence."""
    return st.integers(0, len(values) - 1)


def _without_history(problems: list[str]) -> list[str]:
    """Leave out the problems that compare with the past: a build from nothing has none."""
    return [problem for problem in problems if not problem.endswith(("[address-gone]", "[feed-gone]"))]


def held(output: Path) -> dict[str, bytes]:
    """Read what an output folder has; nothing if there is none."""
    return tree(output) if output.exists() else {}


def whole_picture(data: bytes | None) -> bool:
    """Return True if the theme may hold this picture, or none."""
    try:
        return data is None or bool(clean_picture("picture.png", data))
    except ContentError:
        return False


class Edits(RuleBasedStateMachine):
    """A site, edits of it, and builds that must not notice that they are not the first.

    `drivers` build in other surroundings than these: other hash seeds, time zones and locales.
    """

    drivers: ClassVar[tuple[Driver, ...]] = ()
    counts: ClassVar[Counter[str]] = Counter()
    jobs: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="openletter-machine-"))
        self.site = Site(self.folder / "site")
        self.now = pools.START
        self.steps = 0
        self.builds = 0
        self.moves = 0
        self.kept: Path | None = None
        self.preview = self.folder / "preview"
        self.watching: Engine | None = None

    def teardown(self) -> None:
        self.stop_watching()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The site as it begins, and its sources

    @initialize(texts=st.lists(bodies, min_size=3, max_size=3))
    def begin(self, texts: list[list[int]]) -> None:
        for number, text in enumerate(texts, 1):
            keys: dict[str, object] = {"title": f"N{number}", "date": f"2024-0{number}-01", "tags": ["all"]}
            keys["author"] = "jo"
            self.site.add("post", f"n{number}", Source(keys, text, bundle=number == 3))
        self.site.add("page", "about", Source({"title": "About"}))
        self.site.add("issue", "i1", Source({"title": "News", "date": "2024-06-01", "collect": {"since": "last"}}))

    @rule(name=st.sampled_from(pools.NAMES), text=bodies, bundle=st.booleans(), date=choice(pools.KEYS["date"]))
    def add_post(self, name: str, text: list[int], bundle: bool, date: int) -> None:
        keys = {"title": name.upper(), "date": pools.KEYS["date"][date]}
        self.site.add("post", name, Source(keys, text, bundle))

    @rule(name=st.sampled_from(pools.PAGES), text=bodies)
    def add_page(self, name: str, text: list[int]) -> None:
        self.site.add("page", name, Source({"title": name.title()}, text))

    @rule(name=st.sampled_from(pools.ISSUES), key=choice(pools.ISSUE_KEYS["date"]))
    def add_issue(self, name: str, key: int) -> None:
        self.site.add("issue", name, Source({"title": name, "date": pools.ISSUE_KEYS["date"][key]}))

    @rule(number=numbers, text=bodies, aged=aged)
    def edit_body(self, number: int, text: list[int], aged: bool) -> None:
        if picked := self.site.pick(number):
            self.site.sources[picked].body = text
            self.site.save(*picked, aged=aged)

    @rule(number=numbers, key=st.sampled_from(sorted(pools.KEYS)), value=numbers, aged=aged)
    def edit_key(self, number: int, key: str, value: int, aged: bool) -> None:
        if picked := self.site.pick(number, "post", "page"):
            self.site.sources[picked].keys[key] = pools.KEYS[key][value % len(pools.KEYS[key])]
            self.site.save(*picked, aged=aged)

    @rule(number=numbers, key=st.sampled_from(sorted(pools.ISSUE_KEYS)), value=numbers)
    def edit_issue(self, number: int, key: str, value: int) -> None:
        if picked := self.site.pick(number, "issue"):
            self.site.sources[picked].keys[key] = pools.ISSUE_KEYS[key][value % len(pools.ISSUE_KEYS[key])]
            self.site.save(*picked)

    @rule(number=numbers, in_place=st.booleans())
    def swap_bytes(self, number: int, in_place: bool) -> None:
        """Edit a title so that the file keeps its size and its time."""
        picked = self.site.pick(number)
        if picked is None or (source := self.site.sources[picked]).broken is not None:
            return
        before = source.data()
        source.keys["title"] = str(source.keys["title"]).swapcase()
        file = self.site.root / self.site.path(*picked)
        if file.read_bytes() == before:
            self.site.swap(self.site.path(*picked), source.data(), in_place=in_place)
        else:
            self.site.save(*picked)

    @rule(leads_to=st.sampled_from(("linked-1.txt", "linked-2.txt", "linked-3.txt")))
    def retarget_link(self, leads_to: str) -> None:
        self.site.link("content/static/link.txt", leads_to, leads_to.encode())

    @rule(number=numbers)
    def move_lines(self, number: int) -> None:
        """Turn the front matter's lines round: the same values, other lines in problems."""
        if picked := self.site.pick(number):
            source = self.site.sources[picked]
            source.keys = dict(reversed(source.keys.items()))
            self.site.save(*picked)

    @rule(number=numbers, name=st.sampled_from(pools.NAMES))
    def rename(self, number: int, name: str) -> None:
        picked = self.site.pick(number, "post")
        if picked and picked[1] != name:
            source = self.site.sources[picked]
            self.site.remove(*picked)
            self.site.add("post", name, source)

    @rule(number=numbers)
    def delete(self, number: int) -> None:
        if picked := self.site.pick(number):
            self.site.remove(*picked)

    @rule(number=numbers)
    def bundle_or_unbundle(self, number: int) -> None:
        """Make a bundle of a file or a file of a bundle; what lay beside it stays where it was."""
        if picked := self.site.pick(number, "post"):
            self.site.write(self.site.path(*picked), None)
            self.site.sources[picked].bundle ^= True
            self.site.save(*picked)

    @rule(number=numbers, data=st.sampled_from(pools.BROKEN_SOURCES))
    def break_source(self, number: int, data: bytes) -> None:
        if picked := self.site.pick(number):
            self.site.sources[picked].broken = data
            self.site.save(*picked)

    @rule(number=numbers)
    def mend_source(self, number: int) -> None:
        if picked := self.site.pick(number):
            self.site.sources[picked].broken = None
            self.site.save(*picked)

    # What lies beside the sources

    @rule(number=numbers, picture=choice(PICTURES), aged=aged)
    def edit_picture(self, number: int, picture: int, aged: bool) -> None:
        places = ["content/static/pic.png", "themes/plain/static/social-card.png"]
        bundles = [name for kind, name in sorted(self.site.sources) if self.site.sources[kind, name].bundle]
        places += [f"content/posts/{name}/pic.png" for name in bundles]
        place = places[number % len(places)]
        if place.startswith("themes/") and not whole_picture(PICTURES[picture]):
            return  # a theme with a damaged picture stops a build: tests/media shows it
        self.site.write(place, PICTURES[picture], aged=aged)

    @rule(name=st.sampled_from(pools.NAMES), data=st.sampled_from(pools.STATIC_BYTES))
    def edit_file_beside(self, name: str, data: bytes | None) -> None:
        if ("post", name) in self.site.sources and self.site.sources["post", name].bundle:
            self.site.write(f"content/posts/{name}/note.txt", data)

    @rule(path=st.sampled_from(pools.BESIDE), picture=choice(PICTURES), aged=aged)
    def edit_picture_beside_posts(self, path: str, picture: int, aged: bool) -> None:
        if PICTURES[picture] is not None or (self.site.root / "content/posts" / path).is_file():
            self.site.write(f"content/posts/{path}", PICTURES[picture], aged=aged)

    @rule(path=st.sampled_from(pools.FILMS), film=choice(FILMS), aged=aged)
    def edit_film_beside_posts(self, path: str, film: int, aged: bool) -> None:
        data = PICTURES[1] if path.endswith(".png") and FILMS[film] is not None else FILMS[film]
        if data is not None or (self.site.root / "content/posts" / path).is_file():
            self.site.write(f"content/posts/{path}", data, aged=aged)

    @rule(before=st.sampled_from(pools.BESIDE), after=st.sampled_from(pools.BESIDE))
    def rename_picture_beside_posts(self, before: str, after: str) -> None:
        file = self.site.root / "content/posts" / before
        if before != after and file.is_file():
            self.site.write(f"content/posts/{after}", file.read_bytes())
            self.site.write(f"content/posts/{before}", None)

    @rule(before=st.sampled_from(pools.BESIDE), after=st.sampled_from(pools.BESIDE), picture=choice(PICTURES))
    def swap_pictures(self, before: str, after: str, picture: int) -> None:
        """Give a picture's name to other bytes, and its bytes to another name."""
        file = self.site.root / "content/posts" / before
        if before != after and PICTURES[picture] is not None:
            if file.is_file():
                self.site.write(f"content/posts/{after}", file.read_bytes())
            self.site.write(f"content/posts/{before}", PICTURES[picture])

    @rule(font=choice(FONTS))
    def edit_font(self, font: int) -> None:
        self.site.write(pools.FONT, FONTS[font])
        self.site.touched.discard(pools.FONT)  # the preview does not watch this folder

    @rule(path=st.sampled_from(pools.STATIC_PATHS), data=st.sampled_from(pools.STATIC_BYTES), aged=aged)
    def edit_static(self, path: str, data: bytes | None, aged: bool) -> None:
        if data is None and not (self.site.root / "content/static" / path).is_file():
            return
        self.site.write(f"content/static/{path}", data, aged=aged)

    @rule(number=numbers, text=st.sampled_from(pools.COMMENTS))
    def edit_comments(self, number: int, text: str | None) -> None:
        if picked := self.site.pick(number, "post", "page"):
            path = self.site.path(*picked)
            bundle = path.endswith("/index.md")
            place = path.removesuffix("index.md") + "comments.yaml" if bundle else path[:-3] + ".comments.yaml"
            self.site.write(place, None if text is None else text.encode())

    # Themes and configuration

    @rule(theme=st.sampled_from(("plain", "plain", "child", "mine")), edit=st.sampled_from(EDITS))
    def edit_template(self, theme: str, edit: tuple[str, str | None]) -> None:
        name, text = edit
        text = PLAIN.get(name) if text is None and theme == "plain" else text
        self.site.write(f"themes/{theme}/templates/{name}", None if text is None else text.encode())

    @rule(name=st.sampled_from(sorted(PLAIN)), data=st.sampled_from((b"", b"\xff", None)))
    def spoil_template(self, name: str, data: bytes | None) -> None:
        self.site.write(f"themes/plain/templates/{name}", PLAIN[name].encode() if data is None else data)

    @rule(theme=st.sampled_from(("plain", "child")), edit=st.sampled_from(STATIC_EDITS))
    def edit_asset(self, theme: str, edit: tuple[str, bytes | None]) -> None:
        self.site.write(f"themes/{theme}/static/{edit[0]}", edit[1])

    @rule(section=st.sampled_from(sorted(pools.CONFIG)), value=numbers)
    def edit_config(self, section: str, value: int) -> None:
        self.site.config[section] = value % len(pools.CONFIG[section])
        self.site.broken_config = None
        self.site.write_config()

    @rule(text=st.sampled_from(pools.BROKEN_CONFIGS))
    def break_config(self, text: str) -> None:
        """With a site.toml that has no meaning, nothing is touched."""
        before = held(self.output)
        self.site.broken_config = text
        self.site.write_config()
        try:
            self.build()
        except ConfigError:
            assert held(self.output) == before
        else:
            raise AssertionError("site.toml is broken, and was taken")
        with pytest.raises(ConfigError):
            self.build_with_hint()
        self.site.broken_config = None
        self.site.write_config()

    # The world around

    @rule(moment=st.sampled_from(pools.MOMENTS))
    def move_clock(self, moment: datetime) -> None:
        self.now = moment

    @rule()
    def age_everything(self) -> None:
        self.site.age_all()

    @rule()
    def lose_state(self) -> None:
        shutil.rmtree(self.state, ignore_errors=True)

    @rule(data=st.sampled_from((None, b"", b"damaged")))
    def spoil_cleaned_pictures(self, data: bytes | None) -> None:
        for file in self.state.glob("pictures/*"):
            if data is None:
                file.unlink()
            else:
                file.write_bytes(data)

    @rule(data=st.sampled_from((None, b"")))
    def lose_drawn_pictures(self, data: bytes | None) -> None:
        for number, file in enumerate(sorted(self.state.glob("renditions/*"))):
            if number % 2 == 0 and data is None:
                file.unlink()
            elif number % 2 == 0:
                file.write_bytes(data or b"")

    @rule()
    def lose_output(self) -> None:
        shutil.rmtree(self.output, ignore_errors=True)

    @rule(number=numbers, data=st.sampled_from((None, b"", b"vandalised")))
    def spoil_output(self, number: int, data: bytes | None) -> None:
        files = sorted(file for file in self.output.rglob("*") if file.is_file() and file.parent != self.output)
        if not files:
            return
        file = files[number % len(files)]
        if data is None:
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[::-1] if data else data)
            self.site.age(file)

    @rule()
    def move_elsewhere(self) -> None:
        self.stop_watching()
        self.moves += 1
        self.site.root = self.site.root.rename(self.folder / f"site-{self.moves}")

    @rule()
    def keep_state_and_output(self) -> None:
        """Put state and output away, as CI does."""
        self.kept = self.folder / "kept"
        shutil.rmtree(self.kept, ignore_errors=True)
        for name in (".openletter", "output"):
            if (self.site.root / name).exists():
                shutil.copytree(self.site.root / name, self.kept / name)

    @precondition(lambda self: self.kept is not None)
    @rule(with_output=st.booleans(), with_state=st.booleans())
    def restore(self, with_output: bool, with_state: bool) -> None:
        """Bring them back, of another day and with other stamps, or only one of them: the other is lost then."""
        assert self.kept is not None
        for name, wanted in ((".openletter", with_state), ("output", with_output)):
            shutil.rmtree(self.site.root / name, ignore_errors=True)
            if wanted and (self.kept / name).exists():
                shutil.copytree(self.kept / name, self.site.root / name, copy_function=shutil.copy)

    # Builds

    @property
    def output(self) -> Path:
        return self.site.root / "output"

    @property
    def state(self) -> Path:
        return self.site.root / ".openletter"

    def build(self) -> dict[str, Any]:
        """Build in this process, which has built before: what it remembers must not show."""
        report = Engine(self.site.root, BuildOptions(jobs=self.jobs), Clock(self.now)).build()
        return {
            "problems": [str(problem) for problem in report.problems],
            "rendered": dict(report.rendered),
            "written": list(report.written),
            "deleted": list(report.deleted),
            "counts": [report.posts, report.pages, report.issues],
            "stopped": report.stopped,
        }

    def driver(self) -> Driver:
        self.builds += 1
        return self.drivers[self.builds % len(self.drivers)]

    def clean(self, **options: Any) -> tuple[dict[str, Any], Path]:
        """Build the same sources from nothing, in other surroundings."""
        place = self.folder / "clean"
        shutil.rmtree(place, ignore_errors=True)
        output, state = place / "output", place / "state"
        return self.driver().ask(self.site.root, self.now, output=output, state=state, **options), output

    def compare(self, report: dict[str, Any], output: Path, before: dict[str, bytes], **options: Any) -> None:
        """Compare a build with one from nothing; if a template fails, both stop, and the output is as `before`."""
        fresh, clean = self.clean(**options)
        if fresh["stopped"]:
            assert report["stopped"]
            assert any("[template-" in problem for problem in report["problems"])
            assert not clean.exists()
            assert differences(held(output), before) == []
            self.counts["stopped"] += 1
        else:
            assert not report["stopped"]
            assert differences(tree(output), tree(clean)) == []
            assert folders(output) == folders(clean)
        assert report["counts"] == fresh["counts"]
        assert _without_history(report["problems"]) == _without_history(fresh["problems"])

    @invariant()
    def compare_now_and_then(self) -> None:
        """Edits come singly, in pairs and in fours: three steps of seven are followed by a comparison."""
        self.counts["steps"] += 1
        self.steps += 1
        if self.site.sources and self.steps % 7 in (0, 1, 3):
            self.build_and_compare()
        elif self.site.sources and self.steps % 7 in (2, 5):
            self.build_with_hint_and_compare()

    @rule()
    def build_and_compare(self) -> None:
        """Build and compare; if a template fails, mend all of them, and compare again."""
        before = held(self.output)
        report = self.build()
        self.compare(report, self.output, before)
        again = self.build()
        if again["stopped"]:
            assert _without_history(again["problems"]) == _without_history(report["problems"])
            self.site.mend_templates()
            report = self.build()
            self.compare(report, self.output, {})
            again = self.build()
        assert not again["stopped"]
        failed = {path for path in again["rendered"] if not (self.output / path).exists()}
        assert set(again["rendered"]) == failed
        assert (again["written"], again["deleted"]) == ([], [])
        assert again["problems"] == report["problems"]
        self.counts["compared"] += 1

    @rule(number=numbers, text=bodies, at=st.integers(1, 20), aged=aged, data=st.sampled_from(pools.STATIC_BYTES))
    def edit_while_a_build_runs(self, number: int, text: list[int], at: int, aged: bool, data: bytes | None) -> None:
        """Save a source and a file in the midst of a build: the next one sees them."""
        calls = 0

        def note(_stage: str, _done: int, _total: int) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                self.edit_body(number=number, text=text, aged=aged)
                self.edit_static(path=pools.STATIC_PATHS[number % 3], data=data, aged=aged)
                self.edit_template(theme="plain", edit=EDITS[number % len(EDITS)])

        Engine(self.site.root, BuildOptions(jobs=1), Clock(self.now)).build(note)
        self.counts["edited in the midst of a build"] += calls >= at

    def build_with_hint(self) -> BuildReport:
        """Build with an engine that remembers its builds, and is told what was touched since."""
        if self.watching is None:
            place = self.folder / "watched"
            self.watching = Engine(self.site.root, BuildOptions(place / "output", state=place / "state", jobs=1))
            self.watching.__enter__()
        self.watching.clock = Clock(self.now)
        hint = frozenset(self.site.touched)
        self.site.touched.clear()
        return self.watching.build(hint=hint)

    def stop_watching(self) -> None:
        if self.watching is not None:
            self.watching.__exit__(None, None, None)
        self.watching = None

    @rule()
    def build_with_hint_and_compare(self) -> None:
        output = self.folder / "watched" / "output"
        before = held(output)
        report = self.build_with_hint()
        facts = {
            "problems": [str(problem) for problem in report.problems],
            "counts": [report.posts, report.pages, report.issues],
            "stopped": report.stopped,
        }
        self.compare(facts, output, before)
        assert not self.build_with_hint().written
        if report.stopped:
            self.site.mend_templates()
            self.build_with_hint_and_compare()
        self.counts["compared, hinted"] += 1

    @rule()
    def build_and_verify(self) -> None:
        self.build()
        assert verify(self.site.root, BuildOptions(jobs=1), Clock(self.now)) == ()
        self.counts["verified"] += 1

    @rule()
    def build_with_two_processes(self) -> None:
        before = held(self.output)
        report = self.driver().ask(self.site.root, self.now, jobs=2)
        self.compare(report, self.output, before)
        self.counts["compared, two processes"] += 1

    @rule()
    def build_a_preview(self) -> None:
        places = {"output": self.preview, "state": self.state / "preview/state", "preview": True}
        before = held(self.preview)
        report = self.driver().ask(self.site.root, self.now, **places)
        self.compare(report, self.preview, before, preview=True)
        self.counts["compared, preview"] += 1

    @rule(at=st.integers(1, 25))
    def kill_a_build(self, at: int) -> None:
        """Kill a build between two of its steps."""
        answer = self.driver().ask(self.site.root, self.now, kill_at=at)
        assert not answer["orphans"]
        self.counts["killed" if answer.get("killed") else "ended before it was killed"] += 1

    @rule(after_ms=st.integers(1, 60))
    def kill_a_build_at_any_time(self, after_ms: int) -> None:
        """Kill a build in the midst of whatever it does."""
        answer = self.driver().ask(self.site.root, self.now, kill_after_s=after_ms / 1000)
        assert not answer["orphans"]
        self.counts["killed" if answer.get("killed") else "ended before it was killed"] += 1

    @rule(size=st.sampled_from((1, 60, 500, 1_500, 3_000, 20_000, 60_000)))
    def fill_the_disk(self, size: int) -> None:
        """Build where no file can grow beyond a size: what cannot be written is said, and nothing is half-written."""
        answer = self.driver().ask(self.site.root, self.now, largest_file_bytes=size)
        assert answer.get("code", "output-unwritable") in ("output-unwritable", "state-unusable"), answer
        assert not list(self.output.rglob("*.openletter-part"))
        self.counts["no space" if "refused" in answer else "space enough"] += 1
