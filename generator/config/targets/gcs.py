"""`gcs`: a bucket of Google Cloud Storage."""

from __future__ import annotations

from generator.config.targets.options import TargetOptions, folder_prefix, required
from generator.text.typed_rules import Settings


class GcsOptions(TargetOptions, frozen=True):
    """The options of `gcs`."""

    bucket: str
    """The bucket's name."""
    prefix: str = ""
    """The folder in the bucket; "" for its top."""

    @property
    def place(self) -> str:
        """Return the bucket, with its folder."""
        return f"gs://{self.bucket}/{self.prefix}".rstrip("/")


def read(table: Settings) -> GcsOptions:
    """Read the options of `gcs`."""
    return GcsOptions(
        bucket=required(table, "bucket", "letters.example.org"),
        prefix=table.text("prefix", "", folder_prefix),
    )
