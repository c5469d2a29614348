"""Photograph every kind of page of the default theme: three widths, light and dark, left to right and right to left.

    python -m benchmarks.pictures
    python -m benchmarks.pictures --kinds home post --widths 1280 --schemes light

Each kind becomes one sheet in .cache/pictures, such as `post-ltr.png`. Look at them before a change of the theme lands.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.pictures_site import LEFT_TO_RIGHT, RIGHT_TO_LEFT, write_arabic_site
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions

if TYPE_CHECKING:
    from PIL import Image
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".cache" / "pictures"
WIDTHS = (1280, 768, 360)
SCHEMES = ("light", "dark")
HEIGHT = 2600  # where a page is cut: what follows repeats
GAP = 24


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def photograph(browser: Browser, url: str, width: int, scheme: Any, height: int = HEIGHT) -> Image.Image:
    """Photograph a page from its top, as far down as `height` pixels."""
    from io import BytesIO

    from PIL import Image

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(url)
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.evaluate("Promise.all([document.fonts.ready, ...[...document.images].map(image => image.decode())])")
    data = page.screenshot(full_page=True)
    page.close()
    image = Image.open(BytesIO(data)).convert("RGB")
    return image.crop((0, 0, image.width, min(image.height, height)))


def make_sheet(images: Sequence[Image.Image]) -> Image.Image:
    """Put pictures side by side."""
    from PIL import Image

    width = sum(image.width for image in images) + GAP * (len(images) + 1)
    sheet = Image.new("RGB", (width, max(image.height for image in images) + 2 * GAP), "#8a8a8a")
    at = GAP
    for image in images:
        sheet.paste(image, (at, GAP))
        at += image.width + GAP
    return sheet


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the sites and write the sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kinds", nargs="*", default=[*LEFT_TO_RIGHT])
    parser.add_argument("--widths", nargs="*", type=int, default=WIDTHS)
    parser.add_argument("--schemes", nargs="*", default=SCHEMES)
    parser.add_argument("--directions", nargs="*", default=("ltr", "rtl"))
    parser.add_argument("--height", type=int, default=HEIGHT)
    parser.add_argument("--output", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    asked.output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        sites = {"ltr": (ROOT, LEFT_TO_RIGHT), "rtl": (write_arabic_site(Path(work) / "site"), RIGHT_TO_LEFT)}
        for direction in asked.directions:
            root, pages = sites[direction]
            output = Path(work) / f"output-{direction}"
            Engine(root, BuildOptions(output=output, state=Path(work) / f"state-{direction}")).build()
            _photograph_all(output, direction, {kind: pages[kind] for kind in asked.kinds if kind in pages}, asked)


def _photograph_all(output: Path, direction: str, pages: dict[str, str], asked: argparse.Namespace) -> None:
    from playwright.sync_api import sync_playwright

    program = which("chromium") or which("chromium-browser")
    with served(output) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for kind, path in pages.items():
            shots = [
                photograph(browser, base + path, width, scheme, asked.height)
                for scheme in asked.schemes
                for width in asked.widths
            ]
            file = asked.output / f"{kind}-{direction}.png"
            make_sheet(shots).save(file)
            print(file)
        browser.close()


if __name__ == "__main__":
    main()
