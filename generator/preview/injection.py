"""Change a page on its way to the browser, never its file: add our script, adapt the policy and redirects."""

from __future__ import annotations

import re
from html import escape, unescape

from generator.preview.content_security_policy import allow_source

_META = re.compile(rb"""<meta(?=[\s/])(?:[^>"']|"[^"]*"|'[^']*')*>""", re.I)
_EQUIV = re.compile(rb"""\shttp-equiv\s*=\s*["']?\s*(content-security-policy|refresh)\b""", re.I)
_CONTENT = re.compile(rb"""(\scontent\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.I)
_WIDE = (b"\xfe\xff", b"\xff\xfe")  # UTF-16: not text of ours


def inject_script(page: bytes, script: str, source: str, nonce: str, site_url: str, base_path: str) -> bytes:
    """Add `script` (HTML, ASCII) at the end of a page's head, and allow `source` in its policy.

    A page that redirects to an address of the published site redirects within the preview instead.
    """
    if page.startswith(_WIDE):
        return page
    head_end = page.lower().find(b"</head")
    head = page[: head_end if head_end >= 0 else len(page)]

    def rewrite(match: re.Match[bytes]) -> bytes:
        return _meta(match[0], source, nonce, site_url, base_path)

    rest = page[len(head) :]
    head = _META.sub(rewrite, head)
    # In the head, because the page's style sheets could count one more element in the body.
    return head + script.encode("ascii") + rest if rest else head + b"\n" + script.encode("ascii")


def _meta(tag: bytes, source: str, nonce: str, site_url: str, base_path: str) -> bytes:
    kind, content = _EQUIV.search(tag), _CONTENT.search(tag)
    if not kind or not content:
        return tag
    written = unescape((content[2] if content[2] is not None else content[3]).decode("utf-8", "replace"))
    if kind[1].lower() == b"refresh":
        value = written.replace(f"url={site_url}", f"url={base_path}", 1)
    else:
        value = allow_source(written, source, nonce)
    quoted = b'%s"%s"' % (content[1], escape(value, quote=True).encode())
    return tag[: content.start()] + quoted + tag[content.end() :]
