"""Run the preview: find a port, start the threads, serve in the main thread, stop at the first Ctrl-C."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from generator.config import load_config
from generator.config.load import FILE
from generator.errors import ConfigError
from generator.preview.build_lock import BuildLock
from generator.preview.builder import Builder, BuildListeners
from generator.preview.hosts import EVERYWHERE, list_allowed_hosts, list_lan_addresses
from generator.preview.loop_calls import LoopCalls
from generator.preview.port import DEFAULT_PORT, open_port
from generator.preview.session import BuildOutcome, PreviewSession, ViewOptions
from generator.preview.state import PreviewState
from generator.preview.task_queue import Hint, TaskQueue
from generator.preview.watcher import Watcher
from generator.progress import Progress

_END_S = 2.0
SWITCH_S = 0.0005  # how long the build thread may delay the server's thread; Python's default is 5 ms


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve the site at `root`; `editor` is the command that opens a source, None to find one."""

    root: Path
    view: ViewOptions = field(default_factory=ViewOptions)
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    reload: bool = True
    poll: bool = False
    open_browser: bool = False
    editor: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class PreviewReports:
    """The callbacks that report what the preview does, called from several threads: lines, and builds as they end.

    `progress` returns the display for the progress of the very first build.
    """

    say: Callable[[str], None]
    built: Callable[[BuildOutcome, Hint], None]
    progress: Callable[[], AbstractContextManager[Progress | None]]


def serve_site(options: ServeOptions, reports: PreviewReports) -> None:
    """Serve until Ctrl-C. Raises: ConfigError if there is no site or no port; OutputError if there is no folder."""
    if not (options.root / FILE).is_file():
        load_config(options.root)  # its error explains how to begin
    listening = open_port(options.host, options.port)
    with listening:
        session = PreviewSession(options.root, options.view)
        seconds = None
        if session.is_new:  # no browser is waiting yet, so all processors may help
            with reports.progress() as progress:
                outcome = session.build(progress=progress)
            session.close_engine()
            reports.built(outcome, None)
            seconds = outcome.seconds if outcome.report else None
        _PreviewServer(options, reports, session, listening, seconds).run()


class _PreviewServer:
    """The parts of the preview, and the threads that run them."""

    def __init__(
        self,
        options: ServeOptions,
        reports: PreviewReports,
        session: PreviewSession,
        listening: socket.socket,
        seconds: float | None,
    ) -> None:
        from generator.preview.clients import ClientList
        from generator.preview.event_streams import EventStreams

        self._options = options
        self._reports = reports
        self._seconds = seconds
        self._listening = listening
        self._loop_calls = LoopCalls()
        self._queue = TaskQueue()
        self._build_lock = BuildLock(lambda: self._queue.builds_due)
        self._watcher = Watcher(options.root, self._queue, poll=options.poll)
        self._clients = ClientList()
        self._state = PreviewState(session.output, options.view)
        listeners = BuildListeners(
            lambda: self._clients.open_pages, self._built, self._watcher.refresh, self._progress, self._early
        )
        self._builder = Builder(session, self._queue, self._build_lock, self._state, listeners)
        self._streams = EventStreams(self._build_lock, self._state, self._clients, self._builder.look_up_page)

    def run(self) -> None:
        """Serve until the preview is stopped."""
        sys.setswitchinterval(SWITCH_S)
        self._build_lock.begin_write()  # until the first build is done
        self._watcher.start()
        self._builder.start()
        try:
            self._serve()
        finally:
            self._queue.close()
            self._watcher.stop()
            self._builder.join(_END_S)

    def _serve(self) -> None:
        import uvicorn

        from generator.preview.actions import PageActions
        from generator.preview.app import make_app
        from generator.preview.letter_page import LetterPictures
        from generator.preview.site_pages import SitePages

        options, state = self._options, self._state
        pages = SitePages(options.root, self._build_lock, state, options.reload, LetterPictures())
        actions = PageActions(options.root, state, self._builder.change_view, options.editor)
        app = make_app(pages, self._streams, actions, list_allowed_hosts(options.host), self._reports.say)
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_keep_alive=120,  # a client must not use a connection that is being closed
            timeout_graceful_shutdown=1,
        )
        preview = self

        class Server(uvicorn.Server):
            """A server that our signals end, and that reports when it listens."""

            @contextmanager
            def capture_signals(self) -> Iterator[None]:
                with preview.handle_signals(self):
                    yield

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                preview.report_start()

        Server(config).run([self._listening])

    @contextmanager
    def handle_signals(self, server: Any) -> Iterator[None]:
        """End the server at Ctrl-C or SIGTERM; a second one ends it at once."""

        def end(_number: int, _frame: FrameType | None) -> None:
            server.force_exit = server.should_exit
            server.should_exit = True
            logging.getLogger("uvicorn.error").setLevel(
                logging.CRITICAL
            )  # it would list the connections that it closes
            self._queue.close()
            self._loop_calls.call(self._clients.close)
            self._loop_calls.call(self._build_lock.shut_down)

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        names = [name for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if hasattr(signal, name)]
        before = {name: signal.signal(getattr(signal, name), end) for name in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(getattr(signal, name), handler)

    def report_start(self) -> None:
        """Report the addresses of the preview, and open a browser if asked to."""
        self._loop_calls.attach()
        for line in self.list_addresses():
            self._reports.say(line)
        if self._options.open_browser:
            threading.Thread(target=_open_browser, args=(self._own_address(),), daemon=True).start()

    def list_addresses(self) -> Iterator[str]:
        """List the lines with the addresses of the preview and how to stop it."""
        port = self._listening.getsockname()[1]
        if self._options.port and port != self._options.port:
            yield f"Port {self._options.port} is taken."
        took = "" if self._seconds is None else f" in {self._seconds:.1f} s"
        yield f"Ready{took}: {self._own_address()}"
        if self._options.host in EVERYWHERE:
            yield from (f"On this network: {self._address(host)}" for host in list_lan_addresses())
        yield "Press Ctrl-C to stop."

    def _own_address(self) -> str:
        host = self._options.host
        return self._address("127.0.0.1" if host in EVERYWHERE else host)

    def _address(self, host: str) -> str:
        port = self._listening.getsockname()[1]
        name = f"[{host.strip('[]')}]" if ":" in host else host
        return f"http://{name}:{port}{_base_path(self._options.root)}"

    def _built(self, outcome: BuildOutcome, hint: Hint) -> None:
        self._reports.built(outcome, hint)
        self._loop_calls.call(self._streams.start_task, self._streams.send_state_to_all)

    def _progress(self, stage: str, done: int, total: int) -> None:
        self._loop_calls.call(self._streams.start_task, lambda: self._streams.progress(stage, done, total))

    def _early(self, pages: Sequence[str]) -> None:
        self._loop_calls.call(self._streams.start_task, lambda: self._streams.announce_finished(pages))


def _base_path(root: Path) -> str:
    with suppress(ConfigError):
        return load_config(root)[0].base_path
    return "/"


def _open_browser(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
