"""Photograph the blocks of the default theme's templates, for docs/theming.md: each with its outline and its name.

    python -m benchmarks.block_pictures

Run it when the blocks or the look of the theme have changed; it replaces docs/images/blocks-*.webp.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.pictures import ROOT, served
from benchmarks.pictures_site import LEFT_TO_RIGHT
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "docs" / "images"
PAGES = {
    "base": "tag",
    "home": "home",
    "post": "post",
    "page": "page",
    "issue": "issue",
    "listing": "tag",
    "follow": "follow",
    "series": "series",
}
"""Template → the page that shows its blocks."""
IN_THE_HEAD = {"title", "meta", "styles", "head"}
REPLACED = {"tag": {"base": ["crumbs", "main"], "listing": ["list_head"]}}
"""Template → blocks of those it extends that it replaces: marked there, or the picture would not show them."""
WIDTH = 1280
HEIGHT = 2400
LONG = {"post": 4600, "issue": 4000}
"""Template → where its picture is cut, if its last blocks are far down."""
_SHORTEN = "document.querySelectorAll('.kind-post .prose > :nth-child(n+5)').forEach(element => element.remove())"
"""Leave out most of a long text, so that the picture shows what is below it."""
SHOWN_WIDTH = 520  # of the pictures in the docs
QUALITY = 50
_MARK = (
    "{{% block {name} %}}<!--block {template} {name}-->{{{{ super() }}}}<!--end {template} {name}-->{{% endblock %}}\n"
)
_OUTLINES = """template => {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_COMMENT);
  const begun = {}, boxes = [];
  while (walker.nextNode()) {
    const [what, of, name] = walker.currentNode.data.split(" ");
    if (of !== template) continue;
    if (what === "block") begun[name] = walker.currentNode;
    if (what !== "end") continue;
    const range = document.createRange();
    range.setStartAfter(begun[name]);
    range.setEndBefore(walker.currentNode);
    const rects = [...range.getClientRects()].filter(rect => rect.width > 1 && rect.height > 1);
    if (!rects.length) continue;
    const left = Math.min(...rects.map(rect => rect.left)), top = Math.min(...rects.map(rect => rect.top));
    const right = Math.max(...rects.map(rect => rect.right)), bottom = Math.max(...rects.map(rect => rect.bottom));
    boxes.push([name, left, top + scrollY, right - left, bottom - top]);
  }
  boxes.forEach(([name, left, top, width, height], number) => {
    const colour = ["#b3261e", "#1f5fbf", "#1b7a43", "#8a4b00", "#6b3fa0"][number % 5];
    const box = document.createElement("div"), label = document.createElement("b");
    Object.assign(box.style, {position: "absolute", left: left + "px", top: top + "px", width: width + "px",
      height: height + "px", outline: "4px solid " + colour, zIndex: 99, pointerEvents: "none"});
    Object.assign(label.style, {position: "absolute", right: 0, top: 0, padding: "2px 12px", background: colour,
      color: "white", font: "700 26px/1.3 sans-serif"});
    label.textContent = name;
    box.append(label);
    document.body.append(box);
  });
  return boxes.map(([name]) => name);
}"""


def blocks() -> dict[str, list[str]]:
    """Read the blocks of each template from the table of docs/theming.md."""
    text = (ROOT / "docs/theming.md").read_text("utf-8").partition("### Blocks of the default theme")[2]
    rows = re.findall(r"^\| `(\w+)\.html`[^|]*\| (.+) \|$", text.partition("###")[0], re.M)
    return {template: re.findall(r"`(\w+)`", names) for template, names in rows if "![" not in names}


def write_marked_site(root: Path) -> Path:
    """Copy this repository's site, with a theme that marks the beginning and the end of each block by comments."""
    shutil.copytree(ROOT / "content", root / "content")
    for name in ("extensions", "keys"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
    settings = (ROOT / "site.toml").read_text("utf-8")
    (root / "site.toml").write_text(settings.replace('name = "default"', 'name = "marked"', 1), "utf-8")
    replaced = {name for marks in REPLACED.values() for names in marks.values() for name in names}
    for template, names in blocks().items():
        _write_marks(root, template, {template: [name for name in names if name not in IN_THE_HEAD | replaced]})
    for template, marks in REPLACED.items():
        _write_marks(root, template, marks)
    return root


def _write_marks(root: Path, template: str, marks: Mapping[str, Sequence[str]]) -> None:
    file = root / f"themes/marked/templates/{template}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(_MARK.format(template=of, name=name) for of, names in marks.items() for name in names)
    file.write_text(f'{{% extends "@default/{template}.html" %}}\n{text}', "utf-8")


def photograph_blocks(browser: Browser, url: str, template: str, file: Path) -> list[str]:
    """Photograph a page with the outlines of a template's blocks; returns the names of those it shows."""
    from io import BytesIO

    from PIL import Image

    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
    page.goto(url)
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.evaluate("Promise.all([document.fonts.ready, ...[...document.images].map(image => image.decode())])")
    page.evaluate(_SHORTEN)
    shown: list[str] = page.evaluate(_OUTLINES, template)
    image = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.close()
    cut = image.crop((0, 0, image.width, min(image.height, LONG.get(template, HEIGHT))))
    small = cut.resize((SHOWN_WIDTH, round(cut.height * SHOWN_WIDTH / cut.width)), Image.Resampling.LANCZOS)
    small.save(file, "WEBP", quality=QUALITY, method=6)
    return shown


def main() -> None:
    """Build the marked site, and write a picture for each template."""
    from playwright.sync_api import sync_playwright

    program = which("chromium") or which("chromium-browser")
    with TemporaryDirectory() as work:
        root = write_marked_site(Path(work) / "site")
        output = Path(work) / "output"
        report = Engine(root, BuildOptions(output=output, state=Path(work) / "state")).build()
        assert not report.stopped, report.problems
        with served(output) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for template, kind in PAGES.items():
                file = FOLDER / f"blocks-{template}.webp"
                shown = photograph_blocks(browser, base + LEFT_TO_RIGHT[kind], template, file)
                print(f"{file}: {', '.join(shown)}")
            browser.close()


if __name__ == "__main__":
    main()
