"""The reviewer's page on this machine, until it is interrupted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from kbtool.commands.desk import Desk
from kbtool.core.errors import KbError

if TYPE_CHECKING:
    import uvicorn


def serve(desk: Desk, *, port: int, tell: Callable[[str], None], browser: bool) -> None:
    """Serve a desk on 127.0.0.1; port 0 takes a free one.

    Raises KbError where the port is taken.
    """
    with bound(port) as listening:
        server, address = made(desk, listening)
        tell(f"{address}\nOnly you can open this address. Ctrl+C ends the review; every step is already written.")
        if browser:
            _open(address)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    tell("Stopped.")


def bound(port: int) -> socket.socket:
    """A socket that already listens, so that a browser may come before the server is ready."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise KbError(
            f"port {port} cannot be used: {error.strerror}", hint="another one: --port N, or none for a free one"
        ) from None
    return listening


def made(desk: Desk, listening: socket.socket) -> tuple[uvicorn.Server, str]:
    """The server for a socket, and the address that opens its doors."""
    import uvicorn

    from kbtool.web.app import app
    from kbtool.web.doors import Doors

    port = listening.getsockname()[1]
    doors = Doors(app(desk), port)
    config = uvicorn.Config(
        doors, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False,
        proxy_headers=False, h11_max_incomplete_event_size=64 * 1024, timeout_graceful_shutdown=2,
    )  # fmt: skip
    return uvicorn.Server(config), f"http://127.0.0.1:{port}/?token={doors.ticket}"


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
