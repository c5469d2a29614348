"""What to do after `init`: look at the site, keep it in Git, publish it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.scaffold.new_site import EXAMPLE_URL
from generator.scaffold.workflow import TARGET, AddedWorkflow, CiService
from generator.text.toml_settings import find_above


def next_steps(folder: Path, url: str, ci: CiService | None) -> Iterator[str]:
    """List the next steps line by line, commands indented by two spaces."""
    yield "Next, look at it while you write:"
    if folder.resolve() != Path.cwd():
        yield f"  cd {_quoted(folder)}"
    yield "  openletter serve"
    yield "  openletter new post A good week"
    if url.strip().rstrip("/") == EXAMPLE_URL.rstrip("/") and ci in (None, "forgejo"):
        yield "Before you publish it, write the address of the site in site.toml, in the line url."
    in_git = (folder / ".git").exists() or find_above(folder.resolve() / "x", ".git/HEAD") is not None
    yield "Keep it in Git:"
    if not in_git:
        yield "  git init --initial-branch=main"
    yield "  git add ."
    yield '  git commit -m "Start the site"'
    if ci == "github":
        yield "Publish it: create an empty repository on GitHub, choose GitHub Actions in its Settings > Pages. Then:"
        yield "  git remote add origin https://github.com/YOUR-NAME/YOUR-REPOSITORY.git"
        yield "  git push -u origin main"
    elif ci == "gitlab":
        yield "Publish it: create an empty project on GitLab. Then:"
        yield "  git remote add origin https://gitlab.com/YOUR-NAME/YOUR-PROJECT.git"
        yield "  git push -u origin main"
    elif ci == "forgejo":
        yield "Publish it: create an empty repository, and turn on Actions in its settings. Then:"
        yield "  git remote add origin https://codeberg.org/YOUR-NAME/YOUR-REPOSITORY.git"
        yield "  git push -u origin main"


def steps_after_adding(folder: Path, added: AddedWorkflow, ci: CiService) -> Iterator[str]:
    """List what is left to do after a workflow was added to a site."""
    top = find_above(folder.resolve(), ".git/HEAD")
    if top is not None and not (folder / ".git").exists():
        yield f"The repository begins at {top}, where the service looks for this file."
        yield "Move it there, and add --site to its commands."
    if added.settings:
        yield f"It publishes to [publish.{TARGET}]. Write this in site.toml, in place of another of that name:"
        yield from (f"  {line}" for line in added.settings.splitlines())
    yield "Commit it, and push."
    if ci == "github":
        yield "On GitHub, choose GitHub Actions in the repository's Settings > Pages."
    if ci == "forgejo":
        yield "Turn on Actions in the settings of the repository, and write your runner's label in the line runs-on."


def _quoted(folder: Path) -> str:
    text = str(folder)
    return f'"{text}"' if " " in text else text
