"""Watch the site's folders: put changes into the queue, and ask for a full scan if in doubt."""

from __future__ import annotations

import errno
import logging
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.config.load import FILE
from generator.content.names import ignored
from generator.preview.task_queue import TaskQueue

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers.api import BaseObserver, ObservedWatch

WATCHED_FOLDERS = ("content", "themes", "extensions")
"""Folders to watch with everything below them; in the site's own folder only the files directly in it."""

POLL_S = 0.5
SETTLE_S = 0.3  # delay of the scan after folders changed: a new one may have got files before it was watched
_IGNORED_EVENTS = frozenset({"opened", "closed_no_write"})  # events of reading: our own builds cause them
_FINAL_EVENTS = frozenset({"closed", "moved", "deleted", "attrib"})

_TOO_MANY = (errno.ENOSPC, errno.EMFILE)  # inotify(7): watches, instances

Identity = tuple[int, int]


class Watcher:
    """Watches the site at `root` from threads of its own, between `start` and `stop`."""

    def __init__(self, root: Path, queue: TaskQueue, *, poll: bool) -> None:
        self._root = root.resolve()
        self._queue = queue
        self._poll = poll
        self._observer: BaseObserver | None = None
        self._watches: dict[Path, tuple[Identity, ObservedWatch]] = {}
        self._warnings = _WarningHandler(queue)

    def start(self) -> None:
        """Start watching."""
        logging.getLogger("watchdog").addHandler(self._warnings)
        self._observer = _make_observer(poll=self._poll)
        self._observer.start()
        self.refresh()

    def stop(self) -> None:
        """Stop watching."""
        logging.getLogger("watchdog").removeHandler(self._warnings)
        if self._observer is not None:
            self._observer.stop()
            self._observer = None

    def refresh(self) -> bool:
        """Watch the folders that exist now; returns True if one was added, removed or replaced."""
        wanted = {folder: recursive for folder, recursive in self._wanted() if folder.is_dir()}
        changed = False
        for folder in [*self._watches]:
            identity, watch = self._watches[folder]
            if folder not in wanted or _identity(folder) != identity:
                del self._watches[folder]
                changed = True
                with suppress(KeyError, OSError, RuntimeError):
                    assert self._observer is not None
                    self._observer.unschedule(watch)
        for folder, recursive in wanted.items():
            if folder not in self._watches:
                changed |= self._watch(folder, recursive=recursive)
        return changed

    def _wanted(self) -> list[tuple[Path, bool]]:
        return [(self._root, False), *((self._root / name, True) for name in WATCHED_FOLDERS)]

    def _watch(self, folder: Path, *, recursive: bool) -> bool:
        observer = self._observer
        if observer is None:
            return False
        try:
            identity = _identity(folder)
            watch = observer.schedule(_make_handler(self, folder), str(folder), recursive=recursive)
        except OSError as failure:
            if failure.errno in _TOO_MANY and not self._poll:
                self._switch_to_polling()
            return False  # otherwise a folder that was just deleted
        assert identity is not None
        self._watches[folder] = (identity, watch)
        return True

    def _switch_to_polling(self) -> None:
        """Poll, if the system does not allow more watches."""
        assert self._observer is not None
        self._observer.stop()
        self._poll, self._watches = True, {}
        self._observer = _make_observer(poll=True)
        self._observer.start()
        self.refresh()

    def handle_event(self, event: FileSystemEvent, folder: Path) -> None:
        """Handle an event of the watch on `folder`."""
        if event.event_type in _IGNORED_EVENTS:
            return
        if folder == self._root:
            self._handle_root_event(event)
            return
        if event.is_directory and event.event_type in ("modified", "attrib"):
            return  # its files have their own events
        paths = self._paths(event)
        if not paths:
            return
        self._queue.add_paths(*paths, settled=self._is_over(event))
        if event.is_directory:
            if any("/" not in path for path in paths):
                self._queue.request_rescan()
            self._queue.request_rescan(SETTLE_S)

    def _handle_root_event(self, event: FileSystemEvent) -> None:
        names = {path for path in self._paths(event) if path in (FILE, *WATCHED_FOLDERS)}
        if FILE in names:
            self._queue.add_paths(FILE, settled=self._is_over(event))
        if names - {FILE} and event.event_type in ("created", "moved", "deleted"):
            self._queue.request_rescan()  # the builder refreshes the watches before a full scan

    def _is_over(self, event: FileSystemEvent) -> bool:
        """Return True if the writer has finished. Only inotify reports that a file was closed."""
        return event.event_type in _FINAL_EVENTS or not _reports_closing(self._observer)

    def _paths(self, event: FileSystemEvent) -> list[str]:
        """Return the site-relative paths of an event; none for an editor's temporary files."""
        found = []
        for name in (event.src_path, getattr(event, "dest_path", "")):
            text = name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
            with suppress(ValueError):
                path = Path(text).relative_to(self._root).as_posix() if text else "."
                if path != "." and not any(map(ignored, path.split("/"))):
                    found.append(unicodedata.normalize("NFC", path))
        return found


def _make_handler(watcher: Watcher, folder: Path) -> FileSystemEventHandler:
    from watchdog.events import FileSystemEventHandler

    class Handler(FileSystemEventHandler):
        """The handler that watchdog calls."""

        def dispatch(self, event: FileSystemEvent) -> None:
            try:
                watcher.handle_event(event, folder)
            except Exception as fault:  # watchdog's thread must survive every error
                logging.getLogger("watchdog").warning("an event was not understood: %s", fault)

    return Handler()


class _WarningHandler(logging.Handler):
    """Treat watchdog's warnings, such as an overflow of the system's queue, as lost events."""

    def __init__(self, queue: TaskQueue) -> None:
        super().__init__(logging.WARNING)
        self._queue = queue

    def emit(self, record: logging.LogRecord) -> None:
        self._queue.request_rescan()


def _make_observer(*, poll: bool) -> BaseObserver:
    from watchdog.observers import Observer
    from watchdog.observers.polling import PollingObserver

    made: Any = PollingObserver(timeout=POLL_S) if poll else Observer()
    made.daemon = True
    return made  # type: ignore[no-any-return]


def _reports_closing(observer: BaseObserver | None) -> bool:
    return type(observer).__name__ == "InotifyObserver"


def _identity(folder: Path) -> Identity | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
