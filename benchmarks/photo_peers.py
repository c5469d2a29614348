"""Compare how long photos take, beside Hugo and Eleventy's image plugin: the same widths, formats and qualities.

    python -m benchmarks.photos .cache/photos 200
    python -m benchmarks.photo_peers .cache/photos [--count 24] [--eleventy FOLDER-WITH-NODE-MODULES]

Prints a table: seconds of the clock and of all processors, the largest process in MB, the size of all renditions, and
how many were drawn. Each program begins without anything kept from before, and builds a second time.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

WIDTHS = (640, 1080, 1600)
QUALITY = 80
_HUGO = """\
{{ range .Site.RegularPages }}{{ range .Resources.ByType "image" }}{{ $photo := . }}
{{ range (slice %s) }}{{ $size := printf "%%dx" . }}
{{ $jpeg := $photo.Resize (printf "%%s jpg q%d" $size) }}{{ $webp := $photo.Resize (printf "%%s webp q%d" $size) }}
<img src="{{ $jpeg.RelPermalink }}"><img src="{{ $webp.RelPermalink }}">{{ end }}{{ end }}{{ end }}
"""
_ELEVENTY = """\
const Image = require("@11ty/eleventy-img"), fs = require("fs"), path = require("path");
const [folder, output] = process.argv.slice(2);
const files = fs.readdirSync(folder).filter(name => name.endsWith(".jpg")).map(name => path.join(folder, name));
Promise.all(files.map(file => Image(file, {
  widths: [%s], formats: ["jpeg", "webp"], outputDir: output, urlPath: "/", useCache: true,
  sharpJpegOptions: {quality: %d}, sharpWebpOptions: {quality: %d},
}))).catch(error => { console.error(error); process.exit(1); });
"""


def hugo_site(root: Path, photos: Sequence[Path]) -> list[str]:
    """Write a Hugo site with the photos in one bundle; return the command that builds it."""
    bundle = root / "content/posts/photos"
    bundle.mkdir(parents=True)
    (root / "layouts").mkdir()
    (root / "config.toml").write_text('baseURL = "https://example.org/"\ndisableKinds = ["taxonomy", "term", "RSS"]\n')
    (root / "layouts/index.html").write_text(_HUGO % (" ".join(map(str, WIDTHS)), QUALITY, QUALITY))
    (bundle / "index.md").write_text("---\ntitle: Photos\n---\n")
    for photo in photos:
        shutil.copy(photo, bundle)
    return ["hugo", "--quiet", "--source", str(root)]


def openletter_site(root: Path, photos: Sequence[Path]) -> list[str]:
    """Write a site with the photos in one bundle; return the command that builds it."""
    bundle = root / "content/posts/2026-01-01-photos"
    bundle.mkdir(parents=True)
    settings = f"[images]\nwidths = {list(WIDTHS)}\nquality = {QUALITY}\n"
    (root / "site.toml").write_text(f'title = "Photos"\nurl = "https://letters.larkmoor.example/"\n{settings}')
    shown = "\n\n".join(f"![A field under the sky]({photo.name})" for photo in photos)
    (bundle / "index.md").write_text(f"---\ntitle: Photos\n---\n{shown}\n")
    for photo in photos:
        shutil.copy(photo, bundle)
    return [sys.executable, "-m", "generator", "build", "--site", str(root)]


def eleventy_site(root: Path, photos: Sequence[Path], modules: Path) -> list[str]:
    """Write a script for Eleventy's image plugin; return the command that runs it."""
    (root / "photos").mkdir(parents=True)
    for photo in photos:
        shutil.copy(photo, root / "photos")
    (root / "node_modules").symlink_to((modules / "node_modules").resolve())
    (root / "draw.cjs").write_text(_ELEVENTY % (", ".join(map(str, WIDTHS)), QUALITY, QUALITY))
    return ["node", str(root / "draw.cjs"), str(root / "photos"), str(root / "public")]


def run(name: str, command: Sequence[str], root: Path, output: Path) -> None:
    """Run a build, and print its line of the table."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=root if name.startswith("Eleventy") else Path.cwd(), capture_output=True)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr.decode()[-2000:]}")
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    originals = {file.name for file in root.rglob("photo-???.jpg")}
    drawn = [
        file for file in output.rglob("*.*") if file.suffix in (".jpg", ".jpeg", ".webp") and file.name not in originals
    ]
    size = sum(file.stat().st_size for file in drawn) / 1e6
    print(
        f"| {name} | {seconds:.1f} | {work:.1f} | {after.ru_maxrss / 1024:.0f} | {size:.1f} | {len(drawn)} |",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the programs, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--eleventy", type=Path)
    asked = parser.parse_args(arguments)
    photos = sorted(asked.photos.glob("*.jpg"))[: asked.count]
    print(f"{len(photos)} photos, {os.cpu_count()} processors, widths {WIDTHS}, quality {QUALITY}")
    print("| program | s | s of processors | MB (largest process so far) | MB of renditions | renditions |")
    print("|---|---|---|---|---|---|")
    with TemporaryDirectory() as work:
        sites = {"Openletter": (openletter_site(Path(work) / "o", photos), Path(work) / "o/output")}
        if shutil.which("hugo"):
            sites["Hugo"] = (hugo_site(Path(work) / "h", photos), Path(work) / "h/public")
        if asked.eleventy:
            sites["Eleventy-img"] = (eleventy_site(Path(work) / "e", photos, asked.eleventy), Path(work) / "e/public")
        for name, (command, output) in sites.items():
            run(name, command, output.parent, output)
            run(f"{name}, again", command, output.parent, output)


if __name__ == "__main__":
    main()
