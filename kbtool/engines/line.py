"""A line to one host on which all waiting, taken together, ends at a deadline."""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
import time
from typing import Any


class Line:
    """A socket all of whose waiting, taken together, ends at `deadline`."""

    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner = inner
        self.deadline = deadline
        self._readers = 0
        self._closed = False

    def _arm(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._inner.settimeout(left)

    def sendall(self, data: bytes) -> None:
        self._arm()  # the timeout of sendall is for all of it
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Bytes(self))

    def release(self) -> None:
        """A reader is done."""
        self._readers -= 1
        self._hang_up()

    def receive_into(self, buffer: Any) -> int:
        self._arm()
        return self._inner.recv_into(buffer)

    def is_stale(self) -> bool:
        """Whether the other side has closed it, or speaks without being asked."""
        readable, _, _ = select.select([self._inner], [], [], 0)
        return bool(readable)

    def close(self) -> None:
        # http.client closes the connection of a reply that is the last one before that reply has been read.
        self._closed = True
        self._hang_up()

    def _hang_up(self) -> None:
        if self._closed and self._readers <= 0:
            self._inner.close()


class _Bytes(io.RawIOBase):
    def __init__(self, source: Line) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._source.release()


class Connection(http.client.HTTPConnection):
    """A connection over a socket of ours; it never opens another on its own."""

    auto_open = 0

    def __init__(self, host: str, port: int, line: Line) -> None:
        super().__init__(host, port)
        self.line = line
        self.sock: Any = line


def connect(origin: tuple[str, str, int], deadline: float) -> Connection:
    """A connection to (scheme, host, port), open by `deadline` of the monotonic clock.

    Raises OSError (TimeoutError and ssl.SSLError among them) where there is none.
    """
    scheme, host, port = origin
    inner = socket.create_connection((host, port), timeout=max(0.001, deadline - time.monotonic()))
    try:
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if scheme == "https":
            inner.settimeout(max(0.001, deadline - time.monotonic()))
            inner = ssl.create_default_context().wrap_socket(inner, server_hostname=host)
    except BaseException:
        inner.close()
        raise
    return Connection(host, port, Line(inner, deadline))
