"""The reviewer's page lets in the person who started it, and nobody else."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kbtool.web.doors import LARGEST
from tests.web.conftest import Web, opened, silent
from tests.workflow.small_base import Base


@pytest.fixture(scope="module")
def web(grown: Path) -> Iterator[Web]:
    """One page for all: behind closed doors nothing is written."""
    with opened(grown) as found:
        found.enter()
        yield found


@pytest.fixture
def base(grown: Path) -> Base:
    return Base(grown, silent)


def test_the_ticket_is_changed_for_a_cookie_and_leaves_the_address(web: Web) -> None:
    reply = web.enter()
    assert reply.status == 303
    assert reply.headers["Location"] == "/"
    cookie = str(reply.headers["Set-Cookie"])
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert web.address.partition("token=")[2] not in cookie
    page = web.raw("GET", "/", web.own())
    assert page.status == 200
    assert b"review.js" in page.body


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=guess", "/api/desk", "/static/review.js", "/static/x"])
@pytest.mark.parametrize("cookie", [None, "kbtool-1=x", "{name}=guess", 'x="; {name}=guess'])
def test_without_the_ticket_nothing_is_shown(web: Web, path: str, cookie: str | None) -> None:
    name = web.cookie.partition("=")[0]
    reply = web.raw("GET", path, web.own(Cookie=cookie.format(name=name) if cookie else None))
    assert reply.status == 403
    assert b"terminal" in reply.body


HOSTS = ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}.evil.example",
         "[::1]:{port}", "0.0.0.0:{port}", "LOCALHOST.evil.example:{port}", ""]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_a_name_that_was_bound_to_this_machine_serves_nothing(web: Web, host: str) -> None:
    port = web.host.partition(":")[2]
    reply = web.raw("GET", "/api/desk", web.own(Host=host.format(port=port)))
    assert reply.status in (400, 421)
    assert b"queue" not in reply.body


FOREIGN: list[tuple[dict[str, str | None], int]] = [
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://127.0.0.1:1"}, 403),
    ({"Origin": "https://{host}"}, 403),
    ({"Origin": None}, 403),
    ({"Sec_Fetch_Site": "cross-site"}, 403),
    ({"Sec_Fetch_Site": "same-site"}, 403),
    ({"Content_Type": "text/plain"}, 415),
    ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content_Type": None}, 415),
    ({"Cookie": None}, 403),
]


@pytest.mark.parametrize(("changed", "status"), FOREIGN)
def test_another_website_can_do_nothing(web: Web, base: Base, changed: dict[str, str | None], status: int) -> None:
    before = base.read("translations/de/refunds.ledger.yml")
    fields = {name: value.format(host=web.host) if value else value for name, value in changed.items()}
    body = b'{"path":"refunds.md","locale":"de","number":3,"verdict":"accept"}'
    reply = web.raw("POST", "/api/step", web.own(**fields, Content_Length=str(len(body))), body)
    assert reply.status == status
    assert base.read("translations/de/refunds.ledger.yml") == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_website_can_read_nothing(web: Web, site: str) -> None:
    assert web.raw("GET", "/api/desk", web.own(Sec_Fetch_Site=site)).status == 403
    assert web.raw("GET", "/api/desk", web.own(Origin="http://evil.example")).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_not_known(web: Web, method: str) -> None:
    assert web.raw(method, "/api/desk", web.own()).status == 405


def test_a_body_has_an_end(web: Web) -> None:
    told = web.raw("POST", "/api/try", web.own(Content_Length=str(LARGEST + 1)))
    assert told.status == 413
    chunk = b"%x\r\n%s\r\n" % (LARGEST, b" " * LARGEST)
    untold = web.raw("POST", "/api/try", web.own(Transfer_Encoding="chunked"), chunk * 2 + b"0\r\n\r\n")
    assert untold.status == 413


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd",
     "/static/preview.css%00", "/static/review.html", "/docs/refunds.md", "//etc/passwd", "/api/../../kbtool.toml"],
)  # fmt: skip
def test_only_files_that_are_known_are_served(web: Web, path: str) -> None:
    reply = web.raw("GET", path, web.own())
    assert reply.status in (400, 404)
    assert b"root:" not in reply.body


NOWHERE = [
    ("de", "../kbtool.toml"), ("de", "../../../../../../etc/passwd"), ("de", "/etc/passwd"), ("de", "docs/refunds.md"),
    ("de", "./refunds.md"), ("de", "refunds.md\0"), ("de", ""), ("..", "refunds.md"), ("../docs", "refunds.md"),
    ("en", "refunds.md"), ("", "refunds.md"), ("de", "REFUNDS.MD"), ("de", "_/x.md"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "path"), NOWHERE)
@pytest.mark.parametrize("name", ["sheet", "pulse", "preview"])
def test_what_a_browser_says_never_becomes_a_file_name(web: Web, name: str, locale: str, path: str) -> None:
    assert "no such translation" in web.look(name, status=422, locale=locale, path=path)["error"]


@pytest.mark.parametrize(("locale", "path"), NOWHERE)
def test_nothing_is_written_elsewhere(web: Web, base: Base, locale: str, path: str) -> None:
    before = sorted(base.root.rglob("*"))
    wish = {"number": 1, "mark": "", "text": "Hacked", "verdict": "", "locale": locale, "path": path}
    assert "no such translation" in web.act("step", status=422, **wish)["error"]
    assert sorted(base.root.rglob("*")) == before


@pytest.mark.parametrize("body", ["[]", "1", "{", '{"path": 3, "locale": []}', '"x"', "[" * 5000, "", "\ud800"])
def test_other_bodies_are_refused(web: Web, body: str) -> None:
    raw = body.encode("utf-8", "surrogatepass")
    for name in ("try", "step"):
        reply = web.raw("POST", f"/api/{name}", web.own(Content_Length=str(len(raw))), raw)
        assert reply.status == 422
        assert reply.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("number", [0, -1, 99, "3x", None, 1.5, 10**30])
def test_numbers_of_no_segment_are_refused(web: Web, number: Any) -> None:
    assert web.act("try", status=422, path="start.md", locale="de", number=number, text="x")


def test_an_unknown_verdict_is_refused(web: Web, base: Base) -> None:
    before = base.read("translations/de/refunds.ledger.yml")
    assert "unknown verdict" in web.step(3, status=422, verdict="__class__")["error"]
    assert base.read("translations/de/refunds.ledger.yml") == before


def test_every_answer_carries_the_policies(web: Web) -> None:
    replies = [web.raw("GET", path, web.own()) for path in ("/", "/static/review.js", "/api/desk", "/nowhere")]
    replies.append(web.raw("GET", "/", {"Host": "evil.example"}))
    for reply in replies:
        policy = str(reply.headers["Content-Security-Policy"])
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Server"] is None


@pytest.mark.parametrize(
    ("accept", "language"),
    [("de-AT,de;q=0.9", "de"), ("ar", "ar"), ("fr, es;q=0.4, ja;q=0.6", "ja"), ("", "en"), ("<script>", "en"),
     ("de;q=0, en", "en"), ("de;q=x", "en")],
)  # fmt: skip
def test_the_page_speaks_the_reviewers_language(web: Web, accept: str, language: str) -> None:
    page = web.raw("GET", "/", web.own(Accept_Language=accept)).body.decode()
    found = re.search(r'<html lang="(\w+)" dir="(\w+)"', page)
    assert found and found[1] == language
    assert found[2] == ("rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize("args", [["--web", "--json"], ["--web", "--limit", "3"], ["--by", "ana"], ["--port", "8123"]])
def test_options_that_do_not_go_together_are_told(base: Base, args: list[str]) -> None:
    base.kbtool("review", *args, code=2)


def test_a_port_that_is_taken_is_told(base: Base, web: Web) -> None:
    base.kbtool("review", "--web", "--no-browser", "--by", "ana", "--port", web.host.partition(":")[2], code=1)


@pytest.mark.parametrize("name", ["", "a  b", "2026-01-01"])
def test_a_name_that_no_ledger_can_keep_is_refused_at_once(base: Base, name: str) -> None:
    base.kbtool("review", "--web", "--no-browser", "--by", name or " ", code=2)


def test_the_command_serves_until_it_is_interrupted(base: Base) -> None:
    args = [sys.executable, "-m", "kbtool", "-C", str(base.root), "review", "--web", "--no-browser", "--by", "ana"]
    with subprocess.Popen(args, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent) as running:
        assert running.stderr is not None
        address = running.stderr.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=\S{40,}", address)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(address) as reply:
            assert reply.url == address.partition("?")[0]
            assert b"review.js" in reply.read()
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
    assert running.returncode == 0
    assert said.endswith("Stopped.\n")
