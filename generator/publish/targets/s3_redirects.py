"""Put objects by which a bucket's website redirects, through botocore: obstore cannot sign the header for it.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from generator.config.targets.s3 import S3Options
from generator.publish.target import Upload, unreachable
from generator.publish.targets.object_store import AT_ONCE

_CHAIN = ("env", "assume-role-with-web-identity", "container-role", "iam-role")
"""Where obstore looks for keys. Others, such as ~/.aws, would sign the redirects as somebody else."""


class RedirectObjects:
    """A bucket, reached at the same address and with the same keys as through obstore."""

    def __init__(self, options: S3Options) -> None:
        self._options = options
        with _explained(options.place):
            self._client = _client(options)

    def put(self, upload: Upload) -> None:
        """Put an object with its redirect. Raises: PublishError. Threads may call it at the same time."""
        options = self._options
        with _explained(options.place):
            self._client.put_object(
                Bucket=options.bucket,
                Key=f"{options.prefix}/{upload.path}" if options.prefix else upload.path,
                Body=upload.read(),
                ContentType=upload.content_type,
                CacheControl=upload.cache_control,
                WebsiteRedirectLocation=upload.redirect,
            )


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except ClientError as reason:
        raise unreachable(place, reason.response["Error"].get("Message") or reason) from None
    except BotoCoreError as reason:
        raise unreachable(place, reason) from None


def _client(options: S3Options) -> Any:
    session = Session()
    chain = session.get_component("credential_provider")
    chain.providers = [each for each in chain.providers if each.METHOD in _CHAIN]
    return session.create_client(
        "s3",
        region_name=options.region,
        endpoint_url=options.endpoint or None,
        config=Config(
            max_pool_connections=AT_ONCE,
            connect_timeout=60,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            request_checksum_calculation="when_required",  # services other than Amazon's refuse the new checksums
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},  # as obstore does: a bucket's name may have dots
        ),
    )
