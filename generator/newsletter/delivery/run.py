"""Send an issue to every pending recipient of the ledger, at most once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors import MailError, error
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue, RecipientState
from generator.newsletter.delivery.pace import RateLimit, RetryPolicy, StopRequest
from generator.newsletter.delivery.refusals import RefusalScope, judge_refusal, refused_for_all
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus, ServerUnreachableError, SmtpServer
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import SETTINGS_FILE
from generator.progress import Progress

_IDLE_S = 20.0  # servers close idle connections, so close ours before a longer wait
_SETTLED = {
    DeliveryStatus.SENT: RecipientState.SENT,
    DeliveryStatus.REFUSED: RecipientState.FAILED,
    DeliveryStatus.UNCERTAIN: RecipientState.UNCERTAIN,
}


@dataclass(slots=True)
class DeliveryRun:
    """One run. `answers` holds the last answer for each recipient without a confirmed message: id → answer."""

    ledger: Ledger
    server: SmtpServer
    frozen: FrozenIssue
    people: Mapping[bytes, Recipient]
    pace: RateLimit
    retries: RetryPolicy
    stop: StopRequest = field(default_factory=StopRequest)
    progress: Progress | None = None
    signer: DkimSigner | None = None
    answers: dict[bytes, DeliveryAnswer] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0
    _faults: int = 0
    _refusals: int = 0
    _accepted: bool = False
    _unclear: list[bytes] = field(default_factory=list)
    _was_connected: bool = False

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
                    self.server.quit()
                    self.stop.sleep(wait_s)
                waiting = [id_ for id_ in waiting if not self.stop.requested and not self._deliver(id_)]
                if not waiting:
                    break
            self.server.quit()
        finally:
            self.server.disconnect()
            self.ledger.mark_claims_uncertain()

    def _deliver(self, id_: bytes) -> bool:
        """Try one recipient; return True if the result is final."""
        person = self.people[id_]
        message = compose_message(self.frozen.letter, self.frozen.sender, person, self.frozen.date, self.ledger.key)
        if self.signer:
            message = self.signer.sign(message)
        for _ in range(self.retries.losses):
            self._wait_for_pace()
            self._connect()
            if self.stop.requested:
                return False
            self.pace.count_message()
            sender = self.frozen.sender.envelope_address(id_.hex())
            answer = self.server.deliver(sender, person.address, message, lambda: self.ledger.claim(id_))
            self._stop_if_refused_for_all(id_, answer)
            self._record(id_, answer)  # first, because `_count_fault` may end the sending
            self._count_fault(answer)
            if answer.status is not DeliveryStatus.LOST:
                break
        return answer.status in _SETTLED

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
        if self.progress and state is not RecipientState.PENDING:
            self._done += 1
            self.progress("send", self._done, self._total)

    def _wait_for_pace(self) -> None:
        due_s = self.pace.wait_s()
        if due_s > _IDLE_S:
            self.server.quit()
        self.stop.sleep(due_s)

    def _connect(self) -> None:
        """Connect, and try again if the server cannot be reached.

        Raises: MailError after too many tries.
        """
        while not (self.server.connected or self.stop.requested):
            try:
                self.server.connect()
                self._was_connected = True
            except ServerUnreachableError as failure:
                self._back_off(str(failure))

    def _count_fault(self, answer: DeliveryAnswer) -> None:
        """Count answers in a row that point to a fault of the server; a delivered message resets the count.

        Raises: MailError after too many.
        """
        if answer.status is DeliveryStatus.SENT:
            self._faults = self._refusals = 0
        elif answer.status is DeliveryStatus.REFUSED or _is_about_the_recipient(answer):
            self._refusals += 1
            if self._refusals >= self.retries.refusals:
                message = f"The server refused or put off {self._refusals} recipients in a row. Last: {answer}."
                hint = "Ask your mail service why. To try the refused ones again, add --retry-failed."
                raise MailError(error(SETTINGS_FILE, "mail-server", message, hint))
        else:
            if answer.status is DeliveryStatus.TEMPORARY:
                self.server.quit()  # the connection itself may be the fault
            self._back_off(str(answer))

    def _back_off(self, reason: str) -> None:
        self._faults += 1
        if self._faults >= (self.retries.faults if self._was_connected else self.retries.starts):
            raise _unreachable(self.server, reason)
        self.stop.sleep(self.retries.wait_s(self._faults))


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
