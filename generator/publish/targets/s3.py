"""Publish to a bucket of Amazon S3, or of a service that speaks its language."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from generator.config.targets.s3 import S3Options
from generator.publish.targets import missing_library
from generator.publish.targets.object_store import ObjectStoreTarget


def open_target(options: S3Options, root: Path) -> ObjectStoreTarget:
    """Open a bucket. Keys are those of the environment or of the machine. Raises: PublishError without obstore."""
    if find_spec("obstore") is None:
        raise missing_library("s3")
    from datetime import timedelta

    from obstore.store import S3Store

    config = {"region": options.region, "endpoint": options.endpoint}
    store = S3Store(
        options.bucket,
        prefix=options.prefix or None,
        config={name: value for name, value in config.items() if value},  # type: ignore[arg-type]
        client_options={"allow_http": options.endpoint.startswith("http://"), "timeout": timedelta(seconds=60)},
        retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=60)},
    )
    return ObjectStoreTarget(store, options.place)
