"""A small knowledge base under review, and its page on loopback."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from kbtool.commands.desk import Desk
from kbtool.project import Project
from kbtool.web.serve import bound, made
from tests.workflow.small_base import REFUNDS, Base, as_ana

SETTINGS = """\
source = "en"
locales = ["de", "ar"]
engine = "pseudo"
"""
MORE = """
Write to **billing** at [our form](https://example.org/form) and give your `order id`.

![A receipt](receipt.svg)
"""
START = """\
---
title: Start here
---

Welcome to the help centre of Acme.
"""
GLOSSARY = """\
term,translation,never-translate,forbidden,note
account number,Kontonummer,,Nummer des Kontos,
Acme,,yes,,
"""
GERMAN = "Erstattungen brauchen drei Tage."


@pytest.fixture(scope="session", autouse=True)
def ana() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        as_ana(patch)
        yield


def silent() -> tuple[str, str]:
    """What commands print while a knowledge base is made interests nobody."""
    return "", ""


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory, ana: None) -> Path:
    """German is approved; two segments of its refund article are out of date, with a proposal beside them."""
    found = Base(tmp_path_factory.mktemp("review") / "kb", silent)
    found.write("kbtool.toml", SETTINGS)
    found.write("mkdocs.yml", "site_name: Help\n")
    found.write(".gitignore", ".kbtool/\n")
    found.write("docs/refunds.md", REFUNDS + MORE)
    found.write("docs/start.md", START)
    found.write("docs/receipt.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    found.write("translations/de/glossary.csv", GLOSSARY)
    found.begin()
    found.kbtool("translate")
    german = found.read("translations/de/refunds.md")
    old = next(line for line in german.splitlines() if line.startswith("Ŕéƒúńďś ťáķé"))
    found.write("translations/de/refunds.md", german.replace(old, GERMAN))
    found.kbtool("approve", "de", "refunds.md", "--by", "ben")
    found.commit("translated and approved")
    found.edit("docs/refunds.md", "three days", "two days")
    found.edit("docs/refunds.md", "Bank transfers need", "Bank transfers abroad need")
    found.kbtool("translate", "--to", "de")
    found.commit("the original has changed")
    return found.root


@pytest.fixture
def base(grown: Path, tmp_path: Path) -> Base:
    """A copy of `grown` to write in."""
    return Base(Path(shutil.copytree(grown, tmp_path / "kb")), silent)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes


@dataclass
class Web:
    """The page's server, asked as a browser would ask it, or as an attacker."""

    address: str  #: with the ticket
    desk: Desk
    cookie: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def root(self) -> str:
        return f"http://{self.host}"

    def raw(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Reply:
        """Exactly this request; `Host` is given only if it is among the headers."""
        with closing(http.client.HTTPConnection(self.host, timeout=20)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {**headers, "Connection": "close"}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            with connection.getresponse() as found:
                return Reply(found.status, found.headers, found.read())

    def own(self, **changed: str | None) -> dict[str, str]:
        """The header fields that the page itself sends, some of them changed or (None) left out."""
        fields: dict[str, str | None] = {
            "Host": self.host, "Cookie": self.cookie, "Origin": self.root, "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
        }  # fmt: skip
        fields |= {name.replace("_", "-"): value for name, value in changed.items()}
        return {name: value for name, value in fields.items() if value is not None}

    def enter(self) -> Reply:
        found = self.raw("GET", "/?" + urlsplit(self.address).query, {"Host": self.host})
        self.cookie = str(found.headers["Set-Cookie"]).partition(";")[0]
        return found

    def look(self, name: str, *, status: int = 200, **values: str) -> Any:
        reply = self.raw("GET", f"/api/{name}?{urlencode(values)}", self.own())
        assert reply.status == status, reply.body
        return json.loads(reply.body)

    def act(self, name: str, *, status: int = 200, **values: Any) -> Any:
        body = json.dumps(values).encode()
        reply = self.raw("POST", f"/api/{name}", {**self.own(), "Content-Length": str(len(body))}, body)
        assert reply.status == status, reply.body
        return json.loads(reply.body)

    def segment(self, number: int, path: str = "refunds.md", locale: str = "de") -> dict[str, Any]:
        sheet = self.look("sheet", path=path, locale=locale, all="1")
        return next(each for each in sheet["segments"] if each["number"] == number)

    def step(self, number: int, *, status: int = 200, **wish: Any) -> Any:
        """A step on a segment of the German refund article as it is now."""
        given = {"path": "refunds.md", "locale": "de", "number": number, **wish}
        return self.act("step", status=status, **{"mark": self.segment(number)["mark"], **given})


@contextmanager
def opened(root: Path, *, by: str = "ana", patience: float = 5.0) -> Iterator[Web]:
    """The reviewer's page of a knowledge base."""
    desk = Desk(Project.at(root), (), (), by, patience=patience)
    with bound(0) as listening:
        server, address = made(desk, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Web(address, desk)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def web(base: Base) -> Iterator[Web]:
    """The page, and somebody who came in."""
    with opened(base.root) as found:
        found.enter()
        yield found
