"""Sources made to break things: each article comes along or is listed, and nothing is written outside the target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.foreign.conftest import Move, lay_out

BOMB = "---\na: &a [x, x]\nb: &b [*a, *a]\ntags: [*b, *b]\n---\n# B\n"
TITLES = [
    "../../../evil",
    "con",
    "NUL",
    "a\0b",
    "x" * 300,
    "ü" * 300,
    "..",
    "/etc/passwd",
    "",
    "index",
    "de",
    "{{ m }}",
]


def article(key: object, title: object, body: object, **more: Any) -> dict[str, Any]:
    said = {"id": key, "title": title, "body": body, "locale": "en-us", "source_locale": "en-us", "section_id": 1}
    return {**said, "draft": False, "user_segment_id": None, **more}


def text(key: object, locale: object) -> dict[str, Any]:
    return {
        "source_id": key,
        "source_type": "Article",
        "locale": locale,
        "title": "t",
        "body": "<p>b</p>",
        "draft": False,
    }


def missing(said: Any) -> dict[str, str]:
    return {each["path"]: each["why"] for each in said["left"] if each["missing"]}


def test_an_export_of_a_help_desk(move: Move, tmp_path: Path) -> None:
    articles = [article(number, title, "<p>x</p>") for number, title in enumerate(TITLES, 1)]
    articles += [
        article(100, "deep", "<div>" * 10_000),
        article(101, "long", "x" * 10_000_001),
        article(102, "brackets", "[" * 50_000),
        article(103, "twice", "one"),
        article(103, "twice", "two"),
        article("../../../evil", "a", "x", label_names=7, position="x"),
        article(None, {"a": 1}, ["x"], label_names=["a\nb", {"a": 1}], html_url="https://x/hc/../../articles/1"),
        article(104, "link", '<a href="http://[::1">x</a><img src="http://[x">'),
        article(105, "half a character \ud800", "x"),
    ]
    sections = [{"id": 1, "name": "../..", "parent_section_id": 2}, {"id": 2, "name": "aux", "parent_section_id": 1}]
    export = {
        "articles.json": json.dumps({"articles": articles}),
        "sections.json": json.dumps({"sections": sections}),
        "translations.json": json.dumps({"translations": [text(1, each) for each in ("../../evil", {"a": 1}, "de")]}),
        "bomb.json": "[" * 200_000,
        "new\nline.png": "x",
    }
    lay_out(move.source, export)
    said = move.adopt(code=1)
    assert {path.partition("#")[2]: why.split(",")[0].split(":")[0] for path, why in missing(said).items()} == {
        "100/en-us": "elements nested more than 200 deep",
        "101/en-us": "10",
        "102/en-us": "50",
        "105/en-us": "front matter is not YAML",
        "1/../../evil": "in '../../evil'",
        "1/{'a': 1}": "in \"{'a'",
    }
    assert sorted(each.name for each in tmp_path.iterdir()) == ["new", "old"]
    written = [Path(path) for path in said["written"]]
    assert not any(".." in path.parts for path in written)
    assert not {part.partition(".")[0] for path in written for part in path.parts} & {"con", "nul", "aux"}
    assert move.read("docs/x-aux/1/twice.md").endswith("two\n")
    assert "two texts of one article" in [e["why"] for e in said["left"] if e["path"].endswith("#103/en-us")]


def test_what_any_record_keeps_from_the_public_is_for_agents(move: Move) -> None:
    secret = [article(1, "one", "x", user_segment_id=7), article(2, "two", "x"), article(3, "three", "x", draft=True)]
    again = [article(1, "one", "x"), article(2, "two", "x"), article(3, "three", "x")]
    sections = [{"id": 1, "name": "S", "user_segment_id": None}]
    lists = {"a.json": {"articles": secret}, "b.json": {"articles": again}, "s.json": {"sections": sections}}
    lay_out(move.source, {name: json.dumps(each) for name, each in lists.items()})
    move.adopt()
    assert [name for name in ("one", "two", "three") if "audience: agent" in move.read(f"docs/s/{name}.md")] == [
        "one",
        "three",
    ]


def test_a_docusaurus_tree(move: Move, tmp_path: Path) -> None:
    pages = {
        "a.md": "---\nslug: ../../../../../evil\nid: ../../x\n---\n# A\n",
        "bomb.md": BOMB,
        "run.md": "---\ntitle: !!python/object/apply:os.system ['touch evil']\n---\n# B\n",
        "new\nline.md": "# N\n",
        "con.md": "# C\n",
        "n" * 240 + ".md": "# N\n",
        "deep.mdx": "<Foo>\n" * 3000 + "x\n" + "</Foo>\n" * 3000,
        "boxes.mdx": ":::note\n" * 2000 + "x\n" + ":::\n" * 2000,
        "braces.mdx": "<Foo a={" + "{" * 20_000 + "\n",
        "one.mdx": "import A from './two.mdx';\n\n<A />\n",
        "two.mdx": "import A from './one.mdx';\nimport P from '../../../../../etc/passwd';\n\n<A />\n<P />\n",
    }
    lay_out(move.source, {f"docs/{name}": page for name, page in pages.items()})
    lay_out(move.source, {"docusaurus.config.js": "module.exports = {};" + "[" * 5_000, "sidebars.js": "{a:[" * 3_000})
    (move.source / "docs/link").symlink_to("/etc")
    (move.source / "i18n").symlink_to("/etc")
    (move.source / "docs/loop").symlink_to(move.source)
    said = move.adopt(code=1)
    assert set(missing(said)) == {
        f"docs/{name}" for name in pages if name not in ("a.md", "braces.mdx", "one.mdx", "two.mdx")
    }
    assert {each["path"] for each in said["left"] if "symbolic link" in each["why"]} == {
        "docs/link",
        "i18n",
        "docs/loop",
    }
    assert sorted(each.name for each in tmp_path.iterdir()) == ["new", "old"]
    assert "root:" not in move.read("docs/two.md")
    assert "\\nline.md" in move.read("adoption.md"), "names are shown on one line"


def test_originals_in_no_language(move: Move) -> None:
    lay_out(move.source, {"mkdocs.yml": 'theme: {name: material, language: "../en\\""}\n', "docs/a.md": "# A\n"})
    move.kbtool("adopt", str(move.source), "--out", str(move.target), code=2)
    assert "which is no language" in move.said and not move.target.exists()
