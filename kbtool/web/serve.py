"""The reviewer's page on this machine, until it is interrupted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

from kbtool.commands.desk import Desk
from kbtool.core.errors import KbError


def serve(desk: Desk, *, port: int, tell: Callable[[str], None], browser: bool) -> None:
    """Serve a desk on 127.0.0.1; port 0 takes a free one.

    Raises KbError where the port is taken.
    """
    import uvicorn

    from kbtool.web.app import app
    from kbtool.web.doors import Doors

    with _bound(port) as listening:
        doors = Doors(app(desk), listening.getsockname()[1])
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/?token={doors.ticket}"
        tell(f"{address}\nOnly you can open this address. Ctrl+C ends the review; every step is already written.")
        if browser:
            _open(address)
        config = uvicorn.Config(
            doors, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False,
            proxy_headers=False, h11_max_incomplete_event_size=64 * 1024, timeout_graceful_shutdown=2,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    tell("Stopped.")


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise KbError(
            f"port {port} cannot be used: {error.strerror}", hint="another one: --port N, or none for a free one"
        ) from None
    listening.listen()
    return listening


def _open(address: str) -> None:
    """In the reviewer's browser, where there is one; its first request waits until the server answers."""
    import webbrowser

    webbrowser.open(address)
