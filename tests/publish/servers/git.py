"""A Git server over HTTP on loopback: Git's own program for it behind a login."""

from __future__ import annotations

import base64
import os
import subprocess
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.publish.servers.processes import serving


class GitServer(ThreadingHTTPServer):
    """Serves the bare repositories in a folder to those who know the word."""

    daemon_threads = True

    def __init__(self, folder: Path, user: str, word: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.login = f"Basic {base64.b64encode(f'{user}:{word}'.encode()).decode()}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def new_repository(self, name: str) -> None:
        subprocess.run(["git", "init", "-q", "--bare", str(self.folder / name)], check=True)
        subprocess.run(["git", "-C", str(self.folder / name), "config", "http.receivepack", "true"], check=True)


class _Handler(BaseHTTPRequestHandler):
    server: GitServer

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        if self.headers.get("Authorization") != self.server.login:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="letters"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        parts = urlsplit(self.path)
        facts = {
            "GIT_PROJECT_ROOT": str(self.server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH": os.environ["PATH"],
        }
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        done = subprocess.run(["git", "http-backend"], input=data, env=facts, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(lines.pop("Status", "200").split()[0]))
        for name, value in lines.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def git_server(folder: Path, user: str, word: str) -> AbstractContextManager[GitServer]:
    return serving(GitServer(folder, user, word))
