"""A server of S3 on loopback: moto's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.publish.servers.processes import free_port, running

_KEYS = {"AWS_ACCESS_KEY_ID": "test-id", "AWS_SECRET_ACCESS_KEY": "test-secret", "AWS_REGION": "us-east-1"}


class S3Server:
    """Makes buckets, and shows what is in them, through another library than ours."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._number = count()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        import boto3

        keys = {"aws_access_key_id": "test-id", "aws_secret_access_key": "test-secret"}
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)

    def new_bucket(self) -> str:
        name = f"letters-{next(self._number)}"
        self.client().create_bucket(Bucket=name)
        return name

    def objects(self, bucket: str) -> dict[str, Any]:
        """Get all objects of a bucket with their headers."""
        client = self.client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        return {key: client.get_object(Bucket=bucket, Key=key) for key in keys}


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Start the server, and put its keys into the environment."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with pytest.MonkeyPatch.context() as patch, running(command, port, folder / "s3.log"):
        for name, value in _KEYS.items():
            patch.setenv(name, value)
        yield S3Server(port)
