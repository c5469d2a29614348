"""Talk to the mail server, one step at a time, so that it is always known how far a mail has come.

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

from generator.config.values import SmtpConfig
from generator.errors import MailError, error
from generator.newsletter.message.sender import FILE

_GREETING = "[127.0.0.1]"  # the name of this computer is nobody's business: it would stand in every mail's head
_ABOUT_LOGIN = (530, 534, 535, 538)  # Source: RFC 4954, section 6
_CUT = 300


class Kind(StrEnum):
    """What became of one try to hand over a mail."""

    SENT = "sent"
    TEMPORARY = "temporary"
    """The server put it off (4xx)."""
    REFUSED = "refused"
    """The server will never take it (5xx)."""
    LOST = "lost"
    """The connection was lost before the mail's end: nothing was delivered."""
    DOUBT = "doubt"
    """The connection was lost after the mail's end: it may have been delivered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try ended: at which step, and what the server said, `code` 0 where it said nothing."""

    kind: Kind
    step: str
    code: int = 0
    text: str = ""

    @property
    def stored(self) -> str:
        """Say it without the server's words, which may hold an address."""
        return f"{self.code} {self.step}" if self.code else self.step

    def __str__(self) -> str:
        """Say it in full."""
        if self.code:
            return f'the server said "{self.code} {self.text}" ({self.step})'
        return self.text or f"the connection was lost ({self.step})"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for the server, in seconds.

    After a mail's end the standard's ten minutes: whoever waits less makes doubts, and who resends those, duplicates.
    Source: RFC 5321, section 4.5.3.2.
    """

    connect_s: float = 60.0
    command_s: float = 120.0
    end_s: float = 600.0


class UnreachableError(Exception):
    """The server cannot be reached now; it may be later."""


class Server:
    """The mail server of `[newsletter.smtp]`: connected when it is needed, and again after a loss.

    `password` is "" where the server asks for none.
    """

    def __init__(self, settings: SmtpConfig, password: str, timeouts: Timeouts | None = None) -> None:
        self.settings = settings
        self.password = password
        self.timeouts = timeouts or Timeouts()
        self._smtp: smtplib.SMTP | None = None

    @property
    def connected(self) -> bool:
        """Tell whether there is a connection, as far as is known."""
        return self._smtp is not None

    def connect(self) -> None:
        """Connect, protect the connection and log in, as the settings say; nothing is done where that has been done.

        Raises: UnreachableError; MailError, when trying again would not help.
        """
        if self._smtp is not None:
            return
        try:
            self._smtp = self._open()
            self._greet(self._smtp)
        except ssl.SSLCertVerificationError as failure:
            self._unusable(f"its certificate is not to be trusted: {failure.verify_message}.", failure)
        except smtplib.SMTPNotSupportedError as failure:
            self._unusable(f"it does not offer what is asked for: {failure}", failure)
        except smtplib.SMTPResponseException as failure:
            self._judge(failure)
        except (OSError, smtplib.SMTPException) as failure:
            self.drop()
            if isinstance(failure, ssl.SSLError) and failure.reason == "WRONG_VERSION_NUMBER":
                self._unusable("it does not speak TLS at this port.", failure)
            raise UnreachableError(_sentence(failure)) from failure
        except BaseException:
            self.drop()
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

    def _greet(self, smtp: smtplib.SMTP) -> None:
        assert smtp.sock is not None
        # The mail and the dot after it are two packets: unless told so, the system holds the second one back.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._hello(smtp)
        if self.settings.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            self._hello(smtp)
        if self.settings.user:
            smtp.login(self.settings.user, self.password)
        smtp.sock.settimeout(self.timeouts.command_s)

    def _hello(self, smtp: smtplib.SMTP) -> None:
        """Say EHLO; HELO to an old server, where nothing is asked of it that only EHLO offers."""
        code, text = smtp.ehlo()
        plain = self.settings.security == "none" and not self.settings.user
        if code in (500, 502) and plain:
            code, text = smtp.helo()
        if code // 100 != 2:
            raise smtplib.SMTPHeloError(code, text)

    def _judge(self, failure: smtplib.SMTPResponseException) -> NoReturn:
        """Tell a server that is busy from one that will never serve us."""
        self.drop()
        said = f'it said "{failure.smtp_code} {_text(failure.smtp_error)}"'
        if isinstance(failure, smtplib.SMTPAuthenticationError) and failure.smtp_code >= 500:
            self._unusable(f"it does not accept the name or the password: {said}.", failure)
        if failure.smtp_code >= 500:
            self._unusable(f"{said}.", failure)
        raise UnreachableError(said) from failure

    def _unusable(self, message: str, failure: Exception) -> NoReturn:
        self.drop()
        where = f"{self.settings.host}:{self.settings.port}"
        hint = "Look at [newsletter.smtp], and at the password."
        raise MailError(
            error(FILE, "mail-server", f"the mail server {where} cannot be used: {message}", hint)
        ) from failure

    def deliver(self, sender: str, recipient: str, message: bytes, claim: Callable[[], None]) -> Answer:
        """Hand over one mail. `claim` is called before the dot that ends it; where it raises, nothing is delivered.

        An answer LOST, TEMPORARY or REFUSED means that nothing was delivered, DOUBT that nobody knows.

        Raises: MailError, when the server wants a login; what `claim` raises.
        """
        assert self._smtp is not None, "not connected"
        smtp = self._smtp
        if not recipient.isascii() and not smtp.has_extn("smtputf8"):
            return Answer(Kind.REFUSED, "SMTPUTF8", text="the server takes no address with such letters before the @")
        step = "MAIL"
        try:
            for step, send in self._envelope(smtp, sender, recipient, len(message)):
                answer = _answer(step, *send())
                if answer.kind is not Kind.SENT:
                    return self._refused(answer)
            step = "data"
            smtp.send(message.replace(b"\r\n.", b"\r\n.."))
        except (OSError, smtplib.SMTPException) as failure:
            self.drop()
            return _lost(step, failure)
        except BaseException:
            self.drop()
            raise
        return self._end(smtp, claim)

    def _envelope(
        self, smtp: smtplib.SMTP, sender: str, recipient: str, size: int
    ) -> list[tuple[str, Callable[[], tuple[int, bytes]]]]:
        options = [f"SIZE={size}"] if smtp.has_extn("size") else []
        options += [] if recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        return [
            ("MAIL", lambda: smtp.mail(sender, options)),
            ("RCPT", lambda: smtp.rcpt(recipient)),
            ("DATA", lambda: smtp.docmd("DATA")),
        ]

    def _refused(self, answer: Answer) -> Answer:
        """Make ready for the next mail after a refusal; a server that hangs up instead is left alone."""
        if answer.code in _ABOUT_LOGIN:
            self._unusable(f'it said "{answer.code} {answer.text}".', UnreachableError())
        if answer.code == 421 or answer.kind is Kind.LOST or self._smtp is None:
            self.drop()
            return answer
        try:
            code, _ = self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            code = 0
        if code != 250:
            self.drop()
        return answer

    def _end(self, smtp: smtplib.SMTP, claim: Callable[[], None]) -> Answer:
        """End the mail. From the dot on, silence is a doubt; a dot that could not be sent is a lost connection."""
        sent = False
        try:
            claim()
            if _has_hung_up(smtp):
                raise smtplib.SMTPServerDisconnected("the server hung up")
            assert smtp.sock is not None
            smtp.sock.settimeout(self.timeouts.end_s)
            smtp.send(b".\r\n")
            sent = True
            answer = _answer("end of data", *smtp.getreply())
            if smtp.sock is not None:
                smtp.sock.settimeout(self.timeouts.command_s)
        except (OSError, smtplib.SMTPException) as failure:
            self.drop()
            if not sent:
                return _lost("data", failure)
            return Answer(Kind.DOUBT, "end of data", text=f"no answer at the mail's end: {_sentence(failure)}")
        except BaseException:
            self.drop()
            raise
        if answer.kind is Kind.LOST:  # an answer that is none
            self.drop()
            return Answer(Kind.DOUBT, answer.step, answer.code, answer.text)
        if answer.code == 421:
            self.drop()
        return answer

    def leave(self) -> None:
        """Say goodbye."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                assert self._smtp.sock is not None
                self._smtp.sock.settimeout(5)
                self._smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word: a mail whose end was not sent is not delivered."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError):
                smtp.close()


def _answer(step: str, code: int, text: bytes) -> Answer:
    """Judge the code of an answer; one that is no answer at all counts as a lost connection."""
    kinds = {2: Kind.SENT, 3: Kind.SENT, 4: Kind.TEMPORARY, 5: Kind.REFUSED}
    kind = kinds.get(code // 100, Kind.LOST)
    wanted = 3 if step == "DATA" else 2
    if kind is Kind.SENT and code // 100 != wanted:
        kind = Kind.LOST
    return Answer(kind, step, code if kind is not Kind.LOST else 0, _text(text))


def _lost(step: str, failure: Exception) -> Answer:
    return Answer(Kind.LOST, step, text=f"the connection was lost ({step}): {_sentence(failure)}")


def _has_hung_up(smtp: smtplib.SMTP) -> bool:
    """Tell whether the server has hung up, or spoken out of turn, in the midst of a mail, as far as that is known."""
    assert smtp.sock is not None
    smtp.sock.setblocking(False)
    try:
        smtp.sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_CUT]


def _sentence(failure: Exception) -> str:
    if isinstance(failure, OSError) and failure.strerror:
        return failure.strerror
    return _text(str(failure)) or type(failure).__name__
