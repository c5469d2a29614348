"""nginx on loopback, with the site's folder as its root and the published rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.publish.servers.processes import free_port, program, running

_CONFIG = """daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; text/css css; text/javascript js; application/rss+xml xml; image/png png; }}
  default_type application/octet-stream;
  access_log off;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    {include}
  }}
}}
"""


@contextmanager
def nginx(work: Path, root: Path, port: int | None = None, *, rules: bool = True) -> Iterator[str]:
    """Serve a folder; yields the address."""
    port = port or free_port()
    work.mkdir(parents=True, exist_ok=True)
    work.parent.chmod(0o755)
    include = f"include {root}/.openletter/nginx.conf;" if rules else ""
    file = work / "nginx.conf"
    text = _CONFIG.format(work=work, root=root, port=port, include=include)
    # its workers run as another account where it starts as root, and the folders of the tests are private
    file.write_text(f"user root;\n{text}")
    with running([program("nginx", "nginx-light"), "-c", str(file)], port, work / "log"):
        yield f"http://127.0.0.1:{port}/"
