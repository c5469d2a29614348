"""Send an issue to every pending recipient of the ledger, at most once, over one connection or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock, Thread
from typing import Any

from generator.errors import MailError, error
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue, RecipientState
from generator.newsletter.delivery.limits import DailyLimit, SendWindow
from generator.newsletter.delivery.pace import RateLimit, RetryPolicy, StopRequest
from generator.newsletter.delivery.refusals import RefusalScope, judge_refusal, refused_for_all
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus, ServerUnreachableError, SmtpServer
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import SETTINGS_FILE
from generator.progress import Progress

_IDLE_S = 20.0  # servers close idle connections, so close ours before a longer wait
_LOOK_S = 30.0  # how often a wait looks at the clock
_JOIN_S = 0.1  # how soon the main thread, which gets the signals, notices Ctrl-C
_SETTLED = {
    DeliveryStatus.SENT: RecipientState.SENT,
    DeliveryStatus.REFUSED: RecipientState.FAILED,
    DeliveryStatus.UNCERTAIN: RecipientState.UNCERTAIN,
}


class _ExtraConnectionRefusedError(Exception):
    """The server accepts no further connection beside the first; the others go on."""


@dataclass(slots=True)
class DeliveryRun:
    """One run. `answers` are the last answers for each recipient without a confirmed message: id → answer.

    Each of `servers` is one connection. With several, each has a thread; one lock guards the ledger and all counts, so
    a claim is on the disk before its own dot, whatever the other threads do.
    """

    ledger: Ledger
    servers: Sequence[SmtpServer]
    frozen: FrozenIssue
    people: Mapping[bytes, Recipient]
    pace: RateLimit
    retries: RetryPolicy
    stop: StopRequest = field(default_factory=StopRequest)
    progress: Progress | None = None
    signer: DkimSigner | None = None
    window: SendWindow | None = None
    waits_for_window: bool = True
    daily: DailyLimit = field(default_factory=DailyLimit)
    answers: dict[bytes, DeliveryAnswer] = field(default_factory=dict)
    limit_reached: bool = False
    window_closed: bool = False
    _done: int = 0
    _total: int = 0
    _faults: int = 0
    _refusals: int = 0
    _accepted: bool = False
    _unclear: list[bytes] = field(default_factory=list)
    _was_connected: bool = False
    _failure: BaseException | None = None
    _lock: Any = field(default_factory=RLock)

    def send_all(self) -> None:
        """Send to all pending recipients, in rounds: those the server puts off are tried again after all others.

        Recipients missing from `people` stay pending. However a run ends, a recipient without a final result is pending
        or uncertain in the ledger.

        Raises: MailError if the server cannot be used or refuses every mail, or the ledger cannot be written.
        """
        waiting = [id_ for id_ in self.ledger.list_ids(RecipientState.PENDING) if id_ in self.people]
        counts = self.ledger.count_recipients()
        self._done, self._total = counts.total - counts.pending, counts.total
        self._accepted = counts.sent > 0
        try:
            for wait_s in (0.0, *self.retries.rounds_s):
                if waiting and wait_s:
                    self._quit()
                    self.stop.sleep(wait_s)
                waiting = self._send_round(waiting)
                if not waiting or self._halted:
                    break
            self._quit()
        finally:
            for server in self.servers:
                server.disconnect()
            self.ledger.mark_claims_uncertain()

    @property
    def _halted(self) -> bool:
        """Return True if no further mail may begin."""
        return self.stop.requested or self.limit_reached or self.window_closed or self._failure is not None

    def _send_round(self, waiting: Sequence[bytes]) -> list[bytes]:
        """Try each recipient once; return those without a final result."""
        queue = deque(waiting)
        later: list[bytes] = []
        first, *others = self.servers[: len(waiting)] or self.servers[:1]
        if not others:
            self._work(first, queue, later)
            return later
        self._connect(first)  # before the others: a server that is down counts as one fault
        threads = [Thread(target=self._work_in_thread, args=(each, queue, later)) for each in (first, *others)]
        self._run_threads(threads)
        self._work(first, queue, later)  # what a refused extra connection has put back
        return later

    def _run_threads(self, threads: Sequence[Thread]) -> None:
        """Run the threads to their end; then raise the first failure. A second Ctrl-C cuts all connections."""
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(_JOIN_S)
        except BaseException as failure:
            self._failure = failure
            for server in self.servers:
                server.abort()
            for thread in threads:
                if thread.ident is not None:  # it was started
                    thread.join()
        if self._failure is not None:
            raise self._failure

    def _work_in_thread(self, server: SmtpServer, queue: deque[bytes], later: list[bytes]) -> None:
        try:
            self._work(server, queue, later)
        except BaseException as failure:
            with self._lock:
                self._failure = self._failure or failure

    def _work(self, server: SmtpServer, queue: deque[bytes], later: list[bytes]) -> None:
        """Take recipients from the queue until it is empty; collect those without a final result in `later`."""
        while not self._halted:
            try:
                id_ = queue.popleft()
            except IndexError:
                break
            try:
                if not self._deliver(server, id_):
                    later.append(id_)
            except _ExtraConnectionRefusedError:
                queue.appendleft(id_)
                break

    def _deliver(self, server: SmtpServer, id_: bytes) -> bool:
        """Try one recipient; return True if the result is final."""
        person = self.people[id_]
        letter, sender = self.frozen.choose_version(person.language)
        message = compose_message(letter, sender, person, self.frozen.date, self.ledger.key)
        if self.signer:
            message = self.signer.sign(message)
        for _ in range(self.retries.losses):
            if not self._get_ready(server):
                return False
            envelope = sender.envelope_address(id_.hex())
            answer = server.deliver(envelope, person.address, message, lambda: self._claim(id_))
            with self._lock:
                self._stop_if_refused_for_all(id_, answer)
                self._record(id_, answer)  # first, because `_count_fault` may end the sending
            self._count_fault(server, answer)
            if answer.status is not DeliveryStatus.LOST:
                break
        return answer.status in _SETTLED

    def _claim(self, id_: bytes) -> None:
        with self._lock:
            self.ledger.claim(id_, self.daily.today)

    def _get_ready(self, server: SmtpServer) -> bool:
        """Wait for the window and the pace, connect, and take one of today's mails; return False to stop."""
        while True:
            self._wait(server)
            self._connect(server)
            with self._lock:
                if self._halted:
                    return False
                if self._due_s() > 0:  # another connection has taken this turn, or the clock says something else now
                    continue
                if not self.daily.take():
                    self.limit_reached = True
                    return False
                self.pace.count_message()
                return True

    def _wait(self, server: SmtpServer) -> None:
        """Wait until the next mail is due by the clock, which a computer that sleeps or sets it moves on."""
        while (due_s := self._due_s()) > 0 and not self._halted:
            if due_s > _IDLE_S:
                server.quit()
            self.stop.sleep(min(due_s, _LOOK_S))

    def _due_s(self) -> float:
        """Return the seconds until the next mail may be sent, by the pace and the window; 0 also to stop."""
        now = self.daily.read_time().astimezone(self.daily.zone)
        closed_s = self.window.wait_s(now) if self.window else 0.0
        if closed_s and not self.waits_for_window:
            self.window_closed = True
            return 0.0
        return max(self.pace.wait_s(), closed_s)

    def _stop_if_refused_for_all(self, id_: bytes, answer: DeliveryAnswer) -> None:
        """Stop if a refusal does not concern this recipient, and make the recipients it hit pending again.

        One refusal of the mail itself is enough if the server has accepted none yet; otherwise it takes a few in a row.

        Raises: MailError.
        """
        if answer.status is DeliveryStatus.SENT:
            self._accepted = True
            self._unclear.clear()
        if answer.status is not DeliveryStatus.REFUSED:
            return
        scope = judge_refusal(answer, self.people[id_].address)
        if scope is RefusalScope.RECIPIENT:
            return
        self._unclear.append(id_)
        enough = self.retries.same_refusals if self._accepted else 1
        if scope is RefusalScope.SENDER or len(self._unclear) >= enough:
            for each in self._unclear:
                self.ledger.record_result(each, RecipientState.PENDING)
                self.answers.pop(each, None)
            raise refused_for_all(answer)

    def _record(self, id_: bytes, answer: DeliveryAnswer) -> None:
        """Record the result for a recipient."""
        state = _SETTLED.get(answer.status, RecipientState.PENDING)
        self.ledger.record_result(id_, state, "" if state is RecipientState.SENT else answer.ledger_reason)
        self.answers[id_] = answer
        if state is RecipientState.SENT:
            del self.answers[id_]
        if answer.status not in (DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN):
            self.daily.give_back()
        if self.progress and state is not RecipientState.PENDING:
            self._done += 1
            self.progress("send", self._done, self._total)

    def _connect(self, server: SmtpServer) -> None:
        """Connect, and try again if the server cannot be reached.

        Raises: MailError after too many tries; `_ExtraConnectionRefusedError` if this is not the first connection.
        """
        while not (server.connected or self._halted):
            try:
                server.connect()
                self._was_connected = True
            except (ServerUnreachableError, MailError) as failure:
                if server is not self.servers[0]:
                    raise _ExtraConnectionRefusedError from failure
                if isinstance(failure, MailError):
                    raise
                self._back_off(str(failure))

    def _count_fault(self, server: SmtpServer, answer: DeliveryAnswer) -> None:
        """Count answers in a row that point to a fault of the server; a delivered message resets the count.

        Raises: MailError after too many.
        """
        if answer.status is DeliveryStatus.SENT:
            with self._lock:
                self._faults = self._refusals = 0
        elif answer.status is DeliveryStatus.REFUSED or _is_about_the_recipient(answer):
            with self._lock:
                self._refusals += 1
            if self._refusals >= self.retries.refusals:
                message = f"The server refused or put off {self._refusals} recipients in a row. Last: {answer}."
                hint = "Ask your mail service why. To try the refused ones again, add --retry-failed."
                raise MailError(error(SETTINGS_FILE, "mail-server", message, hint))
        else:
            if answer.status is DeliveryStatus.TEMPORARY:
                server.quit()  # the connection itself may be the fault
            self._back_off(str(answer))

    def _back_off(self, reason: str) -> None:
        with self._lock:
            self._faults += 1
            faults = self._faults
        if faults >= (self.retries.faults if self._was_connected else self.retries.starts):
            raise _unreachable(self.servers[0], reason)
        self.stop.sleep(self.retries.wait_s(faults))

    def _quit(self) -> None:
        for server in self.servers:
            server.quit()


def _is_about_the_recipient(answer: DeliveryAnswer) -> bool:
    return answer.status is DeliveryStatus.TEMPORARY and answer.step == "RCPT" and answer.code != 421


def _unreachable(server: SmtpServer, reason: str) -> MailError:
    where = f"{server.settings.host}:{server.settings.port}"
    message = f"The mail server {where} does not respond: {reason}."
    return MailError(
        error(
            SETTINGS_FILE, "mail-server", message, "Run the same command again later. No one receives the issue twice."
        )
    )
