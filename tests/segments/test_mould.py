"""A page cut by the mould of another is the page that `parse` cuts, or is left to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.errors import Refused
from kbtool.core.model import Document, Prose
from kbtool.core.mould import mould_of
from kbtool.core.segments import parse

CASES = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "cases").glob("*.md"))]
PAGE = """\
---
title: Refunds
---

# Refunds

Who gets *one*, and **when**. See [prices](prices.md#eur).
A second line.

- First the `order`
- [ ] then the box

!!! tip "In a hurry"

    > Write to us.

![A box](box.png)

| what | `id` | when |
| --- | --- | --- |
| box | `b|1` | soon |

Late
: after a week

=== "Tab"

    1. One
    2. Two

```
code <b>
```

## The end {#end}

Bye[^1]

[^1]: A note
"""
GERMAN = {
    "Refunds": "Erstattung", "Who gets": "Wer *eine* bekommt. Und 2, die [Preise](preise.md).", "First": "Zuerst",
    "then": "„Dann“ die Kiste", "In a": "Eilig", "Write": "Schreiben", "A box": "Eine Kiste: groß", "what": "was",
    "when": "**wann**", "box": "Kiste `x`", "soon": "bald", "Late": "Spät", "after": "nach 7 Tagen > 1 Woche",
    "Tab": "Reiter", "One": "24 Stunden", "Two": "Zwei", "The end": "Das Ende", "Bye": "Tschüss[^1]",
    "A note": "Hinweis",
}  # fmt: skip
#: words that mean something, here or there
_SCRAPS = r"""
# ## C# - -- * + 1. 2) > -> --> | || |-- : :: ::: /// !!! ??? === ``` ~~~ ` `` `a `b` `a|b` $ $$ \ \( [ ] ]( ](x ) ![
[x] [^1] [^1]: [x]: *[X]: [!NOTE] _ __ ** *** *a* _b_ ++k++ :icon: {.a} {#b} {{ }} {% %} <!-- --> <div> </div> <b> <br>
?> &amp; ⟦1⟧ www.a.de https://a.b/c a@b.co (1) 42 é 三 ² ١. "q" 'q' " X import export <<<<<<< ======= --- ;a @a %a HTML
"""
WORDS = st.lists(
    st.one_of(st.sampled_from([*_SCRAPS.split(), "\n", "\t", "\r", "\f", "\xa0", "\u2028", " "]), st.text(max_size=3)),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip


def test_the_page_of_a_translation_is_cut_as_its_original() -> None:
    page = parse(PAGE)
    assert cut(page, translated(page, GERMAN))


def test_words_of_several_lines_in_the_original_may_be_one_line_in_the_translation() -> None:
    assert cut(parse("- One,\n  and more.\n\nTwo\nlines\n"), "- Eins.\n\nZwei\n")


def test_a_translation_may_have_more_front_matter() -> None:
    assert cut(parse("# One\n\nTwo\n"), "---\ntitle: Eins\n---\n# Eins\n\nZwei\n")


@pytest.mark.parametrize("text", [
    "# Eins\n\nZwei\n\nDrei\n", "# Eins\n\n- Zwei\n", "# Eins\n\n# Zwei\n", "## Eins\n\nZwei\n", "# Eins\n\nZwei",
    "# Eins\n\nZwei | drei\n", "# Eins\n\n<p>Zwei\n", "# Eins\n\nZwei\ndrei\n", "# Eins #\n\nZwei\n", "# 1\n\nZwei\n",
    "",
])  # fmt: skip
def test_a_page_of_other_lines_is_left_to_the_parser(text: str) -> None:
    mould = mould_of(parse("# One\n\nTwo\n"))
    assert mould is not None
    assert mould.cut(text) is None


@settings(max_examples=300)
@given(st.sampled_from([PAGE, *CASES]), st.lists(WORDS, min_size=1, max_size=4), st.integers(0, 40))
def test_words_that_mean_something_never_fool_it(text: str, words: list[str], place: int) -> None:
    page = parse(text)
    made, count = "", 0
    for piece in page.pieces:
        if isinstance(piece, Prose):
            at, count = count - place, count + 1
            made += words[at] if 0 <= at < len(words) else "Wort"
        else:
            made += piece.text
    cut(page, made)


def translated(page: Document, words: dict[str, str]) -> str:
    """A page with other words for those that begin as the keys do."""
    parts = []
    for piece in page.pieces:
        known = next((new for old, new in words.items() if piece.text.startswith(old)), piece.text)
        parts.append(known if isinstance(piece, Prose) else piece.text)
    return "".join(parts)


def cut(original: Document, text: str) -> bool:
    """Whether a page is cut by the original's mould; then it is as the parser cuts it."""
    mould = mould_of(original)
    try:
        found = mould.cut(text) if mould else None
    except Refused:
        return False
    assert found is None or found == parse(text)
    return found is not None
