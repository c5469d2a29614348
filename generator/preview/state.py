"""The server's view of the site: each build updates it, each request reads it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from generator.errors import Level
from generator.preview.session import SiteAddress, ViewOptions


class FoundProblem(NamedTuple):
    """What is needed of each problem to count it: its level, its source, and the line that the terminal prints."""

    level: Level
    path: str
    text: str


@dataclass(slots=True)
class PreviewState:
    """The site after the last build. The build lock guards it: it changes only at the end of a build.

    `number` counts the builds that changed anything; a file read during a build has the number of that build. `since`
    maps an output path to the last build that changed it. `pages` maps the output path of an opened page to the facts
    for the bar. `problems` are those that browsers list, `found` are all of them. `hidden` maps addresses without a
    page to the reason. `session` distinguishes this server from an earlier one. Our own pages send `token` with
    requests.
    """

    output: Path
    view: ViewOptions
    site: SiteAddress = field(default_factory=SiteAddress)
    number: int = 0
    ready: bool = False
    since: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: list[FoundProblem] = field(default_factory=list)
    hidden: Mapping[str, str] = field(default_factory=dict)
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
