"""Render the pictures of a letter as the build would write them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from generator.engine.rendering import render_target
from generator.newsletter.issue import RenderedIssue


def render_letter_pictures(rendered: RenderedIssue) -> dict[str, bytes]:
    """Render the pictures of a letter: absolute URL → bytes. Skips those that fail; preflight reports them."""
    wanted = {_path(rendered, url): url for url in rendered.letter.pictures}
    found = {}
    for target in rendered.site.plan.targets:
        url = wanted.get(target.path)
        if url is not None:
            content = render_target(target, rendered.site.context).content
            if content is not None:
                found[url] = content if isinstance(content, bytes) else content.read_bytes()
    return {url: found[url] for url in rendered.letter.pictures if url in found}


def _path(rendered: RenderedIssue, url: str) -> str:
    """Return the output path of a URL of this site; "" for other sites."""
    config = rendered.site.inputs.config
    if not url.startswith(config.url):
        return ""
    return unquote(urlsplit(url).path).removeprefix(config.base_path)
