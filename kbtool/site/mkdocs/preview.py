"""The live preview: MkDocs' own server with reloading pages, over a folder that kbtool builds."""

from __future__ import annotations

import functools
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kbtool.core.errors import KbError

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer
    from watchdog.events import FileSystemEventHandler
    from watchdog.observers.api import BaseObserver, ObservedWatch


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of a rebuild."""

    pages: bool  #: whether any page is another one
    more: bool  #: whether there is something left for the next


#: given what tells whether files have changed since
Rebuild = Callable[[Callable[[], bool]], Shown]


def preview(site: Path, *, host: str, port: int, rebuild: Rebuild, watch: Iterable[Path]) -> None:
    """Serve `site` until interrupted, and rebuild it when something below `watch` changes.

    Where a rebuild leaves something, it is called again when browsers show what it did; nobody has to wait for that.
    Raises KbError where the address cannot be listened on.
    """
    from mkdocs.livereload import LiveReloadServer

    more = False

    def build() -> None:
        nonlocal more
        following, wanted = more, server._wanted_epoch
        if following:
            _show(server, server._visible_epoch)
        done = rebuild(lambda: server._want_rebuild)
        if following and done.pages:
            _show(server, wanted)
        more = done.more
        if more:
            with server._rebuild_cond:
                server._want_rebuild = True

    server = LiveReloadServer(builder=build, host=host, port=port, root=str(site), mount_path="/")
    server.error_handler = functools.partial(_error_page, site)
    server.observer = _Watcher(server.observer)  # type: ignore[assignment]  # it does what MkDocs asks of one
    for path in watch:
        server.watch(str(path))
    try:
        with _ended_by_interrupt(server):
            server.serve()  # type: ignore[no-untyped-call]  # MkDocs has no types here
    except KeyboardInterrupt:
        return
    except OSError as error:
        raise KbError(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}", hint="choose another: --port"
        ) from None
    finally:
        server.shutdown()


@contextmanager
def _ended_by_interrupt(server: LiveReloadServer) -> Iterator[None]:
    """Have Ctrl-C end the server even where Python loses the exception: in what it calls when a value is let go."""

    def end(number: int, frame: FrameType | None) -> None:
        server._shutdown = True  # what waits for changes looks at it several times a second
        signal.default_int_handler(number, frame)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _show(server: LiveReloadServer, epoch: int) -> None:
    """Let the server deliver what is there, as the site of a moment."""
    with server._epoch_cond:
        server._wanted_epoch = server._visible_epoch = epoch
        server._epoch_cond.notify_all()


def _error_page(site: Path, code: int) -> bytes | None:
    page = site / f"{code}.html"
    return page.read_bytes() if page.is_file() else None


class _Watcher:
    """Learns of changes below folders from the system, where it tells; MkDocs' own observer looks again and again,
    which takes a while for ten thousand files. Single files are left to it: editors replace them."""

    def __init__(self, slow: BaseObserver) -> None:
        from watchdog.observers import Observer

        self.slow, self.quick = slow, Observer()

    def schedule(self, handler: FileSystemEventHandler, path: str, *, recursive: bool = False) -> ObservedWatch:
        from watchdog import events

        changes = [events.FileModifiedEvent, events.FileCreatedEvent, events.FileDeletedEvent, events.FileMovedEvent]
        if not Path(path).is_dir():
            return self.slow.schedule(handler, path, recursive=recursive)
        return self.quick.schedule(handler, path, recursive=recursive, event_filter=changes)

    def start(self) -> None:
        try:
            self.quick.start()
        except OSError:  # more folders than the system wants to watch
            slow, handlers = self.slow, self.quick._handlers
            for watch, found in handlers.items():
                for handler in found:
                    slow.schedule(handler, watch.path, recursive=watch.is_recursive)
        self.slow.start()

    def unschedule(self, watch: ObservedWatch) -> None:
        (self.slow if watch in self.slow._watches else self.quick).unschedule(watch)

    def stop(self) -> None:
        for observer in (self.quick, self.slow):
            observer.stop()

    def join(self) -> None:
        for observer in (self.quick, self.slow):
            if observer.is_alive():
                observer.join()
