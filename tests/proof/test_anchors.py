"""Heading anchors stay those of the original in every locale."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.anchors import heading_frames, headings, with_frames, with_heading_ids
from kbtool.core.model import Prose
from kbtool.core.mould import mould_of
from kbtool.core.render import Renderer
from kbtool.core.segments import parse

RENDERER = Renderer()


def heading_ids(page: str) -> list[str]:
    return [heading.id for heading in headings(RENDERER, page)]


ORIGINAL = """\
---
title: Refunds
---
# Refunds

How *long* it takes
-------------------

> ## Quoted ##

## Own { #mine }

!!! note
    ### Inside { .small }

```
# no heading
```

## 1.2

- item

    ## In a list
"""

TRANSLATION = """\
---
title: Erstattungen
---
# Erstattungen

Wie *lange* es dauert
---------------------

> ## Zitat ##

## Eigenes { #mine }

!!! note
    ### Darin { .small }

```
# no heading
```

## 1.2

- Punkt

    ## In einer Liste
"""


def test_headings_get_the_originals_ids() -> None:
    page = with_heading_ids(TRANSLATION, heading_ids(ORIGINAL))
    assert page == (
        TRANSLATION.replace("# Erstattungen", "# Erstattungen { #refunds }")
        .replace("dauert\n", "dauert { #how-long-it-takes }\n")
        .replace("Zitat ##", "Zitat ## { #quoted }")
        .replace("{ .small }", "{ #inside .small }")
        .replace("## 1.2", "## 1.2 { #12 }")
        .replace("In einer Liste", "In einer Liste { #in-a-list }")
    )
    assert heading_ids(page) == heading_ids(ORIGINAL)


def test_every_heading_of_the_rendered_page_is_known() -> None:
    found = headings(RENDERER, ORIGINAL)
    assert [(h.level, h.id, h.explicit) for h in found] == [
        (1, "refunds", False),
        (2, "how-long-it-takes", False),
        (2, "quoted", False),
        (2, "mine", True),
        (3, "inside", False),
        (2, "12", False),
        (2, "in-a-list", False),
    ]


def test_a_dropped_or_added_heading_shifts_no_other() -> None:
    original = "# One `a`\n\n## Two `b`\n\nText `t`.\n\n## Three `c`\n\n## Four `d`\n"
    ids = headings(RENDERER, original)
    dropped = "# Eins `a`\n\n## Drei `c`\n\n## Vier `d`\n"
    assert heading_ids(with_heading_ids(dropped, ids, original)) == ["one-a", "three-c", "four-d"]
    added = "# Eins `a`\n\n## Zusatz\n\n## Zwei `b`\n\nText `t`.\n\n## Drei `c`\n\n## Vier `d`\n"
    assert heading_ids(with_heading_ids(added, ids, original)) == [
        "one-a", "zusatz", "two-b", "three-c", "four-d",
    ]  # fmt: skip


def test_levels_tell_where_nothing_else_is_known() -> None:
    ids = headings(RENDERER, "# One\n\n### Deep\n\n## Two\n")
    assert with_heading_ids("# Eins\n\n## Zwei\n", ids) == "# Eins { #one }\n\n## Zwei { #two }\n"


def test_line_ends_and_last_lines_are_kept() -> None:
    assert with_heading_ids("# Eins\r\n\r\n## Zwei", ["one", "two"]) == "# Eins { #one }\r\n\r\n## Zwei { #two }"


def test_an_id_that_the_page_has_already_is_not_given_twice() -> None:
    assert with_heading_ids("# Eins\n\n## Zwei { #one }\n", ["one", "two"]) == "# Eins\n\n## Zwei { #one }\n"


LINES = st.sampled_from(
    [
        "# a",
        "## b b",
        "### c {.x}",
        "",
        "",
        "text",
        "> # q",
        "- # l",
        "    # code",
        "```",
        "===",
        "---",
        "# 1",
        "## x ##",
    ]
)


@given(st.lists(LINES, max_size=12).map("\n".join))
@settings(max_examples=100)
def test_ids_once_written_stay(page: str) -> None:
    ids = heading_ids(page)
    once = with_heading_ids(page, ids)
    assert with_heading_ids(once, ids) == once


def test_headings_of_the_same_mould_get_the_ids_without_being_looked_for() -> None:
    page = "---\ntitle: T\n---\n\n# One {.x}\n\nTwo\n---\n\n## Three {#c}\n\n- ## Four #\n\nEnd\n"
    assert same_ids(page, "---\ntitle: U\n---\n\n# Eins {.x}\n\nZwei\n---\n\n## Drei {#c}\n\n- ## Vier #\n\nEnde\n")
    assert not same_ids("# One\n\n## 1.2\n\nEnd\n", "# Eins\n\n## 1.2\n\nEnde\n")


@given(st.lists(st.one_of(LINES, st.sampled_from(["## {.y}", "| a | b |\n|---|---|", "# *d*"])), max_size=12))
@settings(max_examples=200)
def test_ids_of_the_same_mould_are_the_same_ids(lines: list[str]) -> None:
    page = "\n".join(lines)
    same_ids(page, "".join("Wort" if isinstance(piece, Prose) else piece.text for piece in parse(page).pieces))


def same_ids(page: str, translation: str) -> bool:
    """Whether the ids were known without a look; then they are those that a look finds."""
    original = parse(page)
    mould, ids = mould_of(original), headings(RENDERER, page)
    cast, frames = mould.cut(translation) if mould else None, heading_frames(original, ids)
    if cast is None or frames is None:
        return False
    assert with_frames(cast, frames) == with_heading_ids(cast, ids, original)
    return True
