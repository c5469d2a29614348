"""Apache and Caddy on loopback, with a folder as the site and the rules that were published with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.publish.servers.processes import program, running

_MODULES = ("mpm_event", "authz_core", "dir", "mime", "headers", "rewrite")
_APACHE = """
ServerName 127.0.0.1
ServerRoot {work}
Listen 127.0.0.1:{port}
PidFile {work}/apache.pid
ErrorLog {work}/error.log
DocumentRoot {root}
DirectoryIndex index.html
TypesConfig /etc/mime.types
<Directory {root}>
  AllowOverride All
  Require all granted
</Directory>
"""
_CADDY = """{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  root * {root}
  import {root}/.openletter/Caddyfile
}}
"""


@contextmanager
def apache(work: Path, root: Path, port: int) -> Iterator[None]:
    """Serve a folder that every account may read: Apache gives up the rights of root."""
    folder = "/usr/lib/apache2/modules"
    modules = "".join(f"LoadModule {name}_module {folder}/mod_{name}.so\n" for name in _MODULES)
    identity = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    file = work / "apache.conf"
    file.write_text(modules + identity + _APACHE.format(work=work, root=root, port=port), "utf-8")
    with running([program("apache2", "apache2"), "-DFOREGROUND", "-f", str(file)], port, work / "log"):
        yield


@contextmanager
def caddy(work: Path, root: Path, port: int) -> Iterator[None]:
    """Serve a folder."""
    file = work / "Caddyfile"
    file.write_text(_CADDY.format(root=root, port=port), "utf-8")
    own = {**os.environ, "XDG_CONFIG_HOME": str(work), "XDG_DATA_HOME": str(work)}
    command = [program("caddy", "caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]
    with running(command, port, work / "log", environment=own):
        yield
