"""The bytes of the pictures that a letter shows, as the build would write them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from generator.engine.processes.render_pool import render_target
from generator.mailing.letters import Proof


def letter_pictures(proof: Proof) -> dict[str, bytes]:
    """Make the pictures of a letter: absolute URL → bytes. One that cannot be made is left out: preflight names it."""
    wanted = {_path(proof, url): url for url in proof.letter.pictures}
    found = {}
    for target in proof.opened.plan.targets:
        url = wanted.get(target.path)
        if url is not None:
            content = render_target(target, proof.opened.world).content
            if content is not None:
                found[url] = content if isinstance(content, bytes) else content.read_bytes()
    return {url: found[url] for url in proof.letter.pictures if url in found}


def _path(proof: Proof, url: str) -> str:
    """Name the output file that an address of the site leads to; "" for one of another site."""
    config = proof.opened.inputs.config
    if not url.startswith(config.url):
        return ""
    return unquote(urlsplit(url).path).removeprefix(config.base_path)
