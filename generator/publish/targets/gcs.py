"""Publish to a bucket of Google Cloud Storage."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from generator.config.targets.gcs import GcsOptions
from generator.publish.targets import missing_library
from generator.publish.targets.object_store import ObjectStoreTarget, client_options, retry_config


def open_target(options: GcsOptions, root: Path) -> ObjectStoreTarget:
    """Open a bucket. Keys are those of the environment or of the machine. Raises: PublishError without obstore."""
    if find_spec("obstore") is None:
        raise missing_library("gcs")
    from obstore.store import GCSStore

    store = GCSStore(
        options.bucket,
        prefix=options.prefix or None,
        client_options=client_options(plain=True),  # only an emulator is asked without TLS
        retry_config=retry_config(),
    )
    return ObjectStoreTarget(store, options.place, "GOOGLE_APPLICATION_CREDENTIALS")
