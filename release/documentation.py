"""Build the documentation site with Openletter itself: from README.md, docs/ and the other pages of this repository.

`python -m release.documentation [OUTPUT]` writes to dist/docs unless another folder is named.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "dist/docs"
SITE = ROOT / ".cache/docs"
_BLOCK = r"^ *(?P<fence>`{3,}).*?^ *(?P=fence) *$"
_SPAN = r"(?P<tick>`+)[^`\n].*?(?P=tick)"
_WORDS = r"(?P<mark>!?)\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]"
# Whatever begins first is found: a link may have code in its words, and code may show a link.
_LINK = re.compile(rf"{_BLOCK}|{_SPAN}|{_WORDS}\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)", re.M | re.S)
_HEADING = re.compile(rf"{_BLOCK}|^##+ (?P<heading>.+?)$", re.M | re.S)
_OWN_ADDRESS = re.compile(r"^[a-z]+:|^/|^$")  # another site, an address of a site, or a heading of the same page


def list_pages() -> dict[str, str]:
    """List the pages: path in the repository → path below content/pages/."""
    top = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
    docs = {f"docs/{file.name}": file.name for file in sorted((ROOT / "docs").glob("*.md"))}
    decisions = {
        f"docs/decisions/{file.name}": f"decisions/{file.name}"
        for file in sorted((ROOT / "docs/decisions").glob("*.md"))
    }
    return {**top, **docs, **decisions}


def write_site(folder: Path) -> Path:
    """Write the folder of the site: its settings, its theme, a page for each page of the repository, the pictures."""
    shutil.rmtree(folder / "content", ignore_errors=True)
    shutil.rmtree(folder / "themes", ignore_errors=True)
    pages = list_pages()
    texts = {pages[path]: convert_page(path, pages) for path in pages}
    texts["decisions/index.md"] = _decisions(pages)
    for name, text in texts.items():
        file = folder / "content/pages" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    shutil.copytree(ROOT / "docs/images", folder / "content/static/images")
    shutil.copyfile(ROOT / "LICENSE", folder / "content/static/LICENSE.txt")
    shutil.copyfile(ROOT / "docs/site/site.toml", folder / "site.toml")
    shutil.copytree(ROOT / "docs/site/theme", folder / "themes/documentation")
    partials = folder / "themes/documentation/templates/partials"
    partials.mkdir()
    (partials / "all_pages.html").write_text(_all_pages(pages), "utf-8")
    return folder


def convert_page(path: str, pages: dict[str, str]) -> str:
    """Convert a page of the repository to a source: its first heading becomes the title."""
    text = (ROOT / path).read_text("utf-8")
    heading, _, body = text.partition("\n")
    title = re.sub(r"[`*]", "", heading.removeprefix("# "))
    body = _LINK.sub(lambda link: _rewrite(link, path, pages), body)
    body = _HEADING.sub(_with_anchor, body)
    return _source(title, _description(body, title), body)


def _source(title: str, description: str, body: str) -> str:
    head = f"title: {json.dumps(title, ensure_ascii=False)}\ndescription: {json.dumps(description, ensure_ascii=False)}"
    return f"---\n{head}\n---\n\n{body.strip()}\n"


def _with_anchor(heading: re.Match[str]) -> str:
    """Give a heading the anchor that it has where the repository is shown: links are written for both."""
    if heading["heading"] is None:
        return heading[0]
    slug = re.sub(r"[^\w -]", "", heading["heading"].lower()).replace(" ", "-")
    return f"{heading[0]} {{#{slug}}}"


def _rewrite(link: re.Match[str], path: str, pages: dict[str, str]) -> str:
    """Lead a link to the page of the site, or to the copied picture; a file that only the repository has is named."""
    mark, words, target, anchor = link["mark"], link["words"], link["target"], link["anchor"] or ""
    if target is None or _OWN_ADDRESS.search(target):
        return link[0]
    found = normpath(str(PurePosixPath(path).parent / target))
    if found in pages or found == "docs/decisions":
        new = pages.get(found, "decisions/index.md")
        here = str(PurePosixPath(pages[path]).parent)
        return f"{mark}[{words}]({relpath(new, here)}{anchor})"
    if found.startswith("docs/images/"):
        return f"{mark}[{words}](/{found.removeprefix('docs/')})"
    if found == "LICENSE":
        return f"[{words}](/LICENSE.txt)"
    return f"{words} (`{found}`)"


def _description(body: str, title: str) -> str:
    """Take the first paragraph as the description, at most 160 characters; the title if the page begins otherwise."""
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        words = re.sub(rf"{_WORDS}\([^)]*\)", r"\g<words>", " ".join(paragraph.split()))
        words = re.sub(r"[`*]", "", words)
        if paragraph[:1].isalpha() and not words.endswith(":") and len(words) > 40:
            return words if len(words) <= 160 else f"{words[:158].rsplit(' ', 1)[0]} …"
    return f"{title}: a page of Openletter's documentation."


def _decisions(pages: dict[str, str]) -> str:
    listed = [path for path in pages if path.startswith("docs/decisions/")]
    titles = {path: (ROOT / path).read_text("utf-8").partition("\n")[0].removeprefix("# ") for path in listed}
    lines = [f"- [{titles[path]}]({PurePosixPath(path).name})" for path in listed]
    opening = "Each of these pages gives the reasons for a decision that would cost more than a day to undo."
    return _source("Why it is so", opening, "\n".join([opening, "", *lines]))


def _all_pages(pages: dict[str, str]) -> str:
    """Write the template of the list of all pages from the tables of README.md, one list for each."""
    read_on = (ROOT / "README.md").read_text("utf-8").partition("\n## Read on\n")[2].partition("\n## ")[0]
    groups = ["Guides", *re.findall(r"^To (.+):$", read_on, re.M)]
    tables = re.findall(r"(?:^\|.*\n)+", read_on, re.M)
    lists = []
    for group, table in zip(groups, tables, strict=True):
        rows = re.findall(r"^\| \[([^\]]+)\]\(([^)#]+)\)", table, re.M)
        items = "".join(
            f"""<li><a href="{{{{ site.link('/{pages[path][:-3]}/') }}}}">{name}</a></li>\n""" for name, path in rows
        )
        lists.append(f"<section>\n<h2>{group[:1].upper()}{group[1:]}</h2>\n<ul>\n{items}</ul>\n</section>\n")
    return "".join(lists)


def main(arguments: list[str]) -> int:
    """Write the site's folder, and build it; returns the exit code of the build."""
    output = Path(arguments[0]) if arguments else OUTPUT
    write_site(SITE)
    command = [sys.executable, "-m", "generator", "build", "--strict", "--site", str(SITE), "--output", str(output)]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
