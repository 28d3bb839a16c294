"""Pages that kbtool writes itself: the articles by tag, and what changed last."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from kbtool.project import Project
from kbtool.site import dates
from kbtool.site.stage.stage import compose
from tests.site.conftest import SECRET, Base, write

TODAY = date(2026, 11, 22)


def by_tag(page: str) -> dict[str, list[tuple[str, str]]]:
    """A page of tags: tag → its articles' addresses and titles."""
    body = page.partition('<div class="kb-list">')[2].partition("</div>")[0]
    parts = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>\n<ul>(.*?)</ul>', body, re.S)
    return {f"{title} #{at}": re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', items) for at, title, items in parts}


def test_every_language_has_the_articles_by_tag(base: Base) -> None:
    assert by_tag(base.read("tags/index.html")) == {
        "C++ #tag-c": [("../it/guide/", "Italian guide")],
        "Getting started #tag-getting-started": [("../", "Help centre")],
        "money #tag-money": [("../", "Help centre"), ("../it/guide/", "Italian guide")],
    }
    assert by_tag(base.read("ar/tags/index.html"))["C++ #tag-c"] == [("../it/guide/", "الدليل الإيطالي")]
    german = base.read("de/tags/index.html")
    assert "<h1>Schlagwörter</h1>" in german
    assert list(by_tag(german)) == ["C++ #tag-c", "Erste Schritte #tag-getting-started", "Geld #tag-money"]
    assert '<a href="../it/guide/" lang="en" dir="ltr">Italian guide</a>' in german


def test_a_tag_stands_in_an_edition_only_with_an_article_of_it(base: Base) -> None:
    for name in ("tags/index.html", "de/tags/index.html"):
        assert SECRET not in base.read(name).lower()
    agents = by_tag(base.read("tags/index.html", "agents"))
    assert agents[f"{SECRET} desk #tag-{SECRET}-desk"] == [("../internal/escalation/", "Escalation")]
    assert ("../internal/escalation/", "Escalation") in agents["money #tag-money"]
    assert f"{SECRET.title()}tisch #tag-{SECRET}-desk" in by_tag(base.read("de/tags/index.html", "agents"))


def test_an_article_shows_its_tags_and_every_page_leads_to_the_lists(base: Base) -> None:
    assert '<a href="../../tags/#tag-c">C++</a>' in base.read("it/guide/index.html")
    assert '<a href="../../tags/#tag-money">Geld</a>' in base.read("de/it/guide/index.html")
    for page in ("index.html", "de/404.html", "ar/search/index.html"):
        assert re.search(r'class="kb-lists">.*?href="[^"]*tags/".*?href="[^"]*changes/"', base.read(page), re.S), page


def test_lists_are_for_people_and_not_for_search_engines(base: Base) -> None:
    for page in ("tags/index.html", "de/changes/index.html"):
        head = base.read(page).split("</head>")[0]
        assert '<meta name="robots" content="noindex, follow">' in head
        assert "TechArticle" not in head
        assert '"@type":"BreadcrumbList"' in head
        assert 'hreflang="' not in head
        assert "kb-feedback" not in base.read(page)
    assert not re.search("(tags|changes)/", base.read("sitemap.xml") + base.read("llms.txt"))
    assert not base.has("tags/index.md")
    assert '"tags/' not in base.read("search/index.json")


def test_what_changed_is_told_in_the_readers_language(base: Base) -> None:
    page = base.read("changes/index.html")
    assert '<h2 id="2026-01">January 2026</h2>' in page
    assert re.search(r"January 10</time> <span[^>]*>Reviewed</span> <a href=\"../it/guide/\">Italian guide</a>", page)
    assert '<a href="../feed.xml" type="application/atom+xml">' in page
    assert "Hier hat sich noch nichts geändert." in base.read("de/changes/index.html")
    assert "feed.xml" not in base.read("changes/index.html", "agents"), "only the world gets feeds"


def staged(root: Path, path: str) -> str:
    return (compose(Project.at(root), "customers", ("de",), today=TODAY).docs / path).read_text("utf-8")


def commit(root: Path, day: str) -> None:
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "core.autocrlf=false"]
    environment = {"GIT_COMMITTER_DATE": f"{day}T12:00:00", "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root)}
    for command in (["add", "."], ["commit", "-q", "-m", day]):
        subprocess.run([*git, *command], cwd=root, check=True, env=environment)


def test_new_changed_and_reviewed_articles_are_told_apart(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    write(
        tmp_path,
        {
            "kbtool.toml": 'locales = ["de"]\n[audience]\n"internal/**" = "agent"\n',
            "mkdocs.yml": "site_name: T\nnav:\n  - index.md\n  - Money: [one.md, two.md, three.md, four.md]\n",
            "translations/de/nav.yml": "Money: Geld\n",
            "docs/internal/plan.md": "# The plan\n",
            **{f"docs/{name}.md": f"# {name}\n\nText.\n" for name in ("index", "one", "two", "three")},
        },
    )
    commit(tmp_path, "2026-09-01")
    write(tmp_path, {"docs/one.md": "# one\n\nOther text.\n", "docs/four.md": "# four\n\nNew text.\n"})
    commit(tmp_path, "2026-10-05")
    write(
        tmp_path,
        {
            "docs/two.md": "---\nreviewed: 2026-10-20 ana\n---\n\n# two\n\nText.\n",
            "docs/three.md": "---\nreviewed: 2026-10-20 ana\n---\n\n# three\n\nMended text.\n",
            "translations/de/one.md": "# eins\n\nAnderer Text.\n",
        },
    )
    commit(tmp_path, "2026-10-21")
    (tmp_path / "docs/three.md").rename(tmp_path / "docs/drei.md")
    commit(tmp_path, "2026-11-02")
    page = staged(tmp_path, "en/changes.md")
    told = re.findall(r'<time datetime="([^"]+)">[^<]*</time> <span[^>]*>(\w+)</span> <a href="([^"]+)"', page)
    assert told == [
        ("2026-10-21", "Updated", "../drei/"), ("2026-10-20", "Reviewed", "../two/"), ("2026-10-05", "New", "../four/"),
        ("2026-10-05", "Updated", "../one/"), ("2026-09-01", "New", "../"),
    ]  # fmt: skip
    assert "plan" not in page
    german = staged(tmp_path, "de/changes.md")
    assert '21. Oktober</time> <span class="kb-kind kb-kind--new">Neu</span> <a href="../one/">eins</a>' in german
    assert '<span class="kb-changes__section">Geld</span>' in german


def test_an_article_at_the_same_place_is_left_in_peace_whoever_may_read_it(tmp_path: Path) -> None:
    files = {"docs/index.md": "---\ntags: [a <b>]\nreviewed: 2026-10-20\n---\n# S\n", "mkdocs.yml": "site_name: T\n"}
    write(tmp_path, {**files, "docs/tags.md": "# Mine\n", "docs/changes/plan.md": "---\naudience: agent\n---\n# P\n"})
    stage = compose(Project.at(tmp_path), "customers", today=TODAY)
    assert stage.lists == ()
    assert not (stage.docs / "en/changes.md").exists()
    (tmp_path / "docs/tags.md").unlink()
    stage = compose(Project.at(tmp_path), "customers", today=TODAY)
    assert stage.lists == ("tags.md",)
    assert "a &lt;b&gt;" in (stage.docs / "en/tags.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-GB", "20 August 2026"), ("de", "20. August 2026"), ("zh-Hans", "2026年8月20日"),
     ("es-419", "20 de agosto de 2026"), ("pt_BR", "20 de agosto de 2026"), ("no", "20. august 2026"),
     ("xx", "August 20, 2026")],
)  # fmt: skip
def test_days_are_written_as_readers_write_them(locale: str, words: str) -> None:
    assert dates.day(date(2026, 8, 20), locale) == words


def test_an_articles_own_interval_decides_when_it_is_overdue(tmp_path: Path) -> None:
    head = "---\nreviewed: 2026-10-20 ana\n{}---\n# S\n"
    write(
        tmp_path,
        {
            "kbtool.toml": '[[policy]]\npath = "fast/**"\nevery = "3w"\n',
            "docs/index.md": head.format(""),
            "docs/own.md": head.format("review_every: 30d\n"),
            "docs/fast/one.md": head.format(""),
            "docs/fast/own.md": head.format("review_every: 1y\n"),
        },
    )
    said = compose(Project.at(tmp_path), "customers", today=TODAY).notices
    assert {path for (_, path), found in said.items() if [n.name for n in found] == ["overdue"]} == {
        "own.md",
        "fast/one.md",
    }
