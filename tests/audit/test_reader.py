"""Which text of an article is for whom, as the audit reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.passages import passages_of
from kbtool.checks.audit.reader import read_article
from kbtool.core.meta import declared_audience

AUDIENCES = Audiences(rules=(("internal/**", "agent"), ("internal/open/**", "public"), ("a/*.md", "senior")))


def cases() -> list[tuple[str, str, set[str]]]:
    text = (Path(__file__).parent / "cases" / "reader.txt").read_text("utf-8")
    found = []
    for case in text.split("=== ")[1:]:
        name, _, rest = case.partition("\n")
        article, _, expected = rest.rpartition("\n=>")
        found.append((name, article, {one.strip() for one in expected.split("|") if one.strip()}))
    return found


@pytest.mark.parametrize(("name", "text", "expected"), cases(), ids=[name for name, _, _ in cases()])
def test_what_the_public_may_not_read(name: str, text: str, expected: set[str]) -> None:
    article = read_article("orders.md", "docs/orders.md", text, AUDIENCES)
    internal = [p.text for p in passages_of(article, AUDIENCES) if not AUDIENCES.may_read("public", p.audience)]
    whole = " ".join(" ".join(text.split()) for text in internal)
    for one in expected:
        assert one in whole
    public = [p.text for p in passages_of(article, AUDIENCES) if AUDIENCES.may_read("public", p.audience)]
    assert not any(one in text for one in expected for text in public)
    if not expected:
        assert not any(text.strip(" /") and text.strip() not in ("agent", "senior") for text in internal)


def test_passages_know_their_lines() -> None:
    text = "---\ntitle: Orders\n---\n# Orders\n\n/// agent\nClosed.\n///\n"
    article = read_article("orders.md", "docs/orders.md", text, AUDIENCES)
    assert [p.line for p in passages_of(article, AUDIENCES) if p.text == "Closed."] == [7]


@pytest.mark.parametrize(
    ("path", "audience"),
    [
        ("orders.md", "public"),
        ("internal/x.md", "agent"),
        ("internal/deep/x.md", "agent"),
        ("internal.md", "public"),
        ("internal/open/x.md", "public"),
        ("a/x.md", "senior"),
        ("a/b/x.md", "public"),
    ],
)
def test_folder_rules(path: str, audience: str) -> None:
    assert AUDIENCES.by_folder(path) == audience


def test_a_translation_follows_its_original() -> None:
    text = "Geheim.\n"
    article = read_article("orders.md", "translations/de/orders.md", text, AUDIENCES, follows="agent")
    assert article.audience == "agent"


def test_an_audience_that_nobody_knows_is_the_most_internal_one() -> None:
    assert not AUDIENCES.may_read("agent", "agnet")
    assert not AUDIENCES.may_read("publik", "agent")
    assert AUDIENCES.may_read("senior", "agnet")


LINES = (
    "---\n", "audience: agent\n", " Audience : agent\n", "    audience: agent\n", "- audience: agent\n",
    "'audience': x\n", "title: Orders\n", "Audiance: agent\n", "\n", "<!-- licence -->\n", "# Orders\n", "Words.\n",
    "```yaml\n", "\ufeff", "<!--\n", "-->\n",
)  # fmt: skip


@settings(max_examples=2000)
@given(st.lists(st.sampled_from(LINES), max_size=9).map("".join))
def test_what_is_declared_in_the_wrong_place_is_internal_to_the_audit_and_to_the_stage(text: str) -> None:
    article = read_article("orders.md", "docs/orders.md", text, AUDIENCES)
    declared = declared_audience(text)
    if declared == "astray":
        assert not AUDIENCES.may_read("public", article.audience)
    if declared is None:
        assert AUDIENCES.may_read("public", article.audience)
