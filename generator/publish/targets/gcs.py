"""Publish to a bucket of Google Cloud Storage."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from generator.config.targets.gcs import GcsOptions
from generator.publish.targets import missing_library
from generator.publish.targets.object_store import ObjectStoreTarget


def open_target(options: GcsOptions, root: Path) -> ObjectStoreTarget:
    """Open a bucket. Keys are those of the environment or of the machine. Raises: PublishError without obstore."""
    if find_spec("obstore") is None:
        raise missing_library("gcs")
    from datetime import timedelta

    from obstore.store import GCSStore

    store = GCSStore(
        options.bucket,
        prefix=options.prefix or None,
        client_options={"allow_http": True, "timeout": timedelta(seconds=60)},  # only an emulator is asked without TLS
        retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=60)},
    )
    return ObjectStoreTarget(store, options.place)
