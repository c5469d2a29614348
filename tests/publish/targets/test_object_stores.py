"""What the stores of objects have in common."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from generator.config.targets.azure import AzureOptions
from generator.config.targets.gcs import GcsOptions
from generator.config.targets.options import TargetConfig, TargetOptions
from generator.config.targets.s3 import S3Options
from generator.errors import PublishError
from generator.publish.targets import open_target
from tests.publish.servers.processes import free_port

ELSEWHERE = {
    "AWS_METADATA_ENDPOINT": "http://127.0.0.1:{port}",
    "IDENTITY_ENDPOINT": "http://127.0.0.1:{port}/metadata/identity/oauth2/token",
    "GCE_METADATA_HOST": "127.0.0.1:{port}",
}
"""Where a machine of a cloud would give its keys; nobody answers there."""


@pytest.mark.parametrize(
    ("type_", "options", "variable"),
    [
        ("s3", S3Options("letters"), "AWS_ACCESS_KEY_ID"),
        ("s3", S3Options("letters", endpoint="http://127.0.0.1:1", prefix="site"), "AWS_SECRET_ACCESS_KEY"),
        ("s3", S3Options("letters", redirects="objects"), "AWS_ACCESS_KEY_ID"),
        ("azure", AzureOptions("exampleletters"), "AZURE_STORAGE_ACCOUNT_KEY"),
        ("gcs", GcsOptions("letters"), "GOOGLE_APPLICATION_CREDENTIALS"),
    ],
)
def test_a_machine_without_keys_is_told_which_variable_to_set(
    type_: str, options: TargetOptions, variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "AZURE_", "GOOGLE_"))]:
        monkeypatch.delenv(name)
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value.format(port=free_port()))
    monkeypatch.setenv("HOME", str(tmp_path))

    async def read() -> None:
        target = open_target(TargetConfig(type=type_, options=options), tmp_path)
        try:
            await target.read("index.html")
        finally:
            await target.close()

    with pytest.raises(PublishError) as stopped:
        asyncio.run(read())
    [problem] = stopped.value.problems
    assert (problem.code, variable in problem.hint, options.place in problem.message) == ("target-login", True, True)
