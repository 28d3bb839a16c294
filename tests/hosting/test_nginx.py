"""The shipped nginx recipes: nobody gets a word without a login, and everything works with one."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kbtool.checks.probe.disguises import disguises, read
from tests.browser import chromium
from tests.hosting.base import COOKIE, SECRET, Server, Site, answer, nginx, oauth2_proxy
from tests.site.conftest import run

CASES = Path(__file__).parent / "cases"
HOSTILE = [*disguises(), *read((CASES / "hostile.txt").read_text("utf-8"))]
BASIC = "Authorization: Basic " + base64.b64encode(b"ana:tulip").decode()
WANTED = ["/internal/escalation/", "/search/index.json", "/internal/map.png"]
LOGINS = {"basic": BASIC, "oauth2-proxy": f"Cookie: {COOKIE}"}


def leaks(site: Site, server: Server, paths: list[str]) -> Iterator[str]:
    """The hostile requests whose answer holds anything of the site."""
    for path in paths:
        for hostile in HOSTILE:
            said = server.send(hostile.request(path, f"localhost:{server.port}"))
            if said and site.is_leak(answer(said, hostile.method).body):
                yield f"{path}: {hostile.name}"


@contextmanager
def agents(site: Site, login: str, folder: Path) -> Iterator[Server]:
    with oauth2_proxy() as proxy, nginx(site, site.recipe("agents", "--auth", login), folder, proxy=proxy) as server:
        yield server


@pytest.mark.parametrize("login", LOGINS)
def test_no_hostile_request_gets_a_word_without_a_login(site: Site, login: str, tmp_path: Path) -> None:
    assert len(HOSTILE) >= 80
    with agents(site, login, tmp_path) as server:
        assert list(leaks(site, server, WANTED)) == []
        every = [f"/{name}" for name in site.files if not name.startswith("assets/")]
        assert [path for path in every if site.is_leak(server.get(path).body)] == []


@pytest.mark.parametrize("login", LOGINS)
def test_with_a_login_everything_works(site: Site, login: str, tmp_path: Path) -> None:
    with agents(site, login, tmp_path) as server:
        for name, data in site.files.items():
            if not name.endswith("404.html") and "/lunr/" not in name:
                got = server.get(f"/{name}", LOGINS[login])
                assert (got.status, got.body) == (200, data), name
                assert got.headers["content-type"] != "application/octet-stream", name
        for folder, words in {"": b'lang="en"', "de/": b'lang="de"'}.items():
            missing = server.get(f"/{folder}no/such/page/", LOGINS[login])
            assert missing.status == 404
            assert words in missing.body
        hidden = server.get("/.git/config", LOGINS[login])
        assert hidden.status == 404


@pytest.mark.parametrize("login", LOGINS)
def test_nothing_internal_is_kept_by_a_cache_and_nobody_frames_it(site: Site, login: str, tmp_path: Path) -> None:
    bundle = next(f"/{n}" for n in site.files if re.search(r"bundle\.[0-9a-f]+\.min\.js$", n))
    with agents(site, login, tmp_path) as server:
        for path in ("/", "/search/index.json", "/internal/map.png", "/no/such/page/"):
            for headers in ((), (LOGINS[login],)):
                got = server.get(path, *headers).headers
                assert got["cache-control"] == "private, no-store", (path, got)
                assert "frame-ancestors 'none'" in got["content-security-policy"]
                assert got["x-content-type-options"] == "nosniff"
                assert got["referrer-policy"] == "same-origin"
                assert "noindex" in got["x-robots-tag"]
                assert not re.search(r"\d", got["server"]), "the version is nobody's business"
        assert "immutable" in server.get(bundle, LOGINS[login]).headers["cache-control"]
        assert server.get(bundle).headers["cache-control"] == "private, no-store", "a kept login page locks people out"


def test_people_are_sent_to_the_login_and_back_to_the_page_they_wanted(site: Site, tmp_path: Path) -> None:
    with agents(site, "oauth2-proxy", tmp_path) as server:
        sent = server.get("/de/internal/escalation/?print=1")
        assert sent.status == 302
        assert sent.headers["location"] == "/oauth2/start?rd=/de/internal/escalation/?print=1"
        start = server.get(sent.headers["location"])
        assert start.headers["location"].endswith("state=/de/internal/escalation/?print=1")
        assert server.get("/oauth2/auth").status in (401, 302, 404), "only nginx itself may ask"


def test_without_oauth2_proxy_nobody_gets_in(site: Site, tmp_path: Path) -> None:
    with nginx(site, site.recipe("agents", "--auth", "oauth2-proxy"), tmp_path, proxy=9) as server:
        assert list(leaks(site, server, WANTED[:1])) == []
        assert server.get("/", LOGINS["oauth2-proxy"]).status == 500


def test_links_out_of_the_site_are_not_followed(site: Site, tmp_path: Path) -> None:
    link = site.root / "site" / "agents" / "leak.toml"
    link.symlink_to(site.root / "kbtool.toml")
    # the folder itself may be a link: so a new build takes the place of the old one at once
    (tmp_path / "current").symlink_to(site.root / "site" / "agents")
    recipe = site.recipe("agents", "--auth", "basic", "--root", str(tmp_path / "current"))
    try:
        with nginx(site, recipe, tmp_path) as server:
            assert server.get("/", BASIC).status == 200
            got = server.get("/leak.toml", BASIC)
            assert got.status == 404
            assert b"[audience]" not in got.body
    finally:
        link.unlink()


CARELESS = {name: text for name, _, text in (
    part.partition("\n") for part in (CASES / "careless.conf").read_text("utf-8").split("### ")[1:]
)}  # fmt: skip


@pytest.mark.parametrize("name", CARELESS)
def test_careless_configurations_leak_so_this_test_can_see_a_leak(site: Site, name: str, tmp_path: Path) -> None:
    recipe = CARELESS[name].replace("SITE", str(site.root / "site"))
    with nginx(site, recipe, tmp_path) as server:
        found = leaks(site, server, ["/search/index.json", "/agents/internal/escalation/"])
        assert next(found, None), "what leaks must be seen to leak"


def test_everybody_may_read_the_customers_edition(site: Site, tmp_path: Path) -> None:
    with nginx(site, site.recipe("customers"), tmp_path) as server:
        start = server.get("/")
        assert (start.status, start.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert start.headers["cache-control"] == "no-cache"
        assert "frame-ancestors 'self'" in start.headers["content-security-policy"]
        for path, kind in {
            "/index.md": "text/markdown; charset=utf-8", "/llms.txt": "text/plain; charset=utf-8",
            "/sitemap.xml": "text/xml; charset=utf-8", "/feed.xml": "text/xml; charset=utf-8",
            "/search/index.json": "application/json; charset=utf-8", "/billing/form.png": "image/png",
            "/kb/kbtool.css": "text/css; charset=utf-8", "/kb/kbtool.js": "application/javascript; charset=utf-8",
        }.items():  # fmt: skip
            got = server.get(path)
            assert (got.status, got.headers["content-type"]) == (200, kind), path
        for folder, language in {"": b'lang="en"', "de/": b'lang="de"'}.items():
            missing = server.get(f"/{folder}no-such-page/")
            assert missing.status == 404
            assert language in missing.body
        assert server.get("/assets/").status == 404, "a folder without a page is no list of files"
        small = server.get("/", "Accept-Encoding: gzip")
        assert small.headers["content-encoding"] == "gzip"
        assert gzip.decompress(small.body) == start.body
        assert b"billing/refunds" in server.get("/money/old/").body
        assert server.get("/billing", "Accept: */*").headers["location"] == "/billing/"


def test_nothing_of_the_neighbour_is_reached_from_the_customers_edition(site: Site, tmp_path: Path) -> None:
    with nginx(site, site.recipe("customers"), tmp_path) as server:
        for path in ("/internal/escalation/", "/agents/internal/escalation/"):
            for hostile in HOSTILE:
                got = answer(server.send(hostile.request(path, "localhost")), hostile.method)
                assert SECRET.encode() not in got.body.lower(), hostile.name


def test_plain_http_only_points_to_https(site: Site, tmp_path: Path) -> None:
    with agents(site, "basic", tmp_path) as server:
        got = server.get("/internal/escalation/?a=b", BASIC, plain=True)
        assert (got.status, got.headers["location"]) == (301, "https://localhost/internal/escalation/?a=b")
        assert server.get("/.well-known/acme-challenge/../../internal/escalation/", plain=True).status in (301, 404)


def test_a_site_in_a_folder_of_its_host(site: Site, tmp_path: Path) -> None:
    settings = site.root / "kbtool.toml"
    before = settings.read_text()
    settings.write_text(before.replace('customers = "https://localhost/"', 'customers = "https://localhost/help/"'))
    try:
        recipe = run(site.root, "hosting", "nginx", "--root", str(tmp_path / "srv")).stdout
    finally:
        settings.write_text(before)
    (tmp_path / "srv").mkdir()
    (site.root / "site" / "customers").rename(tmp_path / "srv" / "help")
    try:
        with nginx(site, recipe, tmp_path) as server:
            assert server.get("/").headers["location"] == "/help/"
            assert server.get("/help/de/").status == 200
            assert b'lang="de"' in server.get("/help/de/no-such-page/").body
    finally:
        (tmp_path / "srv" / "help").rename(site.root / "site" / "customers")


def test_agents_search_in_a_browser_behind_the_login(site: Site, tmp_path: Path) -> None:
    login: Any = {"username": "ana", "password": "tulip"}
    with agents(site, "basic", tmp_path) as server, chromium() as browser:
        page = browser.new_page(http_credentials=login, ignore_https_errors=True)
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(f"{server.url}de/")
        page.keyboard.press("/")
        page.keyboard.type(SECRET)
        page.locator(".kb-search .kb-hit").first.wait_for()
        assert page.goto(f"{server.url}de/no-such-page/") is not None
        assert page.locator("html").get_attribute("lang") == "de"
        assert [text for text in refused if "404" not in text] == []
