"""Publish to a container of Azure Blob Storage."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from generator.config.targets.azure import AzureOptions
from generator.publish.targets import missing_library
from generator.publish.targets.object_store import ObjectStoreTarget, client_options, retry_config


def open_target(options: AzureOptions, root: Path) -> ObjectStoreTarget:
    """Open a container. Keys are those of the environment or of the machine. Raises: PublishError without obstore."""
    if find_spec("obstore") is None:
        raise missing_library("azure")
    from obstore.store import AzureStore

    config = {"account_name": options.account, "endpoint": options.endpoint}
    store = AzureStore(
        options.container,
        prefix=options.prefix or None,
        config={name: value for name, value in config.items() if value},  # type: ignore[arg-type]
        client_options=client_options(plain=options.endpoint.startswith("http://")),
        retry_config=retry_config(),
    )
    return ObjectStoreTarget(store, options.place, "AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN")
