"""`kbtool probe` against real web servers: silent where all is well, clear where it is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kbtool.cli.roof import run
from tests.hosting.base import COOKIE, Server, Site, free_port, nginx, oauth2_proxy

Probe = Callable[..., dict[str, Any]]
CASES = Path(__file__).parent / "cases"
CARELESS = {name: text for name, _, text in (
    part.partition("\n") for part in (CASES / "careless.conf").read_text("utf-8").split("### ")[1:]
)}  # fmt: skip


@pytest.fixture
def probe(site: Site, capsys: pytest.CaptureFixture[str]) -> Probe:
    """Run the command as its user does; gives what it says to machines."""

    def look(server: Server, *args: str, code: int = 0, url: str = "") -> dict[str, Any]:
        capsys.readouterr()
        asked = ["probe", url or server.url, "--pace", "0", "--http-port", str(server.plain_port), "--json", *args]
        ended = run(["-C", str(site.root), *asked])
        out, err = capsys.readouterr()
        assert ended == code, out + err
        found: dict[str, Any] = json.loads(out)
        return found

    return look


def rules(report: dict[str, Any], *levels: str) -> set[str]:
    return {f["rule"] for f in report["findings"] if f["level"] in (levels or ("error", "warning"))}


def test_the_shipped_recipe_with_basic_auth_passes(
    site: Site, probe: Probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KBTOOL_PROBE_USER", "ana")
    monkeypatch.setenv("KBTOOL_PROBE_PASSWORD", "tulip")
    with nginx(site, site.recipe("agents", "--auth", "basic"), tmp_path) as server:
        report = probe(server, "--edition", "agents")
        assert (report["schema"], report["edition"]) == (1, "agents")
        assert rules(report) == set()
        assert 250 < report["requests"] < 800
        monkeypatch.setenv("KBTOOL_PROBE_PASSWORD", "rose")
        assert rules(probe(server, "--edition", "agents", "--limit", "9", code=1)) == {"login", "limit"}


def test_the_shipped_recipe_with_oauth2_proxy_passes(
    site: Site, probe: Probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KBTOOL_PROBE_COOKIE", COOKIE)
    with oauth2_proxy() as proxy:
        recipe = site.recipe("agents", "--auth", "oauth2-proxy")
        with nginx(site, recipe, tmp_path, proxy=proxy) as server:
            assert rules(probe(server, "--edition", "agents")) == set()


def test_the_shipped_recipe_for_everybody_passes(site: Site, probe: Probe, tmp_path: Path) -> None:
    with nginx(site, site.recipe("customers"), tmp_path) as server:
        report = probe(server)
        assert report["edition"] == "customers"
        assert rules(report) == {"canonical"}, "the site says that it is at https://localhost/, without a port"


@pytest.mark.parametrize(
    ("name", "edition", "said"),
    [
        ("a login in a location, beside one for static files", "agents", "open"),
        ("a login for a folder of one shared site", "agents", "open"),
        ("an alias without its last slash", "customers", "hidden"),
    ],
)
def test_careless_configurations_are_seen(
    site: Site, probe: Probe, tmp_path: Path, name: str, edition: str, said: str
) -> None:
    recipe = CARELESS[name].replace("SITE", str(site.root / "site"))
    with nginx(site, recipe, tmp_path) as server:
        report = probe(server, "--edition", edition, "--limit", "180", code=1)
        assert said in rules(report, "error")
        assert {"frames", "sniffing", "referrer", "version"} <= rules(report, "warning")
        worst = next(f for f in report["findings"] if f["rule"] == said)
        assert worst["address"].startswith(server.url)
        assert worst["hint"]


CACHE = """\
proxy_cache_path FOLDER/kept keys_zone=kept:1m;
server {
    listen 443 ssl http2;
    ssl_certificate /etc/letsencrypt/live/localhost/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/localhost/privkey.pem;
    location / {
        proxy_pass http://127.0.0.1:INSIDE;
        proxy_cache kept;
        proxy_cache_valid 200 10m;
        proxy_ignore_headers Cache-Control Set-Cookie;
    }
}
server {
    listen 127.0.0.1:INSIDE;
    root SITE;
    auth_basic "agents";
    auth_basic_user_file /etc/nginx/agents.htpasswd;
    add_header Cache-Control "private, no-store" always;
}
"""


def test_a_cache_that_gives_a_page_to_the_next_person_is_seen(
    site: Site, probe: Probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KBTOOL_PROBE_USER", "ana")
    monkeypatch.setenv("KBTOOL_PROBE_PASSWORD", "tulip")
    recipe = CACHE.replace("FOLDER", str(tmp_path)).replace("INSIDE", str(free_port()))
    with nginx(site, recipe.replace("SITE", str(site.root / "site/agents")), tmp_path) as server:
        report = probe(server, "--edition", "agents", "--limit", "60", code=1)
        assert "kept" in rules(report, "error")


FAULTS = {
    "soft 404s": ("error_page 404 =200 /index.html;", {"missing"}),
    "no page for what is missing": ("error_page 404 /nowhere.html;", {"missing"}),
    "lists of files": ("autoindex on;", {"listing"}),
    "git's files": ("location /.git/ { alias GIT/; }", {"beside"}),
    "pages kept for a day": ("add_header Cache-Control 'public, max-age=86400';", {"cache"}),
    "wrong types": ("types { text/html html; } default_type application/octet-stream;", {"type"}),
    "one language for all": ("location /de/ { rewrite ^/de/(.*)$ /$1 last; }", {"language"}),
    "an old address that leads nowhere": ("location /money/ { return 404; }", {"moved"}),
    "the other edition's pictures": ("location /internal/ { root AGENTS; }", {"hidden"}),
    "nothing compressed": ("", {"compression"}),
}


@pytest.fixture(scope="module")
def faulty(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """A server for every fault, all in one nginx."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "git").mkdir()
    (folder / "git" / "HEAD").write_text("ref: refs/heads/main\n")
    servers = {name: Server(free_port(), 9) for name in FAULTS}
    text = "".join(
        f"server {{ listen 127.0.0.1:{servers[name].port}; root SITE/customers; {fault} }}\n"
        for name, (fault, _) in FAULTS.items()
    )
    text += (
        "server { listen 443 ssl http2; ssl_certificate SITE/../certificate.pem; ssl_certificate_key SITE/../key.pem; }"
    )
    for name, path in {"GIT": folder / "git", "AGENTS": site.root / "site/agents", "SITE": site.root / "site"}.items():
        text = text.replace(name, str(path))
    with nginx(site, text, folder):
        yield servers


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_a_public_site_is_named(probe: Probe, faulty: dict[str, Server], name: str) -> None:
    server, said = faulty[name], FAULTS[name][1]
    errors = {"missing", "listing", "beside", "language", "hidden"} if name != "no page for what is missing" else set()
    report = probe(
        server, "--edition", "customers", code=int(bool(said & errors)), url=f"http://localhost:{server.port}/"
    )
    assert said <= rules(report), report


def test_what_cannot_be_reached_or_trusted_is_a_finding(
    site: Site, probe: Probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Server(free_port(), 9)
    assert rules(probe(nobody, code=1), "error") == {"silence"}
    with nginx(site, site.recipe("customers"), tmp_path) as server:
        assert "limit" in rules(probe(server, "--limit", "5"))
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        report = probe(server, code=1)
        assert rules(report, "error") == {"certificate"}
        assert report["requests"] == 1, "nothing is sent to a host that cannot prove who it is"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["ftp://help.example.com/"], "no web address"),
        (["https://ana:tulip@help.example.com/"], "does not belong on the command line"),
        (["https://help.example.com/", "--edition", "nobody"], "unknown edition"),
        (["http://agents.example.com/", "--edition", "agents"], "not sent in the clear"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_sent(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    monkeypatch.setenv("KBTOOL_PROBE_USER", "ana")
    assert run(["-C", str(site.root), "probe", *args]) == 2
    assert said in capsys.readouterr().err


def test_it_needs_no_knowledge_base(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    recipe = CARELESS["a login for a folder of one shared site"].replace("SITE", str(site.root / "site"))
    with nginx(site, recipe, tmp_path) as server:
        asked = ["probe", server.url, "--edition", "agents", "--pace", "0", "--http-port", "9", "--limit", "99"]
        assert run(["-C", str(tmp_path / "empty"), *asked]) == 1
    out = capsys.readouterr().out
    assert "error: anybody can read this without a login" in out
    assert "search/index.json" in out
