"""A server of Azure Blob Storage on loopback: Azurite, Microsoft's emulator."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing
from tests.publish.servers.processes import free_port, running

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="  # Azurite's, public
_VERSION = "2021-08-06"


class AzureServer:
    """Makes containers, and shows what is in them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._number = count()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    def new_container(self) -> str:
        """Make a container, as the portal does; obstore cannot."""
        name, date = f"letters-{next(self._number)}", formatdate(usegmt=True)
        parts = ["PUT", *[""] * 11, f"x-ms-date:{date}", f"x-ms-version:{_VERSION}"]
        signed = "\n".join([*parts, f"/{ACCOUNT}/{ACCOUNT}/{name}", "restype:container"])
        digest = hmac.new(base64.b64decode(KEY), signed.encode(), hashlib.sha256).digest()
        headers = {
            "x-ms-date": date,
            "x-ms-version": _VERSION,
            "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}",
            "Content-Length": "0",
        }
        url = f"{self.endpoint}/{name}?restype=container"
        urllib.request.urlopen(urllib.request.Request(url, method="PUT", headers=headers)).close()  # noqa: S310
        return name

    def objects(self, container: str) -> dict[str, Any]:
        """Get all blobs of a container with their headers."""
        from obstore.store import AzureStore

        store = AzureStore(
            container,
            account_name=ACCOUNT,
            account_key=KEY,
            endpoint=self.endpoint,
            client_options={"allow_http": True},
        )
        return {each["path"]: store.get(each["path"]) for batch in store.list() for each in batch}


@contextmanager
def azure_server(folder: Path) -> Iterator[AzureServer]:
    """Run Azurite, which OPENLETTER_AZURITE names, and put its key into the environment."""
    node, script = shutil.which("node"), Path(os.environ.get("OPENLETTER_AZURITE") or os.devnull)
    if not node or not script.is_file():
        missing("OPENLETTER_AZURITE does not name azurite/dist/src/blob/main.js (npm install --ignore-scripts azurite)")
    port = free_port()
    command = [node, str(script), "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"]
    command += ["--blobHost", "127.0.0.1", "--blobPort", str(port)]
    with pytest.MonkeyPatch.context() as patch, running(command, port, folder / "azurite.log", cwd=folder):
        patch.setenv("AZURE_STORAGE_ACCOUNT_KEY", KEY)
        yield AzureServer(port)
