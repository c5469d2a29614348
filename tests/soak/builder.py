"""A process that builds on request, each time in a fresh child: one that may be killed, or may find the disk full.

Requests and answers are JSON, a line each. Started as a program, so that hash seed, time zone and locale are its own.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import sys
import tempfile
import time
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

from generator.clock import Clock
from generator.engine import pipeline
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.processes import conversion_pool, render_pool
from generator.errors import OpenletterError
from tests.guards import HANG_S

Answer = dict[str, Any]
PATIENCE_S = 60.0  # what a killed build's processes have to end in


def main() -> None:
    """Answer requests until there are no more."""
    import generator.images.cleaner  # noqa: F401

    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: what a killed build leaves running comes to us
    for line in sys.stdin:
        print(json.dumps(_in_a_child(json.loads(line))), flush=True)


def _in_a_child(request: dict[str, Any]) -> Answer:
    """Build in a child; the answer says so where it was killed, and whether a process of its own outlived it."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
        child = os.fork()
        if child == 0:
            try:
                os.setsid()
                signal.alarm(int(HANG_S))
                Path(answer.name).write_text(json.dumps(_build(request)), encoding="ascii")
            finally:
                os._exit(0)  # whatever happened: there is but one driver
        if "kill_after_s" in request:
            time.sleep(request["kill_after_s"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        text = answer.read()
    made: Answer = json.loads(text) if text.endswith("}") else {"killed": os.WIFSIGNALED(status)}
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        made = {"crashed": f"the build did not end in {HANG_S:g} s"}
    return {**made, "orphans": _outlives(child)}


def _outlives(group: int) -> bool:
    """Say whether any process of a group is still there after a while; end it then."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            while os.waitpid(-group, os.WNOHANG)[0]:
                pass
            os.killpg(group, 0)
        except (ChildProcessError, ProcessLookupError):
            return False
        time.sleep(0.01)
    os.killpg(group, signal.SIGKILL)
    return True


def _build(request: dict[str, Any]) -> Answer:
    if size := request.get("largest_file_bytes"):
        sys.dont_write_bytecode = True  # Python 3.11 would leave compiled modules that are cut off
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    answer: Answer
    if request.get("jobs", 1) > 1:
        conversion_pool.POOL_FROM = render_pool.FORK_FROM = pipeline.LARGE = 1  # as a large site would have it
    if request.get("obey_modes"):
        _obey_modes()
    try:
        answer = _report(request)
    except OpenletterError as refusal:
        answer = {"refused": [str(problem) for problem in refusal.problems], "code": refusal.problems[0].code}
    except BaseException:
        answer = {"crashed": traceback.format_exc()}
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return answer


def _obey_modes() -> None:
    """Give up root's right to write where modes forbid it (CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, by capset(2))."""
    header = struct.pack("Ii", 0x20080522, 0)
    data = ctypes.create_string_buffer(24)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, data) == 0
    words = list(struct.unpack("6I", data.raw))
    for word in (0, 1):  # effective and permitted, of the capabilities below 32
        words[word] &= ~0b110
    assert libc.capset(header, struct.pack("6I", *words)) == 0


def _report(request: dict[str, Any]) -> Answer:
    options = BuildOptions(
        output=request.get("output") and Path(request["output"]),
        state=request.get("state") and Path(request["state"]),
        drafts=request.get("preview", False),
        future=request.get("preview", False),
        jobs=request.get("jobs", 1),
    )
    calls = 0

    def note(_stage: str, _done: int, _total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == request.get("kill_at"):
            os.kill(os.getpid(), signal.SIGKILL)

    report = Engine(Path(request["root"]), options, Clock(datetime.fromisoformat(request["now"]))).build(note)
    return {
        "calls": calls,
        "problems": [str(problem) for problem in report.problems],
        "rendered": {path: list(reasons) for path, reasons in report.rendered.items()},
        "written": list(report.written),
        "deleted": list(report.deleted),
        "counts": [report.posts, report.pages, report.issues],
        "stopped": report.stopped,
    }


if __name__ == "__main__":
    main()
