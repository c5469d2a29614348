"""What the server knows about the site: each build updates it, each request reads it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.preview.session import SiteAddress, ViewOptions


@dataclass(slots=True)
class PreviewState:
    """The site as it stands. The build lock guards it: it changes at the end of a build, and is read between builds.

    `number` counts the builds that changed anything; what is read in the midst of one bears the number it will have.
    `since` maps an output path to the last build that changed it, `pages` that of a page to what the bar says of it, as
    far as anybody has asked. `session` tells this server from one that ran before it, `token` is what pages of ours
    show to be obeyed.
    """

    output: Path
    view: ViewOptions
    site: SiteAddress = field(default_factory=SiteAddress)
    number: int = 0
    ready: bool = False
    since: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
