"""A real SMTP server on loopback that can be told to fail at every step of the protocol."""
# ruff: noqa: N802 - the names of methods are the library's

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, TLSSetupException

STEPS = ("connect", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "mid-data", "end", "answered")
DROP = "drop"
Fault = str | float | None
"""DROP hangs up; a text is the server's answer; a number is how many seconds it thinks."""
Script = Callable[[str, int, str], Fault]
"""(step, how often that step was reached, its argument) → what goes wrong."""


def nothing_fails(step: str, count: int, argument: str) -> Fault:
    return None


def once(step: str, fault: Fault, at: int = 1) -> Script:
    """Fail at one step, the `at`-th time it is reached."""
    return lambda reached, count, _: fault if (reached, count) == (step, at) else None


@dataclass
class MailServer:
    """The server, in a thread of its own. `accepted` counts what it took on, by recipient.

    Beside STEPS there is "kept": between taking a mail on and the answer, where only waiting makes sense.
    `keeps_at_end`: whether a mail is kept whose connection is dropped between its end and the answer.
    """

    script: Script = nothing_fails
    tls: ssl.SSLContext | None = None
    smtps: bool = False
    password: str = ""
    utf8: bool = False
    keeps_at_end: bool = True
    keeps_mails: bool = True
    pipelining: bool = False
    port: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    mails: list[bytes] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    reached: Counter[str] = field(default_factory=Counter)
    heard: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = self._loop.create_server(
            self._protocol, "127.0.0.1", self.port, ssl=self.tls if self.smtps else None
        )
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        assert self.errors == [], "the server of the test is broken"

    async def _end(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    def _protocol(self) -> SMTP:
        return _Session(self)

    def message(self, at: int = -1) -> EmailMessage:
        message = BytesParser(policy=default).parsebytes(self.mails[at])
        assert isinstance(message, EmailMessage)
        return message

    async def fault(self, step: str, argument: str = "") -> Fault:
        """Reach a step; waiting is done here."""
        self.reached[step] += 1
        fault = self.script(step, self.reached[step], argument)
        if isinstance(fault, float):
            await asyncio.sleep(fault)
            return None
        return fault


class _Session(SMTP):
    line_length_limit = 2**16

    def __init__(self, server: MailServer) -> None:
        secured = server.tls is not None
        super().__init__(
            self,
            hostname="mail.example.org",
            tls_context=None if server.smtps else server.tls,
            require_starttls=secured and not server.smtps,
            auth_required=bool(server.password) and secured and not server.smtps,
            auth_require_tls=secured and not server.smtps,
            authenticator=self._check,
            enable_SMTPUTF8=server.utf8,
            loop=server._loop,
        )
        self._of = server

    def _check(self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == self._of.password
        return AuthResult(success=right, handled=False)

    async def _stumble(self, step: str, argument: str = "") -> bool:
        """Tell whether the step failed."""
        fault = await self._of.fault(step, argument)
        if fault is None:
            return False
        if fault == DROP:
            self._hang_up()
        else:
            await self.push(str(fault))
            if str(fault).startswith("421"):
                assert isinstance(self.transport, asyncio.Transport)
                self.transport.close()
        return True

    async def handle_exception(self, error: Exception) -> str:
        if not isinstance(error, TLSSetupException):  # the client did not trust us
            self._of.errors.append(error)
        return "554 this server is broken"

    def _hang_up(self) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()
        raise asyncio.CancelledError

    async def _handle_client(self) -> None:
        if await self._stumble("connect"):
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        self._of.heard.append(hostname)
        if not await self._stumble("EHLO", hostname):
            await super().smtp_EHLO(hostname)

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Any, name: str, lines: list[str]) -> list[str]:
        session.host_name = name
        return [*lines[:1], "250-PIPELINING", *lines[1:]] if self._of.pipelining else lines

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._stumble("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._stumble("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._stumble("MAIL", arg or ""):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._stumble("RCPT", arg or ""):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._stumble("DATA"):
            return
        if await self._of.fault("mid-data") is not None:
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            self._hang_up()
        await super().smtp_DATA(arg)
        assert self.envelope is not None
        if await self._of.fault("answered") is not None:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.close()
            raise asyncio.CancelledError

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Take a mail on, or fail to: this is called after the dot, and its result is the answer."""
        to = [address.lower() for address in envelope.rcpt_tos]
        fault = await self._of.fault("end", to[0])
        if fault is None or (fault == DROP and self._of.keeps_at_end):
            self._of.accepted.update(to)
            if self._of.keeps_mails:
                self._of.mails.append(envelope.original_content)
        if fault == DROP:
            self._hang_up()
        await self._of.fault("kept", to[0])
        if fault is None:
            self._of.answered.update(to)
        return str(fault) if fault else "250 taken"
