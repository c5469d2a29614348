"""Run a command of a site with an issue, in this process, as a person would type it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from generator.cli import cli
from tests.newsletter.site_with_issue import SITE, make_site_with_issue

UNREACHABLE = "http://127.0.0.1:9/"  # nobody listens there: it is known at once that nobody answers


def run_command(root: Path, *words: str) -> Result:
    """Run `openletter …` for a site; `--site` is added."""
    return CliRunner().invoke(cli, [*words, "--site", str(root)], catch_exceptions=False)


def make_sending_site(root: Path, port: int, more: str = "", files: dict[str, str | bytes] | None = None) -> Path:
    """Write a site with an issue that can be sent to a server on loopback; `more` are lines of `[newsletter]`."""
    toml = SITE.replace("https://letters.example.org/", UNREACHABLE)
    server = f'[newsletter.smtp]\nhost = "localhost"\nport = {port}\nsecurity = "none"\n'
    lists: dict[str, str | bytes] = {"lists/readers.csv": "address,name,campus\nann@example.org,Ann,North\n"}
    lists["lists/readers.csv"] = f"{lists['lists/readers.csv']!s}bob@example.org,Bob,South\ncy@example.org,Cy,North\n"
    return make_site_with_issue(root, {"site.toml": f"{toml}{more}\n{server}", **lists, **(files or {})})
