"""Publish to a bucket of Amazon S3, or of a service that speaks its language."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from generator.config.targets.s3 import S3Options
from generator.publish.target import Sent, Upload
from generator.publish.targets import missing_library
from generator.publish.targets.object_store import ObjectStoreTarget, client_options, retry_config

if TYPE_CHECKING:
    from obstore.store import ObjectStore

    from generator.publish.targets.s3_redirects import RedirectObjects


class S3Target(ObjectStoreTarget):
    """A bucket, in which old addresses may be objects with a redirect."""

    def __init__(self, store: ObjectStore, options: S3Options) -> None:
        super().__init__(store, options.place, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        self._options = options
        self._redirects: RedirectObjects | None = None
        self.keeps_redirects = options.redirects == "objects"

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Put objects with their headers; the library for redirects is loaded only if there is one to send."""
        if self.keeps_redirects and self._redirects is None and any(upload.redirect for upload in uploads):
            from generator.publish.targets.s3_redirects import RedirectObjects

            self._redirects = await self._run(RedirectObjects, self._options)
        await super().send(uploads, sent)

    def _put(self, upload: Upload) -> None:
        if self._redirects is not None and upload.redirect:
            self._redirects.put(upload)
        else:
            super()._put(upload)


def open_target(options: S3Options, root: Path) -> S3Target:
    """Open a bucket. Keys are those of the environment or of the machine. Raises: PublishError without a library."""
    libraries = ["obstore", *["botocore"] * (options.redirects == "objects")]
    if not all(map(find_spec, libraries)):
        raise missing_library("s3")
    from obstore.store import S3Store

    options = _with_environment(options)
    config = {"region": options.region, "endpoint": options.endpoint}
    store = S3Store(
        options.bucket,
        prefix=options.prefix or None,
        config={name: value for name, value in config.items() if value},  # type: ignore[arg-type]
        client_options=client_options(plain=options.endpoint.startswith("http://")),
        retry_config=retry_config(),
    )
    return S3Target(store, options)


def _with_environment(options: S3Options) -> S3Options:
    """Add the region and the endpoint of the environment, so that both libraries go to the same place."""
    region = options.region or _variable("AWS_REGION", "AWS_DEFAULT_REGION") or "us-east-1"
    return replace(options, region=region, endpoint=options.endpoint or _variable("AWS_ENDPOINT", "AWS_ENDPOINT_URL"))


def _variable(*names: str) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")
