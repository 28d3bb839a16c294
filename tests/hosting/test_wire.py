"""Whoever answers the probe, it ends, it says so, and it talks to nobody else."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.checks.probe.disguises import disguises
from kbtool.cli.roof import run

DISGUISES = disguises()
ANSWERS = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "a status that is none": b"HTTP/1.1 two hundred\r\n\r\n",
    "less than it says": b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nshort",
    "chunks that are none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
    "more than anybody wants": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_000_000,
    "many heads": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
    "colours for a terminal": b"HTTP/1.1 200 OK\r\nServer: \x1b[31mnginx/1.22\x9b2J\r\nContent-Length: 0\r\n\r\n",
    "tags without an end": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<html <link " * 100_000,
    "packed rubbish": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8brubbish",
}


@contextmanager
def answering(said: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that gives everybody the same bytes; its port, and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(65_536))
                    try:
                        connection.sendall(said)
                    except OSError:
                        continue  # it heard enough

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=10)


@pytest.mark.parametrize("edition", ["customers", "agents"])
@pytest.mark.parametrize("name", ANSWERS)
def test_it_ends_whatever_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, edition: str
) -> None:
    with answering(ANSWERS[name]) as (port, heard):
        asked = ["probe", f"http://localhost:{port}/", "--edition", edition, "--pace", "0", "--limit", "40", "--json"]
        assert run(["-C", str(tmp_path), *asked]) in (0, 1)
        out = capsys.readouterr().out
        assert json.loads(out)["findings"]
        assert "\\u001b" not in out, "nothing that a server says colours the terminal"
        assert len(heard) <= 40


def test_it_follows_nobody_to_another_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as (elsewhere, heard):
        away = f"HTTP/1.1 302 Found\r\nLocation: http://localhost:{elsewhere}/\r\nContent-Length: 0\r\n\r\n"
        with answering(away.encode()) as (port, _):
            for edition in ("customers", "agents"):
                run(["-C", str(tmp_path), "probe", f"http://localhost:{port}/", "--edition", edition, "--pace", "0"])
        assert heard == []
    capsys.readouterr()


@settings(max_examples=25)
@given(st.lists(st.from_regex(r"[\w.~ -]{1,12}", fullmatch=True), min_size=1, max_size=4), st.booleans())
def test_a_disguise_is_one_request_for_the_same_address(parts: list[str], folder: bool) -> None:
    path = "/" + "/".join(map(quote, parts)) + ("/" if folder else "")
    for way in DISGUISES:
        raw = way.request(path, "agents.example.com")
        assert raw.endswith(b"\r\n\r\n")
        assert raw.count(b"\r\n\r\n") == 1, "one request, not two"
        target = raw.split(b"\r\n")[0].decode("latin-1").split(" ")[1]
        if way.name == "encoded letters":
            assert unquote(target) == unquote(path)
        if way.name == "letters encoded twice":
            assert unquote(unquote(target)) == unquote(path)
