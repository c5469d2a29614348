"""Ask DNS: the texts and mail servers of a domain."""

from __future__ import annotations

from typing import Any

from generator.errors import ConfigError, MailError, error

_TIMEOUT_S = 5.0


class NameServer:
    """Asks the system's name servers, or the one at `address` (`192.0.2.1` or `192.0.2.1:5353`).

    Raises: ConfigError if dnspython is not installed, or the address is not one.
    """

    def __init__(self, address: str = "") -> None:
        try:
            import dns.resolver
        except ImportError as failure:
            message = "newsletter doctor needs the library dnspython, which is not installed."
            raise ConfigError(error("", "mail-dns", message, "Run: pip install 'openletter[dns]'")) from failure
        try:
            self._resolver = dns.resolver.Resolver(configure=not address)
            if address:
                host, _, port = address.partition(":")
                self._resolver.nameservers = [host]
                self._resolver.port = int(port or 53)
        except (ValueError, dns.resolver.NoResolverConfiguration) as failure:
            hint = "Write the address of a name server, such as --nameserver 192.0.2.1."
            raise ConfigError(error("", "option", f'"{address}" is not a name server.', hint)) from failure
        self._resolver.lifetime = _TIMEOUT_S

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each in one piece; [] if there are none."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def mail_servers(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain, [] if there are none or it takes no mail (RFC 7505)."""
        records = sorted(self._ask(name, "MX"), key=lambda record: int(record.preference))
        hosts = [record.exchange.to_text().rstrip(".") for record in records]
        return [host for host in hosts if host]

    def has_address(self, name: str) -> bool:
        """Return True if a name has an IP address."""
        return bool(self._ask(name, "A") or self._ask(name, "AAAA"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        """Return the records of one kind.

        Raises: MailError if no name server replies.
        """
        import dns.exception
        import dns.name
        import dns.resolver

        try:
            return list(self._resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except (dns.exception.DNSException, OSError) as failure:
            message = f"The name server does not reply when asked for {name} ({kind}): {type(failure).__name__}."
            raise MailError(error("", "mail-dns", message, "Check your connection, and run it again.")) from failure
