"""A site on disk that is edited at random: every edit a method, every choice a value given to it."""

from __future__ import annotations

import io
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak import pools
from tests.soak.themes import PLAIN, THEMES

OLD = 1_500_000_000  # seconds: stamps that old are believed at once


@dataclass
class Source:
    """A Markdown source: `broken` are bytes to stand in its place until it is mended."""

    keys: dict[str, object]
    body: list[int] = field(default_factory=lambda: [0])
    bundle: bool = False
    broken: bytes | None = None

    def data(self) -> bytes:
        if self.broken is not None:
            return self.broken
        lines = [f"{key}: {json.dumps(value)}" for key, value in self.keys.items() if value is not None]
        body = "\n\n".join(pools.BODIES[n] for n in self.body)
        return ("---\n" + "\n".join(lines) + f"\n---\n{body}\n").encode()


class Site:
    """The site in `root`, as it should be on disk. `touched` are the paths written since it was last emptied."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources: dict[tuple[str, str], Source] = {}
        self.config = dict.fromkeys(pools.CONFIG, 0)
        self.broken_config: str | None = None
        self._stamp = OLD
        self.touched: set[str] = set()
        for theme, settings in THEMES.items():
            self.write(f"themes/{theme}/theme.toml", settings.encode())
        self.mend_templates()
        self.write(pools.FONT, fonts()[0])
        self.write("content/static/drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        self.write_config()

    def write(self, path: str, data: bytes | None, *, aged: bool = True) -> None:
        """Write a file, or remove it for None. An `aged` one has a stamp of its own that is long past."""
        file = self.root / path
        self.touched.add(path)
        if data is None:
            file.unlink(missing_ok=True)
            return
        for above in file.relative_to(self.root).parents:
            if (self.root / above).is_file():
                (self.root / above).unlink()
        if file.is_dir():
            shutil.rmtree(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if aged:
            self.age(file)

    def mend_templates(self) -> None:
        """Put back the templates that the themes began with, and the style sheet that they name."""
        self.write("themes/plain/static/style.css", b"body { background: url(dot.svg) }\n")
        for file in sorted((self.root / "themes").glob("*/templates/**/*")):
            if file.is_file() or file.is_symlink():
                self.write(file.relative_to(self.root).as_posix(), None)
        for name, text in PLAIN.items():
            self.write(f"themes/plain/templates/{name}", text.encode())

    def swap(self, path: str, data: bytes, *, in_place: bool) -> None:
        """Put other bytes of the same size into a file, with the same time: as `cp -p` and `rsync -t` do."""
        file = self.root / path
        self.touched.add(path)
        status = file.stat()
        new = file if in_place else file.with_name(".swapped")
        new.write_bytes(data)
        os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
        new.replace(file)

    def link(self, path: str, target: str, data: bytes) -> None:
        """Let a link lead to a file that lies beside it; all its targets have one size and one time."""
        beside = (self.root / path).with_name(target)
        self.write(beside.relative_to(self.root).as_posix(), data, aged=False)
        os.utime(beside, (OLD, OLD))
        self.write(path, None)
        (self.root / path).symlink_to(target)

    def age(self, file: Path) -> None:
        self._stamp += 1
        os.utime(file, (self._stamp, self._stamp))

    def age_all(self) -> None:
        """Give every file a new stamp."""
        for file in sorted(self.root.rglob("*")):
            if file.is_file() and ".openletter" not in file.relative_to(self.root).parts:
                self.age(file)

    def write_config(self) -> None:
        lines = [pools.CONFIG[section][choice] for section, choice in self.config.items()]
        text = "\n".join(line for line in lines if line) + "\n"
        self.write("site.toml", (self.broken_config or text).encode())

    def path(self, kind: str, name: str) -> str:
        source = self.sources[kind, name]
        folder = {"post": "posts", "page": "pages", "issue": "newsletters"}[kind]
        return f"content/{folder}/{name}/index.md" if source.bundle else f"content/{folder}/{name}.md"

    def save(self, kind: str, name: str, *, aged: bool = True) -> None:
        """Write a source as it should be."""
        self.write(self.path(kind, name), self.sources[kind, name].data(), aged=aged)

    def add(self, kind: str, name: str, source: Source) -> None:
        if (kind, name) in self.sources:
            self.remove(kind, name)
        self.sources[kind, name] = source
        self.save(kind, name)

    def remove(self, kind: str, name: str) -> None:
        """Remove a source, with all that lies beside it."""
        path = self.root / self.path(kind, name)
        self.touched.add(self.path(kind, name))
        if self.sources.pop((kind, name)).bundle:
            self.touched.add(path.parent.relative_to(self.root).as_posix())  # with all that lay beside it
            shutil.rmtree(path.parent, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def pick(self, number: int, *kinds: str) -> tuple[str, str] | None:
        """Choose a source by a number, None where there is none of these kinds."""
        known = sorted(each for each in self.sources if not kinds or each[0] in kinds)
        return known[number % len(known)] if known else None


def fonts() -> tuple[bytes, ...]:
    """Make fonts for social cards: a whole one, the same with other bytes, one that is cut short."""
    from generator.images.faces import own_face

    whole = Path(own_face().file).read_bytes()
    return whole, whole + b"\0", whole[:2000]


def pictures() -> tuple[bytes | None, ...]:
    """Make pictures: none, of two colours, of two sizes, with metadata and orientation, broken ones, a drawing."""
    from PIL import Image

    def made(size: tuple[int, int], colour: str, kind: str, **options: object) -> bytes:
        data = io.BytesIO()
        Image.new("RGB", size, colour).save(data, kind, **options)
        return data.getvalue()

    exif = Image.Exif()
    exif[0x0112] = 6
    whole = made((8, 3), "red", "PNG")
    return (
        None,
        made((4, 3), "red", "PNG"),
        made((4, 3), "blue", "PNG"),
        whole,
        made((6, 2), "green", "JPEG", exif=exif),
        whole[:40],
        made((4, 3), "red", "WEBP"),
        made((1300, 3), "red", "PNG"),
        made((400, 4), "red", "PNG"),
        made((400, 4), "blue", "PNG"),
        made((400, 4), "green", "JPEG", exif=exif),
        made((900, 4), "green", "WEBP"),
        made((400, 4), "red", "PNG")[:60],
        b"nothing like a picture",
    )
