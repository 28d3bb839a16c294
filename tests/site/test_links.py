"""Links that lead to pages are left alone without a look at them: none of them could mean a file."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.site.mkdocs import rawlinks

FILES = ("en/a.md", "en/b/index.md", "en/img/x.png", "de/a.md", "de/img/x.png", "index.md", "only.png", "de", "en/.hid")
PARTS = st.sampled_from(["en", "de", "fr", "a.md", "b", "index.md", "img", "x.png", "only.png", ".", "..", "", ".hid"])
PATHS = st.lists(PARTS, max_size=4).map("/".join)


LINKS = st.one_of(
    PATHS, st.text("ab./#?:&%x-_é\"'H", max_size=12), st.sampled_from(["#top", "a/#b.c", "img/x.png#i", "../x.HTML#"])
)
TAGS = st.sampled_from([
    '<a href="{}">', '<a class="headerlink" href="{}" title="Link">', '<A HREF="{}">', '<a class="b c" href="{}">',
    "<a href='{}' title=\"x\">", '<img alt="" src="{}" />', '<a href="b/" data="{}">',
    '<source SRCSET="{} 1x, x.png 2x">', '<object\ndata="{}">', '<IFRAME src="{}">', '<embed src="{}">', '<em>{}</em>',
])  # fmt: skip
PLAIN_TAG = re.compile(r"<(?:img|source|video|audio|track|a|area|object|embed|iframe)\b[^<>]*>", re.I)


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("docs")
    for name in FILES:
        if name != "de":
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("")
    return root


@given(tags=st.lists(st.tuples(TAGS, LINKS), max_size=3), folders=st.booleans())
def test_only_links_that_are_right_are_left_alone_unseen(
    docs: Path, tags: list[tuple[str, str]], folders: bool
) -> None:
    stage: Any = SimpleNamespace(
        docs=docs,
        source="en",
        locales=("en", "de"),
        titles={"en": {"a.md": "A", "b/index.md": "B"}, "de": {"a.md": "A"}},
        digests={f"docs/{name}": "" for name in sorted({*FILES} - {"de"})[::2]},
    )
    html = "".join(tag.format(link) for tag, link in tags)
    seen: list[str] = []
    looked: list[str] = []
    finder = rawlinks._Finder(stage, "de", "a.md", folders, seen.append)
    slow = PLAIN_TAG.sub(lambda tag: finder.mend(tag[0]), html)
    assert rawlinks.with_right_addresses(html, stage, "de", "a.md", folders=folders, look=looked.append) == slow
    assert looked == seen
