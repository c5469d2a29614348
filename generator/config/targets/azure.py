"""`azure`: a container of Azure Blob Storage, such as `$web` of a static website."""

from __future__ import annotations

from generator.config.targets.options import TargetOptions, folder_prefix, required, service_endpoint
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError
from generator.text.typed_rules import Settings

_ACCOUNT = lazy_pattern(r"[a-z0-9]{3,24}")
_CONTAINER = lazy_pattern(r"\$web|\$root|[a-z0-9](?:-?[a-z0-9]){2,62}")


class AzureOptions(TargetOptions, frozen=True):
    """The options of `azure`."""

    account: str
    """The name of the storage account."""
    container: str = "$web"
    """The container; `$web` is the one that Azure serves as a static website."""
    endpoint: str = ""
    """The address of the service, if it is not that of the account at Azure."""
    prefix: str = ""
    """The folder in the container; "" for its top."""

    @property
    def place(self) -> str:
        """Return the account, the container and the folder."""
        return f"azure://{self.account}/{self.container}/{self.prefix}".rstrip("/")


def read(table: Settings) -> AzureOptions:
    """Read the options of `azure`."""
    return AzureOptions(
        account=required(table, "account", "exampleletters", _account),
        container=table.text("container", "$web", _container) or "$web",
        endpoint=table.text("endpoint", "", service_endpoint),
        prefix=table.text("prefix", "", folder_prefix),
    )


def _account(text: str) -> str:
    """Check the name of an account. Source: learn.microsoft.com, naming rules for Azure resources."""
    if not _ACCOUNT.fullmatch(text):
        hint = "Write 3 to 24 small letters and digits, as in exampleletters."
        raise RefusedError("config-value", f'"{text}" cannot be the name of a storage account.', hint)
    return text


def _container(text: str) -> str:
    """Check the name of a container, as `_account` does."""
    if not _CONTAINER.fullmatch(text) or len(text) > 63:
        raise RefusedError("config-value", f'"{text}" cannot be the name of a container.', 'Write it as "$web".')
    return text
