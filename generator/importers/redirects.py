"""Write the old addresses for web servers that we do not configure: one file for nginx, one for Apache."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from generator.importers.file_writer import PlannedFile

NGINX, APACHE = "import-redirects.nginx", "import-redirects.htaccess"
_SAFE = "/-._~!$&'()*+,;=:@"
_NGINX = """\
# Redirects from the old addresses. Put this file into the http section of nginx (include import-redirects.nginx;),
# and into the server section: if ($old_address) {{ return 301 $old_address; }}
map $request_uri $old_address {{
    default "";
{lines}}}
"""
_APACHE = """\
# Redirects from the old addresses. Add these lines to the .htaccess in the root of the site.
RewriteEngine On
{lines}"""


def plan_redirects(redirects: Sequence[tuple[str, str]]) -> list[PlannedFile]:
    """Plan both files for old addresses and their new ones, if there are old ones with a query."""
    if not any("?" in old for old, _ in redirects):
        return []
    nginx = "".join(f'    "{_url(old)}" "{_url(new)}";\n' for old, new in redirects)
    apache = "".join(_rule(old, new) for old, new in redirects)
    return [
        PlannedFile(NGINX, _NGINX.format(lines=nginx).encode()),
        PlannedFile(APACHE, _APACHE.format(lines=apache).encode()),
    ]


def list_redirects(aliases: Iterable[tuple[Iterable[str], str]], base: str) -> list[tuple[str, str]]:
    """List old and new addresses with the base path of the site; `aliases` are each post's, with its new address."""
    return [(f"{base}{old.lstrip('/')}", f"{base}{new.lstrip('/')}") for olds, new in aliases for old in olds]


def _url(address: str) -> str:
    path, mark, query = address.partition("?")
    return f"{quote(path, safe=_SAFE)}{mark}{query}".replace("$", "%24")


def _rule(old: str, new: str) -> str:
    path, _, query = old.partition("?")
    pattern = re.escape(path.lstrip("/")).replace('"', "%22").replace("\\ ", "\\s")
    condition = f"RewriteCond %{{QUERY_STRING}} ^{re.escape(query)}$\n" if query else ""
    return f'{condition}RewriteRule "^{pattern}$" "{_url(new).replace("%", chr(92) + "%")}?" [R=301,L,NE]\n'
