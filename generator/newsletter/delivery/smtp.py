"""Talk to the mail server step by step, so that the state of a message is always known.

Source: RFC 5321; RFC 3207 (STARTTLS); RFC 4954 (AUTH); RFC 6531 (SMTPUTF8).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from generator.config.options import SmtpConfig
from generator.errors import MailError, error
from generator.newsletter.message.sender import SETTINGS_FILE

_GREETING = "[127.0.0.1]"  # instead of this computer's name, which would appear in the headers of every message
_ABOUT_LOGIN = (530, 534, 535, 538)  # Source: RFC 4954, section 6
_CUT = 300
_STEPS = ("MAIL", "RCPT", "DATA")


class DeliveryStatus(StrEnum):
    """The result of one try to deliver a message."""

    SENT = "sent"
    TEMPORARY = "temporary"
    """The server asked to try again later (4xx)."""
    REFUSED = "refused"
    """The server refused it permanently (5xx)."""
    LOST = "lost"
    """The connection was lost before the end of the message, so nothing was delivered."""
    UNCERTAIN = "uncertain"
    """The connection was lost after the end of the message, so it may have been delivered."""


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
    """How a try ended: its step, and the server's reply; `code` is 0 if there was none."""

    status: DeliveryStatus
    step: str
    code: int = 0
    text: str = ""

    @property
    def ledger_reason(self) -> str:
        """Describe it without the server's text, which may contain an address."""
        return f"{self.code} {self.step}" if self.code else self.step

    def __str__(self) -> str:
        """Describe it in full."""
        if self.code:
            return f'the server replied "{self.code} {self.text}" ({self.step})'
        return self.text or f"the connection was lost ({self.step})"


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """How long to wait for the server, in seconds.

    After the final dot, wait the standard's ten minutes: a shorter wait leaves more results uncertain, and sending
    those again makes duplicates.
    Source: RFC 5321, section 4.5.3.2.
    """

    connect_s: float = 60.0
    command_s: float = 120.0
    end_s: float = 600.0


class ServerUnreachableError(Exception):
    """The server cannot be reached now; it may be later."""


class SmtpServer:
    """The mail server of `[newsletter.smtp]`. Connect before each message; this does nothing while connected.

    `password` is "" if the server needs none.
    """

    def __init__(self, settings: SmtpConfig, password: str, timeouts: SmtpTimeouts | None = None) -> None:
        self.settings = settings
        self.password = password
        self.timeouts = timeouts or SmtpTimeouts()
        self._smtp: smtplib.SMTP | None = None
        self._pipelined = False

    def copy(self) -> SmtpServer:
        """Make another client for the same server, not connected."""
        return SmtpServer(self.settings, self.password, self.timeouts)

    @property
    def connected(self) -> bool:
        """Return True if a connection is open and not known to be lost."""
        return self._smtp is not None

    def connect(self) -> None:
        """Connect, encrypt and log in as the settings say; do nothing if already connected.

        Raises: ServerUnreachableError if it may work later; MailError if trying again would not help.
        """
        if self._smtp is not None:
            return
        try:
            self._smtp = self._open()
            self._log_in(self._smtp)
        except ssl.SSLCertVerificationError as failure:
            self._unusable(f"its certificate is not valid: {failure.verify_message}.", failure)
        except smtplib.SMTPNotSupportedError as failure:
            message = f"it does not support what [newsletter.smtp] asks for: {failure}"
            self._unusable(message, failure, self._other_security())
        except smtplib.SMTPResponseException as failure:
            self._raise_for_reply(failure)
        except (OSError, smtplib.SMTPException) as failure:
            self.disconnect()
            if isinstance(failure, ssl.SSLError) and failure.reason == "WRONG_VERSION_NUMBER":
                self._unusable("it does not use TLS on this port.", failure)
            raise ServerUnreachableError(_describe_failure(failure)) from failure
        except BaseException:
            self.disconnect()
            raise

    def _open(self) -> smtplib.SMTP:
        settings, timeout = self.settings, self.timeouts.connect_s
        if settings.security == "tls":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, _GREETING, timeout=timeout, context=context
            )
        else:
            smtp = smtplib.SMTP(settings.host, settings.port, _GREETING, timeout=timeout)
        return smtp

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        assert smtp.sock is not None
        # The message and its dot are two packets; without this, the system delays the second one.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send_ehlo(smtp)
        if self.settings.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            self._send_ehlo(smtp)
        if self.settings.user:
            smtp.login(self.settings.user, self.password)
        smtp.sock.settimeout(self.timeouts.command_s)

    def _send_ehlo(self, smtp: smtplib.SMTP) -> None:
        """Send EHLO, or HELO to an old server if the settings need no extension."""
        code, text = smtp.ehlo()
        plain = self.settings.security == "none" and not self.settings.user
        if code in (500, 502) and plain:
            code, text = smtp.helo()
        if code // 100 != 2:
            raise smtplib.SMTPHeloError(code, text)

    def _raise_for_reply(self, failure: smtplib.SMTPResponseException) -> NoReturn:
        """Raise the error for a reply: ServerUnreachableError if the server is busy, else MailError."""
        self.disconnect()
        said = f'it replied "{failure.smtp_code} {_shorten(failure.smtp_error)}"'
        if isinstance(failure, smtplib.SMTPAuthenticationError) and failure.smtp_code >= 500:
            self._unusable(f"it does not accept the user name or the password: {said}.", failure)
        if failure.smtp_code >= 500:
            self._unusable(f"{said}.", failure)
        raise ServerUnreachableError(said) from failure

    def _other_security(self) -> str:
        """Say what to write for a server without STARTTLS; "" if the settings do not ask for it."""
        if self.settings.security != "starttls" or (self._smtp is not None and self._smtp.has_extn("starttls")):
            return ""
        return 'For its port with TLS, write security = "tls". For a server on this computer, security = "none".'

    def _unusable(self, message: str, failure: Exception, hint: str = "") -> NoReturn:
        self.disconnect()
        where = f"{self.settings.host}:{self.settings.port}"
        hint = hint or "Check the settings in [newsletter.smtp] and the password."
        raise MailError(
            error(SETTINGS_FILE, "mail-server", f"The mail server {where} cannot be used: {message}", hint)
        ) from failure

    def deliver(self, sender: str, recipient: str, message: bytes, claim: Callable[[], None]) -> DeliveryAnswer:
        """Deliver one message. Calls `claim` before the final dot; if it raises, nothing is delivered.

        LOST, TEMPORARY or REFUSED mean that nothing was delivered; UNCERTAIN, that it may have been.

        Raises: MailError if the server requires a login; what `claim` raises.
        """
        assert self._smtp is not None, "not connected"
        smtp = self._smtp
        if not recipient.isascii() and not smtp.has_extn("smtputf8"):
            return DeliveryAnswer(
                DeliveryStatus.REFUSED, "SMTPUTF8", text="the server does not accept such letters before the @"
            )
        step = "MAIL"
        try:
            for step, send in self._envelope(smtp, sender, recipient, len(message)):
                answer = _judge_reply(step, *send())
                if answer.status is not DeliveryStatus.SENT:
                    self._skip_replies(smtp, step)
                    return self._reset(answer)
            step = "data"
            smtp.send(message.replace(b"\r\n.", b"\r\n.."))
        except (OSError, smtplib.SMTPException) as failure:
            self.disconnect()
            return _lost_connection(step, failure)
        except BaseException:
            self.disconnect()
            raise
        return self._finish(smtp, claim)

    def _envelope(
        self, smtp: smtplib.SMTP, sender: str, recipient: str, size: int
    ) -> list[tuple[str, Callable[[], tuple[int, bytes]]]]:
        options = [f"SIZE={size}"] if smtp.has_extn("size") else []
        options += [] if recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        self._pipelined = recipient.isascii() and smtp.has_extn("pipelining")
        if self._pipelined:
            lines = [
                " ".join([f"MAIL FROM:{smtplib.quoteaddr(sender)}", *options]),
                f"RCPT TO:{smtplib.quoteaddr(recipient)}",
            ]
            smtp.send("\r\n".join([*lines, "DATA", ""]))
            return [(step, smtp.getreply) for step in _STEPS]
        return [
            ("MAIL", lambda: smtp.mail(sender, options)),
            ("RCPT", lambda: smtp.rcpt(recipient)),
            ("DATA", lambda: smtp.docmd("DATA")),
        ]

    def _skip_replies(self, smtp: smtplib.SMTP, refused: str) -> None:
        """Read the replies to the commands that were sent together with the refused one.

        If the server asks for the mail all the same, close the connection: a dot could deliver an empty one.

        Source: RFC 2920, section 3.1.
        """
        if not self._pipelined:
            return
        code = 0
        try:
            for _ in _STEPS[_STEPS.index(refused) + 1 :]:
                code, _text = smtp.getreply()
        except (OSError, smtplib.SMTPException):  # the refusal counts, whatever became of the rest
            self.disconnect()
        if code // 100 == 3:
            self.disconnect()

    def _reset(self, answer: DeliveryAnswer) -> DeliveryAnswer:
        """Reset the session after a refusal; disconnect if the server does not answer with 250."""
        if answer.code in _ABOUT_LOGIN:
            self._unusable(f'it replied "{answer.code} {answer.text}".', ServerUnreachableError())
        if answer.code == 421 or answer.status is DeliveryStatus.LOST or self._smtp is None:
            self.disconnect()
            return answer
        try:
            code, _ = self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            code = 0
        if code != 250:
            self.disconnect()
        return answer

    def _finish(self, smtp: smtplib.SMTP, claim: Callable[[], None]) -> DeliveryAnswer:
        """Send the final dot. No reply to it means uncertain; failing to send it means the connection was lost."""
        sent = False
        try:
            claim()
            if _has_hung_up(smtp):
                raise smtplib.SMTPServerDisconnected("the server closed the connection")
            assert smtp.sock is not None
            smtp.sock.settimeout(self.timeouts.end_s)
            smtp.send(b".\r\n")
            sent = True
            answer = _judge_reply("end of data", *smtp.getreply())
            if smtp.sock is not None:
                smtp.sock.settimeout(self.timeouts.command_s)
        except (OSError, smtplib.SMTPException) as failure:
            self.disconnect()
            if not sent:
                return _lost_connection("data", failure)
            return DeliveryAnswer(
                DeliveryStatus.UNCERTAIN,
                "end of data",
                text=f"no reply after the end of the mail: {_describe_failure(failure)}",
            )
        except BaseException:
            self.disconnect()
            raise
        if answer.status is DeliveryStatus.LOST:  # not an SMTP reply
            self.disconnect()
            return DeliveryAnswer(DeliveryStatus.UNCERTAIN, answer.step, answer.code, answer.text)
        if answer.code == 421:
            self.disconnect()
        return answer

    def quit(self) -> None:
        """Send QUIT and close the connection."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                assert self._smtp.sock is not None
                self._smtp.sock.settimeout(5)
                self._smtp.quit()
        self.disconnect()

    def abort(self) -> None:
        """End the connection from another thread, which then notices that it is lost."""
        smtp = self._smtp
        if smtp is not None and smtp.sock is not None:
            with suppress(OSError):
                smtp.sock.shutdown(socket.SHUT_RDWR)

    def disconnect(self) -> None:
        """Close the connection without QUIT, so that a message without its final dot is not delivered."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError):
                smtp.close()


def _judge_reply(step: str, code: int, text: bytes) -> DeliveryAnswer:
    """Convert a reply to an answer; a code that is not SMTP counts as a lost connection."""
    kinds = {2: DeliveryStatus.SENT, 3: DeliveryStatus.SENT, 4: DeliveryStatus.TEMPORARY, 5: DeliveryStatus.REFUSED}
    kind = kinds.get(code // 100, DeliveryStatus.LOST)
    wanted = 3 if step == "DATA" else 2
    if kind is DeliveryStatus.SENT and code // 100 != wanted:
        kind = DeliveryStatus.LOST
    return DeliveryAnswer(kind, step, code if kind is not DeliveryStatus.LOST else 0, _shorten(text))


def _lost_connection(step: str, failure: Exception) -> DeliveryAnswer:
    return DeliveryAnswer(
        DeliveryStatus.LOST, step, text=f"the connection was lost ({step}): {_describe_failure(failure)}"
    )


def _has_hung_up(smtp: smtplib.SMTP) -> bool:
    """Return True if the socket shows that the server has closed the connection or sent an unexpected reply."""
    assert smtp.sock is not None
    smtp.sock.setblocking(False)
    try:
        smtp.sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True


def _shorten(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_CUT]


def _describe_failure(failure: Exception) -> str:
    if isinstance(failure, OSError) and failure.strerror:
        return failure.strerror
    return _shorten(str(failure)) or type(failure).__name__
