"""Two WebDAV servers: WsgiDAV, and Apache's mod_dav, as many hosts have it. Both want a name and a password."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.publish.servers.processes import free_port, program, running

USER, WORD = "office", "open sesame: ä"

APACHE = """
ServerName 127.0.0.1
ServerRoot {folder}
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
DocumentRoot {share}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authn_file_module {modules}/mod_authn_file.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule auth_basic_module {modules}/mod_auth_basic.so
LoadModule dav_module {modules}/mod_dav.so
LoadModule dav_fs_module {modules}/mod_dav_fs.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig /etc/mime.types
DavLockDB {folder}/locks/db
{identity}
<Directory {share}>
  Dav On
  AuthType Basic
  AuthName site
  AuthUserFile {folder}/passwords
  Require valid-user
</Directory>
"""


@dataclass(frozen=True)
class WebdavServer:
    """A running server: the address of its share, and the folder behind it."""

    url: str
    share: Path
    user: str = USER
    word: str = WORD


@contextmanager
def wsgidav_server(folder: Path) -> Iterator[WebdavServer]:
    """Run WsgiDAV until the block ends."""
    port = free_port()
    share = folder / "share"
    share.mkdir()
    configuration = folder / "wsgidav.json"
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "server": "cheroot",
        "provider_mapping": {"/": str(share)},
        "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": WORD}}}},
        "verbose": 1,
    }
    configuration.write_text(json.dumps(settings), "utf-8")
    command = [sys.executable, "-m", "wsgidav.server.server_cli", "--config", str(configuration)]
    with running(command, port, folder / "wsgidav.log"):
        yield WebdavServer(f"http://127.0.0.1:{port}/", share)


@contextmanager
def apache_dav_server(folder: Path) -> Iterator[WebdavServer]:
    """Run Apache with mod_dav until the block ends."""
    apache = program("apache2", "apache2")
    port = free_port()
    share, locks = folder / "share", folder / "locks"
    share.mkdir()
    locks.mkdir()
    identity = ""
    if os.geteuid() == 0:  # its children give up their rights
        identity = "User www-data\nGroup www-data"
        for each in (share, locks):
            shutil.chown(each, "www-data", "www-data")
    else:
        identity = f"# runs as {getpass.getuser()}"
    hashed = subprocess.run(
        [program("openssl", "openssl"), "passwd", "-apr1", "-stdin"],
        input=WORD.encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    (folder / "passwords").write_text(f"{USER}:{hashed}", "utf-8")
    configuration = folder / "apache.conf"
    text = APACHE.format(folder=folder, port=port, share=share, modules="/usr/lib/apache2/modules", identity=identity)
    configuration.write_text(text, "utf-8")
    with running([apache, "-DFOREGROUND", "-f", str(configuration)], port, folder / "apache.log"):
        yield WebdavServer(f"http://127.0.0.1:{port}/", share)
