"""Publishing: the plan for an unchanged site, and many small files to a local S3, beside rclone.

    python -m benchmarks.publishing [FILES_TO_PLAN] [FILES_TO_SEND]

rclone is left out if it is not installed. The server is moto's, the same for both. They take turns; the best of three
runs counts.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time, sleep
from urllib.request import urlopen

from generator.config.targets.folder import FolderOptions
from generator.config.targets.options import TargetConfig, TargetOptions
from generator.config.targets.s3 import S3Options
from generator.publish.local_files import read_output
from generator.publish.publish import Place, PublishOptions, SiteFiles, publish_site
from generator.publish.targets import open_target
from generator.store.output import MARKER, PUBLIC

_PORT = 18_333
_ENDPOINT = f"http://127.0.0.1:{_PORT}"
_KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
_RCLONE = {
    "TYPE": "s3",
    "PROVIDER": "Other",
    "ACCESS_KEY_ID": "id",
    "SECRET_ACCESS_KEY": "secret",
    "ENDPOINT": _ENDPOINT,
}
_ROUNDS = 3


def make_output(folder: Path, count: int) -> Path:
    """Write a built site of small pages of about 3 kB."""
    folder.mkdir()
    (folder / MARKER).write_bytes(PUBLIC)
    (folder / "index.html").write_text("home")
    for number in range(count - 1):
        page = folder / f"{number % 97}/{number}/index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"page {number} " * 250)
    return folder


def publish(output: Path, options: TargetOptions, kind: str) -> tuple[float, float]:
    """Publish a folder; returns seconds and processor seconds."""
    started, used = perf_counter(), process_time()
    config = TargetConfig(type=kind, options=options)
    at = Place(open_target(config, output), "https://letters.example.org/", config)
    files = SiteFiles(output, read_output(output, {}))
    asyncio.run(publish_site(at, files, PublishOptions(), datetime.now(UTC), lambda *_: None))
    return perf_counter() - started, process_time() - used


def rclone(output: Path, bucket: str) -> tuple[float, float]:
    """Copy a folder with rclone, with as many transfers at once; returns seconds and processor seconds."""
    settings = {f"RCLONE_CONFIG_X_{name}": value for name, value in _RCLONE.items()}
    environment = {name: value for name, value in os.environ.items() if name != "AWS_CA_BUNDLE"}  # rclone stops at it
    before, started = os.times(), perf_counter()
    command = ["rclone", "copy", "--transfers", "32", "--checkers", "32", str(output), f"x:{bucket}"]
    subprocess.run(command, env=environment | settings, check=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return perf_counter() - started, used


def _serve() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(_PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urlopen(_ENDPOINT, timeout=1).close()
        except OSError:
            sleep(0.2)
        else:
            break
    return server


def _make_bucket(name: str) -> str:
    import boto3

    boto3.client("s3", endpoint_url=_ENDPOINT).create_bucket(Bucket=name)
    return name


def _compare(output: Path) -> None:
    ours: Callable[[str], tuple[float, float]] = lambda name: publish(output, S3Options(name, endpoint=_ENDPOINT), "s3")  # noqa: E731
    contestants = {"openletter": ours}
    if shutil.which("rclone"):
        contestants["rclone"] = lambda name: rclone(output, name)
    best = dict.fromkeys(contestants, (float("inf"), 0.0))
    for number in range(_ROUNDS):
        for name, send in contestants.items():
            best[name] = min(best[name], send(_make_bucket(f"{name}-{number}")))
    for name, (seconds, used) in best.items():
        print(f"{name}: {seconds:.1f} s, {used:.1f} s of processor time")


def main() -> None:
    """Measure and print."""
    planned, sent = (*map(int, sys.argv[1:]), 10_000, 5_000)[:2]
    os.environ.update(_KEYS)
    with tempfile.TemporaryDirectory() as folder:
        output = make_output(Path(folder, "planned"), planned)
        live = FolderOptions(f"{folder}/live")
        print(f"{planned} files into a folder: {publish(output, live, 'folder')[0]:.2f} s")
        again = min(publish(output, live, "folder") for _ in range(_ROUNDS))
        print(f"{planned} files unchanged: {again[0]:.2f} s, {again[1]:.2f} s of processor time")
        small = make_output(Path(folder, "sent"), sent)
        server = _serve()
        try:
            _compare(small)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
