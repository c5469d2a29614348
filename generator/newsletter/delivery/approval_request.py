"""Ask someone to approve a letter: send it to them as a test, with its digest and the number of recipients."""

from __future__ import annotations

import html
import re
from datetime import datetime

from msgspec.structs import replace

from generator.newsletter.delivery.approval import SHOWN_DIGITS, describe_letter_to_approve, digest_of
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.delivery.send import send_test
from generator.newsletter.delivery.smtp import SmtpTimeouts
from generator.newsletter.message.recipients import Recipient
from generator.text.counts import format_count

_BODY = re.compile(r"<body\b[^>]*>")
_STYLE = "padding:12px 16px;background:#fff8d6;color:#222222;font:15px/1.5 sans-serif"


def request_approval(plan: SendPlan, person: Recipient, now: datetime, timeouts: SmtpTimeouts | None = None) -> str:
    """Send the letter to `person` with a note above it; return its digest.

    Raises: as `send_test`.
    """
    asked = digest_of(describe_letter_to_approve(plan))
    lines = _note(plan, asked)
    page = "".join(f"<p style='margin:0'>{html.escape(line)}</p>" for line in lines)
    table = f"<table role='presentation' width='100%'><tr><td style='{_STYLE}'>{page}</td></tr></table>"
    letter = plan.letter
    to_read = replace(
        letter,
        subject=f"[Please approve] {letter.subject or letter.title}",
        html=_BODY.sub(lambda found: found[0] + table, letter.html, count=1),
        text="\n".join([*lines, "-" * 72, "", letter.text]),
    )
    send_test(plan, person, now, timeouts, letter=to_read)
    return asked


def _note(plan: SendPlan, asked: str) -> list[str]:
    count = format_count(len(plan.recipients.people), "recipient")
    return [
        f"Please approve this letter. It would go to {count}.",
        f"Digest: {asked[:SHOWN_DIGITS]}",
        "To approve it, reply to this mail and keep the digest in your reply.",
    ]
