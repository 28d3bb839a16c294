"""Shortcuts that composing the stage takes: each gives what the long way gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.anchors import with_heading_ids
from kbtool.core.meta import front_matter
from kbtool.core.model import Entry, Ledger
from kbtool.core.segments import parse
from kbtool.core.states import settle
from kbtool.site.stage import links
from kbtool.site.stage.frontkeys import READER_KEYS, reader_keys, with_reader_keys
from kbtool.site.stage.notices import is_as_written

_KEYS = st.sampled_from([*sorted(READER_KEYS), "yes", "owner", "no", "null", "a-b"])
_WORDS = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[\w.,()' -]{1,30}", fullmatch=True),
    st.sampled_from(["yes please", "No, thanks", "1 2", "x # y", "Ends in a colon:", "é o ü", "null null"]),
)
_LINES = st.lists(st.tuples(_KEYS, _WORDS), max_size=5)


def _loaded(head: str) -> object:
    try:
        return yaml.safe_load(head)
    except (yaml.YAMLError, ValueError):
        return None


@given(_LINES)
def test_front_matter_of_plain_words_is_what_yaml_says(lines: list[tuple[str, str]]) -> None:
    head = "".join(f"{key}: {words}\n" for key, words in lines)
    wanted = _loaded(head)
    if isinstance(wanted, dict) and not re.search(r"[&*\r\x85\u2028\u2029]|^(---|\.\.\.)", head, re.M):
        assert front_matter(f"---\n{head}---\nText.\n") == {str(key): value for key, value in wanted.items()}


@given(_LINES)
def test_reader_keys_are_written_as_yaml_writes_them(lines: list[tuple[str, str]]) -> None:
    values = dict(lines)
    dumped = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
    kept = reader_keys(values)
    written = with_reader_keys(f"---\n{dumped}---\nText.\n") if _loaded(dumped) == values else ""
    if kept and written:
        assert written == (
            f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)}---\nText.\n"
        )


_MARKUP = st.lists(
    st.sampled_from([
        "[a](b.md)", "![i](<x y.png>)", "[r]: c.md\n", "\n", " ", "`code`", "```\n", "~~~\n", "=", "src=a.png ",
        "url(b)", "<img src='c.png'>", 'HREF = "d"', "data", "poster  =\n e ", "ſrc=f ", "action", '=== "Tab"\n',
        ' srcset="g.png 1x, h.png 2x"', "a" * 70, " " * 70, "URL( i )", "<a data-src=j>", "xlink:href=k", "(", ")",
        "%20", "?q#f", "text",
    ]),
    max_size=12,
)  # fmt: skip


def _all_patterns(prose: str) -> Iterator[re.Pattern[str]]:
    yield from (links._INLINE, links._DEFINED, links._ATTRIBUTE, links._CSS_URL)


@given(_MARKUP)
def test_links_are_found_whichever_patterns_are_tried(parts: list[str]) -> None:
    text = "".join(parts)
    skipped = set(_all_patterns(text)) - set(links._patterns(text))
    for pattern in skipped:
        assert not pattern.search(text)
    if not links._may_have("srcset", text):
        assert not links._SRCSET.search(text)


_PARAGRAPHS = st.lists(
    st.sampled_from([
        "[a](b.md)", "[a](c.md#d) ", "![a](<e f.png>)", "](", "](\n", "](\n\n", "](`g`", "[a](h(i).md)", "`", "`j`",
        "``", "\\`", "```\n", "~~~\n", "    ```\n", "word ", "\n", "\n\n", "\n \n", "> ", "- ", "=", " = ",
        "[k]: l.md", "[m](\\n)", "<>",
    ]),
    max_size=14,
)  # fmt: skip


@settings(max_examples=400)
@given(_PARAGRAPHS)
def test_links_among_words_are_found_without_a_look_for_code(parts: list[str]) -> None:
    text = "".join(parts)
    found = links._targets_in_words(text)
    assert found in (None, [target for _, target in sorted(links._targets(links._prose(text)))])


@given(st.text("ab./-_:?#%\\ é", max_size=12))
def test_a_plain_path_is_the_path_of_its_link(target: str) -> None:
    if links._PLAIN.fullmatch(target):
        parts = urlsplit(target)
        assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("", "", target)


_BLOCKS = st.lists(
    st.sampled_from([
        "# One\n", "## Two { .x }\n", "## Three {: #own }\n", "Four\n====\n", "## 5 {#a .b}\n", "## 6.1\n",
        "## A #\n", "Text *here*.\n", "- item\n", "```\n# no\n```\n", "> ## Quoted\n", "## {{ x }}\n", "    ## Code\n",
        "## B {x}\n",
    ]),
    max_size=8,
)  # fmt: skip


@given(_BLOCKS)
def test_addresses_on_headings_change_no_segment(blocks: list[str]) -> None:
    """So notices may be judged by the page as it was before it got them."""
    page = parse("\n".join(blocks))
    with_ids = parse(with_heading_ids(page, [f"id-{n}" for n in range(len(blocks))]))
    assert [segment.digest for segment in with_ids.segments] == [segment.digest for segment in page.segments]


def test_a_page_as_it_was_written_ties_segment_by_segment() -> None:
    original, page = parse("# One\n\nText.\n\nText.\n"), parse("# Eins\n\nSatz.\n\nSatz.\n")
    pairs = zip(original.segments, page.segments, strict=True)
    entries = tuple(Entry(source.digest, target.digest, "hand") for source, target in pairs)
    assert is_as_written(original, page, entries)
    assert not is_as_written(original, page, entries[:2])
    assert not is_as_written(parse("# One\n\nText.\n\nOther.\n"), page, entries)
    rows = settle(original, page, Ledger(entries)).rows
    assert [(row.source, row.target, row.entry) for row in rows] == [
        *zip(original.segments, page.segments, entries, strict=True)
    ]
