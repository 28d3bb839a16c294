"""Rendered with one Markdown object, pages are what MkDocs makes of them with one for each."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from kbtool.site.mkdocs.onemarkdown import one_markdown

EXTENSIONS = ("attr_list", "footnotes", "md_in_html", "tables", "pymdownx.highlight", "pymdownx.superfences")
#: by file: pages whose headings, links and addresses MkDocs reads in every way it knows
PAGES = {
    "index.md": "# Plain words\n\n[one](a/one.md#here) [two](a/one.md) [self](#plain-words) [odd](#a&b) [q](?x#y)\n",
    "a/one.md": "# Code `x` & *more* {#here}\n\n![i](../i.png) [none](none.md) [out](//x.example/) [up](../index.md)\n",
    "a/two.md": "Words first\n\n# Late\n\n<a name='raw'></a><b id='bold'>b</b>\n\n[#](#raw) [abs](/index.md)\n",
    "a/six.md": "# Six\n\n[p](../a/../index.md#six) [u](../../index.md) ![w](./i.png) [t](one.md?x#y) [d](.)\n",
    "a/seven.md": "# Seven\n\n[n](one.md#) [s](a.b//c.md) [e](..md) [v](%6fne.md#v) [l](#six) [i](seven.md#i)\n",
    "a/three.md": "# Note[^1] on\\_it\n\n[^1]: Words\n\n## Again\n\n## Again\n\n[m](mailto:a@b.example)\n",
    "a/four.md": "# \n\nSetext\n======\n\n```py\nx = 1\n```\n",
    "a/five.md": "words\n",
}


def rendered(docs: Path, *, permalink: bool, quick: bool) -> list[object]:
    config = MkDocsConfig(str(docs.parent / "mkdocs.yml"))
    options = {"toc": {"permalink": permalink}}
    config.load_dict({"site_name": "x", "docs_dir": str(docs), "markdown_extensions": [*EXTENSIONS, options]})
    assert config.validate() == ([], [])
    files = Files([File(name, str(docs), str(docs), use_directory_urls=True) for name in (*PAGES, "i.png")])
    found: list[object] = []
    with one_markdown(config) if quick else nullcontext():
        for name, text in PAGES.items():
            page = Page(None, files.src_uris[name], config)
            page.markdown, page.meta = text, {}
            page.render(config, files)
            links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
            contents = [(item.title, item.id, item.level, len(item.children)) for item in page.toc]
            found.append((page.content, page._title_from_render, page.present_anchor_ids, links, contents))
    return found


@pytest.mark.parametrize("permalink", [True, False])
def test_pages_come_out_as_with_a_markdown_object_of_their_own(tmp_path: Path, permalink: bool) -> None:
    (tmp_path / "docs").mkdir()
    slow = rendered(tmp_path / "docs", permalink=permalink, quick=False)
    assert rendered(tmp_path / "docs", permalink=permalink, quick=True) == slow


HEADS = (
    "---", "---", "...", "title: Two words", "title: Word", "title: \u00c9t\u00e9", "on: Two words", "tags: [a, b]",
    "a: 1-2", "", "title: Two words ", "summary: It's (not) one, 2-3", "Title: Two words", "key: a: b", "# Words",
    "words", "--- ",
)  # fmt: skip


@given(st.lists(st.sampled_from(HEADS), max_size=6).map("\n".join), st.sampled_from(["", "\n", "\n---\n\nwords"]))
def test_front_matter_is_what_mkdocs_reads(head: str, rest: str) -> None:
    text = f"---\n{head}{rest}"
    inner: Any = pages
    slow = inner.meta.get_data(text)
    with one_markdown(MkDocsConfig()):
        assert inner.meta.get_data(text) == slow
