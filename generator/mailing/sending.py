"""Send an issue to everybody in the ledger who is pending: each one once, whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors import MailError, error
from generator.mailing.compose import MAX_BYTES, compose
from generator.mailing.ledger import Frozen, Ledger, State
from generator.mailing.pace import Pace, Patience, Stop
from generator.mailing.recipients import Recipient
from generator.mailing.sender import FILE
from generator.mailing.smtp import Answer, Kind, Server, UnreachableError
from generator.progress import Progress

_IDLE_S = 20.0  # servers hang up on those who say nothing: before a longer wait we do
_SETTLED = {Kind.SENT: State.SENT, Kind.REFUSED: State.FAILED, Kind.DOUBT: State.UNCERTAIN}


@dataclass(slots=True)
class Sending:
    """One run. `answers` says why a recipient of this run was not served: id → the server's last answer."""

    ledger: Ledger
    server: Server
    frozen: Frozen
    people: Mapping[bytes, Recipient]
    pace: Pace
    patience: Patience
    stop: Stop = field(default_factory=Stop)
    progress: Progress | None = None
    answers: dict[bytes, Answer] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0
    _faults: int = 0
    _refusals: int = 0
    _met: bool = False

    def run(self) -> None:
        """Send to everybody pending, in rounds: those the server puts off are tried again after all others.

        Recipients that `people` does not know are left pending. Nothing is lost however this ends: what was not
        settled is pending, or uncertain.

        Raises: MailError, when the server cannot be used or refuses everybody, or the ledger cannot be written.
        """
        waiting = [id_ for id_ in self.ledger.of(State.PENDING) if id_ in self.people]
        counts = self.ledger.counts()
        self._done, self._total = counts.total - counts.pending, counts.total
        try:
            for wait_s in (0.0, *self.patience.rounds_s):
                if waiting and wait_s:
                    self.server.leave()
                    self.stop.sleep(wait_s)
                waiting = [id_ for id_ in waiting if not self.stop.asked and not self._serve(id_)]
                if not waiting:
                    break
            self.server.leave()
        finally:
            self.server.drop()
            self.ledger.doubt_claims()

    def _serve(self, id_: bytes) -> bool:
        """Try one recipient; True when that is settled."""
        person = self.people[id_]
        message = compose(self.frozen.letter, self.frozen.sender, person, self.frozen.date, self.ledger.key)
        if len(message) > MAX_BYTES:
            self._note(id_, Answer(Kind.REFUSED, "size", text=f"the mail has {len(message):,} bytes"))
            return True
        for _ in range(self.patience.losses):
            self._wait_for_pace()
            self._connect()
            if self.stop.asked:
                return False
            self.pace.note()
            answer = self.server.deliver(
                self.frozen.sender.address, person.address, message, lambda: self.ledger.claim(id_)
            )
            self._note(id_, answer)  # first of all: what follows may end the sending
            self._weigh(answer)
            if answer.kind is not Kind.LOST:
                break
        return answer.kind in _SETTLED

    def _note(self, id_: bytes, answer: Answer) -> None:
        """Write down what became of a recipient."""
        state = _SETTLED.get(answer.kind, State.PENDING)
        self.ledger.settle(id_, state, "" if state is State.SENT else answer.stored)
        self.answers[id_] = answer
        if state is State.SENT:
            del self.answers[id_]
        if self.progress and state is not State.PENDING:
            self._done += 1
            self.progress("send", self._done, self._total)

    def _wait_for_pace(self) -> None:
        due_s = self.pace.due_s()
        if due_s > _IDLE_S:
            self.server.leave()
        self.stop.sleep(due_s)

    def _connect(self) -> None:
        """Connect, with patience.

        Raises: MailError, when it runs out.
        """
        while not (self.server.connected or self.stop.asked):
            try:
                self.server.connect()
                self._met = True
            except UnreachableError as failure:
                self._fault(str(failure))

    def _weigh(self, answer: Answer) -> None:
        """Count what says that it is the server, not the recipient: a good answer ends the count."""
        if answer.kind is Kind.SENT:
            self._faults = self._refusals = 0
        elif answer.kind is Kind.REFUSED or _is_about_the_recipient(answer):
            self._refusals += 1
            if self._refusals >= self.patience.refusals:
                message = f"{self._refusals} recipients in a row were refused or put off; the last time {answer}."
                hint = "Ask whoever runs the server. --retry-failed tries again those who were refused."
                raise MailError(error(FILE, "mail-server", message, hint))
        else:
            if answer.kind is Kind.TEMPORARY:
                self.server.leave()  # it may be the connection that is worn out
            self._fault(str(answer))

    def _fault(self, reason: str) -> None:
        self._faults += 1
        if self._faults >= (self.patience.faults if self._met else self.patience.starts):
            raise _unreachable(self.server, reason)
        self.stop.sleep(self.patience.wait_s(self._faults))


def _is_about_the_recipient(answer: Answer) -> bool:
    return answer.kind is Kind.TEMPORARY and answer.step == "RCPT" and answer.code != 421


def _unreachable(server: Server, reason: str) -> MailError:
    where = f"{server.settings.host}:{server.settings.port}"
    message = f"the mail server {where} does not serve: {reason}."
    return MailError(error(FILE, "mail-server", message, "Run the same command again later: nobody gets it twice."))
