"""What stops a build, with the file and line to mend; the site that stood there before stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.core.errors import KbError, UsageError
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.stage.stage import compose
from tests.site.conftest import png, run, write

SETTINGS = 'source = "en"\nlocales = ["de"]\n[audience]\n"internal/**" = "agent"\n'
GOOD = {
    "kbtool.toml": SETTINGS,
    "mkdocs.yml": "site_name: Trial\n",
    "docs/index.md": "# Start\n\nWords.\n",
    "docs/internal/plan.md": "# Plan\n\nFor agents.\n",
    "docs/internal/plan.png": png("plan"),
}


def refused(root: Path, files: dict[str, str | bytes], edition: str = "customers") -> str:
    write(root, {**GOOD, **files})
    with pytest.raises(KbError) as stopped:
        compose(Project.at(root), edition, ["de"])
    return f"{stopped.value} {stopped.value.hint or ''}"


@pytest.mark.parametrize(
    "link",
    ["[plan](internal/plan.md)", "[plan](internal/plan/)", "[plan](/internal/plan/)",
     '<a href="internal/plan/">plan</a>', "[plan][p]\n\n[p]: internal/plan.md", "![plan](internal/plan.png)",
     '<img srcset="internal/plan.png 2x">',
     "[plan](./internal/../internal/plan.md#x)", "[plan](internal%2Fplan.md)", "[plan](<internal/plan.md>)",
     "[a [b] c](internal/plan.md)"],
)  # fmt: skip
def test_a_link_to_something_internal_stops_the_customers_edition_with_file_and_line(tmp_path: Path, link: str) -> None:
    said = refused(tmp_path, {"docs/index.md": f"# Start\n\n<!-- a\nb -->\n\n/// agent\nx\n///\n\nSee {link}\n"})
    line = 12 if link.endswith("plan.md") and "\n" in link else 10
    assert f"docs/index.md:{line}: error:" in said
    assert "plan" in said
    compose(Project.at(tmp_path), "agents", ["de"])


def test_a_link_in_a_translation_counts_as_well(tmp_path: Path) -> None:
    said = refused(tmp_path, {"translations/de/index.md": "# Start\n\n[Plan](internal/plan.md)\n"})
    assert "translations/de/index.md:3" in said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: A\naudience: agent\n\n# A\n\nWords.\n", 3),
        ("\n<!-- licence -->\n\n---\naudience: agent\n---\n\n# A\n", 5),
        ("Title: A\nAudience: agent\n\n# A\n", 2),
        ("---\ntitle: A\n---\naudience: agent\n\n# A\n", 4),
        ("---\ntitle: A\nAudeince: agent\n---\n\n# A\n", 3),
    ],
)
def test_an_audience_that_is_not_declared_as_it_should_be_keeps_the_article_inside(
    tmp_path: Path, text: str, line: int
) -> None:
    write(tmp_path, {**GOOD, "docs/a.md": text})
    stage = compose(Project.at(tmp_path), "customers", ["de"])
    assert stage.articles == ("index.md",)
    (told,) = stage.findings
    assert (told.path, told.line) == ("docs/a.md", line) and "the article is taken as internal" in told.message


@pytest.mark.parametrize(
    "mark",
    ["// agent", "!!! agent", '!!! Senior "Only for us"', "??? agent", "???+ agent", "::: agent", "::: {.agent}",
     ":::agent", "> [!AGENT]", "- // agent", "    !!! agent"],
)  # fmt: skip
def test_a_note_of_another_kind_named_like_an_audience_stops_the_build(tmp_path: Path, mark: str) -> None:
    said = refused(tmp_path, {"docs/index.md": f"# Start\n\n* Words.\n\n{mark}\n    Inside.\n"})
    assert "docs/index.md:5: error: " in said and "everybody would read" in said and "/// agent" in said


@pytest.mark.parametrize(
    "line",
    ["Senior agents answer.", "// agent is a comment", "`// agent`", "!!! note agent", "::: agents", "agent:",
     "```\n!!! agent\n```", "/ agent or /senior", "[agent]: index.md"],
)  # fmt: skip
def test_a_sentence_about_agents_stops_nothing(tmp_path: Path, line: str) -> None:
    write(tmp_path, {**GOOD, "docs/index.md": f"# Start\n\n{line}\n"})
    assert compose(Project.at(tmp_path), "customers", ["de"]).articles == ("index.md",)


def test_a_folder_rule_that_fits_nothing_is_told(tmp_path: Path) -> None:
    rules = {"kbtool.toml": f'{SETTINGS}"intern/**" = "agent"\n"internal/*.png" = "senior"\n'}
    write(tmp_path, {**GOOD, **rules})
    (told,) = compose(Project.at(tmp_path), "customers", ["de"]).findings
    assert (told.path, told.line, told.severity) == ("kbtool.toml", 5, "warning")
    assert "intern/** fits nothing" in told.message


def test_links_in_code_and_links_to_nowhere_stop_nothing(tmp_path: Path) -> None:
    text = "# Start\n\n`[x](internal/plan.md)` [y](gone.md) [z](https://example.com/internal/plan/)\n\n"
    text += "```\n[x](internal/plan.md)\n```\n"
    write(tmp_path, {**GOOD, "docs/index.md": text})
    assert compose(Project.at(tmp_path), "customers").articles == ("index.md",)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"docs/index.md": "# Start\n\n/// agent\nInside.\n"},
            "docs/index.md:3: error: the block '/// agent' is never",
        ),
        ({"docs/a.md": "# A\n", "docs/A.md": "# B\n"}, "has the same address as docs/A.md"),
        ({"docs/caf\u00e9.md": "# A\n", "docs/cafe\u0301.md": "# B\n"}, "has the same address"),
        ({"docs/a.md": "# A\n", "docs/a/index.md": "# B\n"}, "has the same address"),
        ({"docs/a\u202eb.md": "# A\n"}, "not safe everywhere: 'a\\u202eb.md'"),
        ({"docs/de/x.md": "# A\n"}, "has the name of a target locale"),
        ({"docs/index.md": "![x](_data/x.csv)\n", "docs/_data/x.csv": "1"}, "not for publishing"),
        ({"docs/index.md": b"# St\xff\n"}, "UTF-8"),
        ({"docs/index.md": "---\na: &x [1]\nb: [*x]\n---\n# S\n"}, "aliases"),
        ({"docs/index.md": "[" * 60_000}, "docs/index.md:1"),
        ({"translations/de/nav.yml": "Start: Anfang\nWords\n- x\n"}, "translations/de/nav.yml:3"),
        (
            {"translations/de/tags.yml": "- x\n", "docs/a.md": "---\ntags: [x]\n---\n# A\n"},
            "translations/de/tags.yml:1",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:30],
)
def test_what_cannot_be_published_safely_is_refused_by_name(
    tmp_path: Path, files: dict[str, str | bytes], words: str
) -> None:
    assert words in refused(tmp_path, files)


def test_symbolic_links_are_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "docs" / "passwd.md").symlink_to("/etc/passwd")
    assert "docs/passwd.md: error: a symbolic link" in refused(tmp_path, {})


@pytest.mark.parametrize(
    "yaml",
    ["!!python/object/apply:os.system ['touch pwned']", "!!python/name:os.system", "!!python/module:evil",
     "!!python/object/new:os.system [id]", "!!python/object/apply:pymdownx.slugs.slugify [x]"],
)  # fmt: skip
def test_mkdocs_yml_cannot_run_code(tmp_path: Path, yaml: str) -> None:
    write(tmp_path, {"mkdocs.yml": f"site_name: x\nextra:\n  x: {yaml}\n"})
    with pytest.raises(UsageError, match=r"mkdocs\.yml:3"):
        read_config(tmp_path)
    assert not (tmp_path / "pwned").exists()


def test_what_material_tells_people_to_write_is_allowed(tmp_path: Path) -> None:
    text = (
        "site_name: x\nmarkdown_extensions:\n  - toc:\n      slugify: !!python/object/apply:pymdownx.slugs.slugify\n"
        "        kwds: {case: lower}\n  - pymdownx.emoji:\n"
        "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "extra: {key: !ENV [NO_SUCH, fallback]}\n"
    )
    write(tmp_path, {"mkdocs.yml": text})
    toc, emoji = read_config(tmp_path)["markdown_extensions"]
    assert toc["toc"]["slugify"]("Two Words", "-") == "two-words"
    assert callable(emoji["pymdownx.emoji"]["emoji_index"])


def test_a_failed_build_leaves_the_old_site_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "kbtool.toml": SETTINGS.replace('["de"]', "[]")})
    run(tmp_path, "build", "--edition", "customers")
    before = (tmp_path / "site/customers/index.html").read_bytes()
    write(tmp_path, {"docs/index.md": "# Start\n\nNew. [plan](internal/plan.md)\n"})
    said = run(tmp_path, "build", "--edition", "customers", code=1).stderr
    assert "docs/index.md:3" in said
    assert (tmp_path / "site/customers/index.html").read_bytes() == before
    assert [p.name for p in (tmp_path / "site").iterdir()] == ["customers"]


def test_a_deleted_article_is_gone_after_the_next_build(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "docs/old.md": "# Old\n"})
    run(tmp_path, "build", "--edition", "customers")
    assert (tmp_path / "site/customers/old/index.html").is_file()
    (tmp_path / "docs/old.md").unlink()
    run(tmp_path, "build", "--edition", "customers")
    assert not (tmp_path / "site/customers/old").exists()
    assert not list((tmp_path / ".kbtool/stage").rglob("old.md"))


def test_a_folder_with_something_else_in_it_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "mine/customers/letter.txt": "Dear Ana"})
    said = run(tmp_path, "build", "--edition", "customers", "--out", str(tmp_path / "mine"), code=1).stderr
    assert "no built site" in said
    assert (tmp_path / "mine/customers/letter.txt").read_text() == "Dear Ana"


def test_unknown_editions_and_locales_are_named(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert "customers, agents" in run(tmp_path, "build", "--edition", "agent", code=2).stderr
    assert "'fr'" in run(tmp_path, "build", "--to", "fr", code=2).stderr
