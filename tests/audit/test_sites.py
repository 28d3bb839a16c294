"""The audit of a whole site: what it finds, what it lets pass, how it says so."""

from __future__ import annotations

import gzip
import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from kbtool.checks.audit import audit, run
from kbtool.core.errors import KbError
from kbtool.core.model import Finding
from tests.audit.base import FILES, RULES, lay_out
from tests.audit.conftest import Built


@pytest.fixture
def site(built: Built, tmp_path: Path) -> Path:
    """A copy of the customers' edition, to spoil."""
    return shutil.copytree(built.customers, tmp_path / "site")


def found(built: Built, site: Path) -> list[Finding]:
    return audit(site, root=built.root, rules=RULES, edition_audience="public")


def test_the_customers_edition_is_clean(built: Built) -> None:
    report = run(built.customers, root=built.root, rules=RULES, edition_audience="public")
    assert list(map(str, report.findings)) == []
    assert report.files > 20
    assert report.passages > 20


def test_the_agents_edition_is_clean_for_agents_but_not_for_customers(built: Built) -> None:
    made = ("kb/dashboard.html",)
    assert audit(built.agents, root=built.root, rules=RULES, edition_audience="agent", generated=made) == []
    messages = "\n".join(map(str, found(built, built.agents)))
    assert "internal/escalation-matrix/index.html: error: no public page" in messages
    assert "from docs/orders.md:10 " in messages
    assert "from docs/internal/escalation-matrix.md:9" in messages
    assert "an e-mail address" in messages
    assert "the name of an internal page" in messages


def test_no_text_for_senior_agents_among_the_others(built: Built, site: Path) -> None:
    (site / "index.html").write_bytes((site / "index.html").read_bytes() + FILES["docs/orders.md"].encode())
    messages = [str(f) for f in audit(site, root=built.root, rules=RULES, edition_audience="agent")]
    assert any("docs/orders.md:14 " in message for message in messages), messages


def test_plain_mkdocs_leaks_and_the_audit_says_so(built: Built, tmp_path: Path) -> None:
    """What staging prevents: comments, fields in data attributes, unused definitions, internal pages."""
    for name in ("orders.md", "internal/escalation-matrix.md"):
        source = (built.root / "docs" / name).read_text("utf-8")
        page = tmp_path / name.removesuffix(".md") / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<html><body><pre>{source}</pre></body></html>", "utf-8")
    messages = "\n".join(str(f) for f in found(built, tmp_path) if f.path.startswith("orders"))
    assert "from docs/orders.md:3 “Night…”, also lines 10, 12, 14, 21, 24, 26 [leaked-text]" in messages


def test_a_finding_names_file_and_line_but_hardly_any_words(built: Built, site: Path) -> None:
    text = "When the payment provider fails at night, call its night desk and write down the incident number."
    page = site / "orders" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"</article>", f"\n<p>{text}</p></article>".encode()))
    [finding] = found(built, site)
    assert (finding.rule, finding.path, finding.severity) == ("leaked-text", "orders/index.html", "error")
    assert page.read_text("utf-8").split("\n")[finding.line - 1].startswith("<p>When the payment")
    assert "docs/internal/escalation-matrix.md:7 “When the payment…”" in finding.message
    assert "provider" not in finding.message


def test_canaries_are_not_printed(built: Built, site: Path) -> None:
    (site / "robots.txt").write_text("# night.desk@corp.example, OPS-4711\n")
    messages = " ".join(map(str, found(built, site)))
    assert "docs/internal/escalation-matrix.md:9" in messages
    assert "night.desk" not in messages
    assert "4711" not in messages


def test_the_layers_are_named(built: Built, site: Path) -> None:
    (site / "search" / "x.json.gz").write_bytes(gzip.compress(b'{"t": "night\\u002edesk@corp\\u002eexample"}'))
    assert "(in gzip)" in " ".join(map(str, found(built, site)))


@pytest.mark.parametrize(
    "name",
    ["guide.md~", "orders.md.orig", ".env", "backup/index.html", "kb/x.exe", "internal/index.html", "notes.docx"],
)
def test_files_that_nothing_explains(built: Built, site: Path, name: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_bytes(b"Nothing in it.")
    assert (name, "unexplained-file") in [(f.path, f.rule) for f in found(built, site)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("robots.txt", "User-agent: *"),
        ("orders/index.md", "# Orders"),
        ("de/orders/index.html", "<p>Bestellungen</p>"),
        ("old/index.html", '<meta http-equiv="refresh" content="0; url=../orders/">'),
        ("old.html", '<meta http-equiv="refresh" content="0; url=https://help.example.org/orders/">'),
    ],
)
def test_files_that_are_explained(built: Built, site: Path, name: str, text: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text(text, "utf-8")
    assert found(built, site) == []


def test_a_redirect_to_an_internal_page(built: Built, site: Path) -> None:
    (site / "old.html").write_text('<meta http-equiv="refresh" content="0; url=/internal/escalation-matrix/">')
    assert {"unexplained-file", "leaked-name"} <= {f.rule for f in found(built, site)}


def test_symbolic_links(built: Built, site: Path) -> None:
    (site / "robots.txt").symlink_to("/etc/hostname")
    (site / "more").symlink_to("/etc")
    assert {f.path for f in found(built, site)} == {"robots.txt", "more"}


def test_a_theme_file_is_known_by_its_bytes_not_its_name(built: Built, site: Path) -> None:
    script = next((site / "assets" / "javascripts").glob("bundle.*.js"))
    script.write_bytes(script.read_bytes() + b"// night.desk@corp.example\n")
    assert [f.rule for f in found(built, site)] == ["leaked-token"]


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    body = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in body
    )


PIXELS = (b"IDAT", zlib.compress(b"\0\x10\x20\x30"))
OTHER = (b"IDAT", zlib.compress(b"\0\x40\x50\x60"))


@pytest.fixture
def with_images(tmp_path: Path) -> Path:
    root = lay_out(tmp_path / "kb")
    (root / "docs" / "map.png").write_bytes(png((b"tEXt", b"Author\0Carla of the warehouse team"), PIXELS))
    (root / "docs" / "desk.png").write_bytes(png((b"tEXt", b"Author\0nobody"), OTHER))
    for name, image in (("orders", "map"), ("internal/escalation-matrix", "desk")):
        page = root / "docs" / f"{name}.md"
        up = "../" * name.count("/")
        page.write_text(page.read_text("utf-8") + f"\n![A map]({up}{image}.png)\n", "utf-8")
    return root


@pytest.mark.parametrize(
    ("name", "image", "rules"),
    [
        ("map.png", png(PIXELS), set()),
        ("map.png", png((b"tEXt", b"Author\0Carla of the warehouse team"), PIXELS), {"leaked-text"}),
        ("map.png", png(OTHER), {"leaked-asset", "unexplained-file"}),
        ("desk.png", png(OTHER), {"leaked-asset", "unexplained-file"}),
        ("assets/x.json", b'{"i": "' + png(OTHER).hex().encode() + b'"}', {"leaked-asset"}),
    ],
    ids=["stripped", "with metadata", "another picture", "an internal picture", "in hex"],
)
def test_pictures(with_images: Path, tmp_path: Path, name: str, image: bytes, rules: set[str]) -> None:
    site = tmp_path / "site"
    (site / name).parent.mkdir(parents=True)
    (site / name).write_bytes(image)
    assert {f.rule for f in audit(site, root=with_images, rules=RULES)} == rules


def test_data_that_the_settings_publish(built: Built, tmp_path: Path) -> None:
    from kbtool.checks.audit import Audiences

    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>Night desk of the provider</p>")
    rules = Audiences(rules=(*RULES.rules, ("_data/escalation.yml", "public")))
    assert [f.rule for f in audit(site, root=built.root, rules=RULES)] == ["leaked-text"]
    assert audit(site, root=built.root, rules=rules) == []


def test_there_must_be_a_site(built: Built, tmp_path: Path) -> None:
    with pytest.raises(KbError, match="no site to audit") as error:
        audit(tmp_path / "none", root=built.root, rules=RULES)
    assert re.search("kbtool build", error.value.hint or "")


@pytest.mark.parametrize(
    "settings",
    [
        "nav:\n  - index.md\n  - Money matters:\n    - money.md\n  - For the night shift only:\n    - internal/a.md\n",
        "nav: [index.md, {Money matters: [money.md]}, {For the night shift only: [internal/a.md]}]\n",
        "nav: [index.md, {Money matters: money.md},\n  {'For the night shift only': [{In: [{x: ./internal/a.md}]}]}]\n",
        "INHERIT: above.yml\n",
        "INHERIT: !ENV [KB_NO_SUCH_FILE, above.yml]\n",
    ],
    ids=["blocks", "one line", "two lines", "inherited", "inherited by the environment"],
)
def test_menu_titles_of_internal_sections_are_found_in_every_language(tmp_path: Path, settings: str) -> None:
    base, site = tmp_path / "base", tmp_path / "site"
    files = {
        "mkdocs.yml": settings,
        "above.yml": "nav: [{Money matters: money.md}, {For the night shift only: internal/a.md}]\n",
        "docs/index.md": "# Start\n\nHello.\n",
        "docs/money.md": "# Money\n\nAll about it.\n",
        "docs/internal/a.md": "# Nothing for customers\n\nReally nothing.\n",
        "translations/de/nav.yml": "# Titles\nMoney matters: Rund ums Geld\n"
        "For the night shift only: Nur für die Nachtschicht\n",
    }
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text, "utf-8")
    (site / "de").mkdir(parents=True)
    (site / "de/index.html").write_text("<p>Rund ums Geld</p>", "utf-8")
    assert audit(site, root=base, rules=RULES, locales=["de"]) == []
    (site / "de/index.html").write_text("<nav><p>Rund ums Geld</p><p>Nur für die Nachtschicht</p></nav>", "utf-8")
    (leak,) = audit(site, root=base, rules=RULES, locales=["de"])
    assert "translations/de/nav.yml:3" in str(leak)
    (site / "de/index.html").write_text("<nav>For the night shift only</nav>", "utf-8")
    assert len(audit(site, root=base, rules=RULES, locales=["de"])) == 1


def test_words_of_an_internal_section_that_lead_elsewhere_are_internal_too(tmp_path: Path) -> None:
    base, site = tmp_path / "base", tmp_path / "site"
    for name, text in {
        "base/mkdocs.yml": "nav:\n- index.md\n- Staff: [internal/a.md, {Wiki of the night shift: 'https://wiki.example.net/n'}]\n",
        "base/docs/index.md": "# Start\n",
        "base/docs/internal/a.md": "# Nothing for customers\n",
        "site/index.html": "<nav><a>Wiki of the night shift</a></nav>",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (leak,) = audit(site, root=base, rules=RULES)
    assert "mkdocs.yml:3" in str(leak)
