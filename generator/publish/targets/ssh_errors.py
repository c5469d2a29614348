"""What a target over SSH says when the server cannot be used."""

from __future__ import annotations

from generator.errors import PublishError
from generator.publish.target import refused


def unknown_host(host: str, port: int, known_hosts: str) -> PublishError:
    """Make the error for a server whose key is not the one that is expected, or not known yet."""
    message = f'The server "{host}" did not prove who it is: its key is not in {known_hosts or "~/.ssh/known_hosts"}.'
    port_option = f"-p {port} " if port not in (0, 22) else ""
    hint = (
        f"If this machine never published there, run: ssh-keyscan {port_option}{host} "
        "Compare the key with the one that your host publishes, and add the line to that file. "
        "If it did, ask your host why the key has changed."
    )
    return refused("target-host-key", message, hint)


def login_failed(user: str, host: str, variable: str = "") -> PublishError:
    """Make the error for a login that the server refuses. `variable` may hold a password."""
    message = f'The server "{host}" refused the login{f" of {user}" if user else ""}.'
    password = f", or set {variable}" if variable else ""
    hint = f'Check user and key in site.toml; add the key to the agent with "ssh-add"{password}.'
    return refused("target-login", message, hint)


def disk_full(place: str) -> PublishError:
    """Make the error for a server without space."""
    message = f"The disk of {place} is full, or your share of it is used up."
    return refused("target-full", message, "Free some space there, then publish again: it goes on where it stopped.")


def not_allowed(place: str, path: str) -> PublishError:
    """Make the error for a file that the login may not read or change."""
    message = f'The login may not change "{path}" on {place}.'
    return refused("target-refused", message, "Let that user write there, or name another folder in site.toml.")
