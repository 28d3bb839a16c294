"""What writers do, and what it costs until the site shows it."""

from __future__ import annotations

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from corpus import SECTION, Article, articles
from measure import Cost, run, seconds
from tools import Tool

#: what is edited: the least first; a title stands in the menu of every page
KINDS = ("translation", "original", "title")
_numbers = count(1)


def cold(tool: Tool, log: Path, rounds: int, *options: str) -> Cost:
    """Build from nothing."""
    found = []
    for _ in range(rounds):
        tool.forget()
        found.append(run((*tool.command, *options), tool.root, log))
    return best(found)


def nothing(tool: Tool, log: Path, rounds: int) -> Cost:
    """Build again what has just been built."""
    return best([run(tool.command, tool.root, log) for _ in range(rounds)])


def edited(tool: Tool, kind: str, articles_: int, log: Path, rounds: int) -> Cost:
    """Build after one edit; another article is edited each time, and its page must show it."""
    found = []
    for _ in range(rounds):
        word, page = edit(tool, kind, articles_)
        found.append(run(tool.command, tool.root, log))
        if word not in page.read_text("utf-8"):
            sys.exit(f"{tool.name} did not build what was edited: {word} is not in {page}")
    return best(found)


def best(costs: list[Cost]) -> Cost:
    first, *others = costs
    for other in others:
        first = first.best(other)
    return first


def edit(tool: Tool, kind: str, articles_: int) -> tuple[str, Path]:
    """Put a new word into an article; gives the word and the page that will show it."""
    number = next(_numbers)
    article = _article(articles_, number)
    locale = "de" if kind == "translation" else "en"
    word = f"zorilla{number}"
    file = tool.source(locale, article)
    text = file.read_text("utf-8")
    if kind == "title":
        text = text.replace("\n# ", f"\n# {word.capitalize()} ", 1)
        word = word.capitalize()
    else:
        text = f"{text.rstrip()} Mis {word} stel.\n"
    file.write_text(text, "utf-8")
    return word, tool.page(locale, article)


def _article(articles_: int, number: int) -> Article:
    """Here and there in the help centre, and no section's start page."""
    place = number * 37 % articles_
    return articles(articles_)[place + (2 if place % SECTION < 2 and place + 2 < articles_ else 0)]


def served(tool: Tool, locales: int, articles_: int, log: Path, rounds: int) -> dict[str, Cost]:
    """From saving the file until the preview answers with the new words; memory is not looked at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kbtool", "serve", "--edition", "customers", "--port", str(port)]
    with log.open("wb") as said:
        server = subprocess.Popen(command, cwd=tool.root, stdout=said, stderr=subprocess.STDOUT)
        try:
            _until(port, "/", "</html>", server, patience=3600)
            return {
                f"serve {kind}": best([_shown(tool, kind, articles_, port, server) for _ in range(rounds)])
                for kind in kinds(locales)
            }
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def kinds(locales: int) -> Iterator[str]:
    return (kind for kind in KINDS if locales > 1 or kind != "translation")


def _shown(tool: Tool, kind: str, articles_: int, port: int, server: subprocess.Popen[bytes]) -> Cost:
    time.sleep(3)  # until the last rebuild is over, and a writer has read it
    spent, start = seconds(server.pid), time.monotonic()
    word, page = edit(tool, kind, articles_)
    _until(port, f"/{page.parent.relative_to(tool.site).as_posix()}/", word, server, patience=1800)
    return Cost(seconds(server.pid) - spent, time.monotonic() - start, 0, 0)


def _until(port: int, address: str, word: str, server: subprocess.Popen[bytes], *, patience: float) -> None:
    """Ask for a page until it shows a word."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit("kbtool serve has ended")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", address)
            if word in connection.getresponse().read().decode():
                return
        except OSError:
            pass  # not listening yet
        finally:
            connection.close()
        time.sleep(0.02)
    sys.exit(f"{word} has not come to {address}")


def same_as_clean(tool: Tool, log: Path) -> tuple[int, list[str]]:
    """How many files the site has, and which of them a build from nothing makes otherwise, or not at all."""
    before = tool.root / "site-before"
    shutil.rmtree(before, ignore_errors=True)
    tool.site.rename(before)
    tool.forget()
    run(tool.command, tool.root, log)
    ours, clean = (
        {f.relative_to(at).as_posix(): f for f in at.rglob("*") if f.is_file()} for at in (before, tool.site)
    )
    differing = sorted(ours.keys() ^ clean.keys())
    differing += [name for name in sorted(ours.keys() & clean.keys()) if _differ(ours[name], clean[name])]
    shutil.rmtree(before)
    return len(clean), differing


def _differ(a: Path, b: Path) -> bool:
    return a.read_bytes() != b.read_bytes()
