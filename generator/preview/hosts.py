"""Decide which requests the preview answers: those for one of this machine's names, and those of its own pages."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from contextlib import suppress

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound to


def list_allowed_hosts(bound: str) -> frozenset[str]:
    """List the hosts a request may name when the server listens on `bound`.

    A foreign page whose name resolves to this machine (DNS rebinding) sends that name, which is not in the list.
    """
    if bound not in EVERYWHERE:
        return LOCAL | {bound.lower().strip("[]")}
    name = socket.gethostname().lower()
    return LOCAL | {name, f"{name.partition('.')[0]}.local", *list_lan_addresses()}


def list_lan_addresses() -> tuple[str, ...]:
    """List the addresses at which other machines reach this one, the most likely first; () without a network."""
    found: dict[str, None] = {}
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(
            ("192.0.2.1", 9)
        )  # an address for documentation: nothing is sent, the system only chooses a route
        found[probe.getsockname()[0]] = None
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM):
            found[str(address[0])] = None
    return tuple(each for each in found if not ipaddress.ip_address(each).is_loopback and each != "0.0.0.0")  # noqa: S104


def parse_host(header: str) -> str:
    """Remove the port from a Host header: `[::1]:8000` → `::1`; "" if it is invalid."""
    text = header.strip().lower()
    if text.startswith("["):
        inside, end, rest = text[1:].partition("]")
        return inside if end and (not rest or (rest[0] == ":" and rest[1:].isdigit())) else ""
    name, colon, port = text.partition(":")
    return name.rstrip(".") if name and (not colon or port.isdigit()) else ""


def is_cross_site(headers: Mapping[str, str]) -> bool:
    """Return True if another site's page sent the request, except to navigate to ours. Source: W3C Fetch Metadata."""
    site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
    if site in ("same-origin", "none"):
        return False
    return mode != "navigate" or headers.get("sec-fetch-dest", "document") != "document"


def is_own_page(headers: Mapping[str, str], host_header: str) -> bool:
    """Return True if one of our own pages sent the request; required for everything that changes something."""
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return headers.get("origin", "") == f"http://{host_header}"
