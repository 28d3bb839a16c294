"""The one door: what a server does with its connection makes no difference to the reply."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from kbtool.engines.egress import Door


@pytest.mark.parametrize("head", ["HTTP/1.0 200 OK", "HTTP/1.1 200 OK\r\nConnection: close"])
def test_a_body_that_comes_after_its_head_on_a_closing_connection_is_read(head: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(65536)
                line.sendall(f"{head}\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n".encode())
                time.sleep(0.1)
                line.sendall(b"hello")

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        assert Door("test", address, timeout=5).get(address).text() == "hello"
        thread.join()
