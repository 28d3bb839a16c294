"""What an edition tells search engines, feed readers and language models, and what it does not."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kbtool.core.errors import UsageError
from kbtool.site.mkdocs.head import content_policy
from kbtool.site.wishes import Wishes, wishes
from tests.site.conftest import Base, run, write

SITE = "https://help.example.com/kb/"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def test_the_sitemap_lists_what_exists_with_its_languages(base: Base) -> None:
    found = {
        url.findtext("s:loc", namespaces=NAMES): {
            str(link.get("hreflang")): link.get("href") for link in url.findall("x:link", NAMES)
        }
        for url in ET.fromstring(base.read("sitemap.xml"))
    }
    assert set(found) == {
        SITE, f"{SITE}billing/refunds/", f"{SITE}de/billing/refunds/", f"{SITE}it/guide/", f"{SITE}ar/it/guide/",
        f"{SITE}es-419/it/guide/", f"{SITE}pt_BR/it/guide/",
    }  # fmt: skip
    assert found[SITE] == {}
    assert found[f"{SITE}ar/it/guide/"] == found[f"{SITE}it/guide/"] == {
        "en": f"{SITE}it/guide/", "ar": f"{SITE}ar/it/guide/", "es-419": f"{SITE}es-419/it/guide/",
        "pt-BR": f"{SITE}pt_BR/it/guide/", "x-default": f"{SITE}it/guide/",
    }  # fmt: skip
    assert not base.has("sitemap.xml", "agents")


def test_every_language_has_a_feed(base: Base) -> None:
    for locale in ("", "de/", "ar/"):
        feed = ET.fromstring(base.read(f"{locale}feed.xml"))
        assert feed.tag == "{http://www.w3.org/2005/Atom}feed"


def test_a_page_describes_itself_and_where_it_stands(base: Base) -> None:
    head = base.read("de/billing/refunds/index.html").split("</head>")[0]
    article, trail = (
        json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)
    )
    assert article["headline"] == "Eine Erstattung anfordern"
    assert article["inLanguage"] == "de"
    assert [step["item"] for step in trail["itemListElement"]] == [f"{SITE}de/", f"{SITE}de/billing/refunds/"]
    assert '<meta property="og:title" content="Eine Erstattung anfordern">' in head


def test_a_page_that_stands_in_for_a_translation_speaks_for_the_original(base: Base) -> None:
    head = base.read("ar/billing/refunds/index.html").split("</head>")[0]
    article = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)[0])
    assert (article["inLanguage"], article["url"]) == ("en", f"{SITE}billing/refunds/")
    assert f'<meta property="og:url" content="{SITE}billing/refunds/">' in head
    assert '<meta property="og:locale" content="en">' in head
    assert "text/markdown" not in head


@pytest.mark.parametrize(
    ("wish", "start"),
    [
        ('mail = "help@example.com"', "mailto:help@example.com?subject=Start%20%28en%2C%20"),
        ('issues = "https://git.example.com/new"', "https://git.example.com/new?title=Start%20%28en%2C%20"),
    ],
)
def test_without_a_form_readers_write_a_mail_or_an_issue(tmp_path: Path, wish: str, start: str) -> None:
    write(
        tmp_path,
        {
            "kbtool.toml": f"[site.feedback]\n{wish}\n",
            "mkdocs.yml": "site_name: T\nsite_url: https://help.example.com/\n",
            "docs/index.md": "# Start\n\n## Part\n",
        },
    )
    run(tmp_path, "build", "--edition", "customers", "--executor", "inline")
    page = (tmp_path / "site/customers/index.html").read_text("utf-8")
    found = re.search(r'<p class="kb-feedback">.*?href="([^"]+)"', page)
    assert found and found[1].startswith(start)
    assert found[1].endswith("&amp;body=https%3A//help.example.com/")


def test_language_models_get_only_what_somebody_stands_for(base: Base) -> None:
    listed = base.read("llms.txt")
    assert f"- [Help centre]({SITE}index.md): Where to start." in listed
    assert f"({SITE}ar/it/guide/index.md)" in listed
    assert "de/billing/refunds" not in listed, "a machine's text that nobody has reviewed"
    assert base.read("it/guide/index.md").startswith("# Italian guide")
    assert not base.has("de/billing/refunds/index.md")
    assert not base.has("llms.txt", "agents")
    assert not base.has("it/guide/index.md", "agents")


def test_dates_come_from_git_and_next_and_related_name_only_what_the_edition_holds(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "kbtool.toml": '[audience]\n"internal/**" = "agent"\n',
            "mkdocs.yml": "site_name: T\nsite_url: https://help.example.com/\n",
            "docs/index.md": (
                "---\nnext: one.md\nrelated: [internal/plan.md, one.md]\nreviewed: 2026-09-01 ana\n---\n# S\n"
            ),
            "docs/one.md": "# One\n",
            "docs/internal/plan.md": "# The plan\n",
        },
    )
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x", "--date", "2026-01-02T03:04:05"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    day = subprocess.run(["git", "log", "--format=%cs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    run(tmp_path, "build", "--edition", "customers")
    page = (tmp_path / "site/customers/index.html").read_text("utf-8")
    assert f'Last updated: <time datetime="{day.stdout.strip()}">' in page
    assert 'Last reviewed: <time datetime="2026-09-01">' in page
    assert re.search(r'Next step:</span> <a href="one/">One</a>', page)
    assert "The plan" not in page
    assert f"<lastmod>{day.stdout.strip()}</lastmod>" in (tmp_path / "site/customers/sitemap.xml").read_text("utf-8")


def test_the_policy_of_a_page_allows_its_own_scripts_and_hosts_and_no_others() -> None:
    page = (
        '<script>one()</script><script type="application/ld+json">{}</script><script src="https://a.example.com/x.js">'
        '</script><img src="https://img.example.com/y.png"><iframe src="https://video.example.com/z"></iframe>'
    )
    policy = dict(rule.split(" ", 1) for rule in content_policy(page, Wishes()).split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"].count("sha256-") == 1
    assert "unsafe" not in policy["script-src"]
    assert "https://a.example.com" in policy["script-src"]
    assert policy["img-src"] == "'self' data: https://img.example.com"
    assert policy["frame-src"] == "'self' https://video.example.com"
    assert policy["object-src"] == "'none'"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"feedbak": {}}, "did you mean 'feedback'?"),
        ({"feedback": {"endpoint": "javascript:alert(1)"}}, "site.feedback.endpoint"),
        ({"contact": {"phon": "1"}}, "did you mean 'phone'?"),
        ({"csp": "yes"}, "site.csp"),
        ({"csp_hosts": ["unpkg.com"]}, "site.csp_hosts"),
        ({"snippets": "docs"}, "site.snippets"),
    ],
)
def test_faults_in_what_readers_shall_get_are_named(table: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as stopped:
        wishes(table)
    assert words in str(stopped.value)
