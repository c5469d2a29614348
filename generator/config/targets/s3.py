"""`s3`: a bucket of Amazon S3, or of another service that speaks its language."""

from __future__ import annotations

from generator.config.targets.options import TargetOptions, folder_prefix, required, service_endpoint
from generator.text.typed_rules import Settings, choice_of

REDIRECTS = ("pages", "objects")
"""What old addresses are: pages that lead on, or objects by which the service redirects."""


class S3Options(TargetOptions, frozen=True):
    """The options of `s3`."""

    bucket: str
    """The bucket's name."""
    region: str = ""
    """The region, such as `eu-west-2`; "" for that of the environment."""
    endpoint: str = ""
    """The address of the service, if it is not Amazon's."""
    prefix: str = ""
    """The folder in the bucket; "" for its top."""
    redirects: str = "pages"
    """`objects` if the service redirects old addresses by itself, as Amazon's website hosting does; else `pages`."""

    @property
    def place(self) -> str:
        """Return the bucket, with its folder."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def read(table: Settings) -> S3Options:
    """Read the options of `s3`."""
    return S3Options(
        bucket=required(table, "bucket", "letters.example.org"),
        region=table.text("region", ""),
        endpoint=table.text("endpoint", "", service_endpoint),
        prefix=table.text("prefix", "", folder_prefix),
        redirects=table.take("redirects", choice_of(REDIRECTS), "pages"),
    )
