"""Articles that move: everything follows, no link breaks, nothing is deleted behind anybody's back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_base import Base

from kbtool.core.links import relink

INDEX = """\
# Help

See [refunds](refunds.md#how) and ![a picture](assets/a.png), or `[refunds](refunds.md)`.

```
[refunds](refunds.md)
```

<a href="refunds.md">here</a> or [there][r].

[r]: refunds.md "Refunds"
"""


@pytest.fixture
def made(base: Base) -> Iterator[Base]:
    base.write("docs/index.md", INDEX)
    base.edit("docs/refunds.md", "Open the", "[Home](index.md). Open the")
    base.write("mkdocs.yml", "site_name: Help # refunds.md\nnav:\n  - index.md\n  - Money: refunds.md\n")
    base.kbtool("translate")
    base.commit("made")
    yield base


def states(base: Base) -> list[tuple[str, dict[str, int]]]:
    return [(each["locale"], each["counts"]) for each in base.json("status")["articles"]]


def test_everything_moves_in_one_step(made: Base) -> None:
    made.kbtool("approve", "de", "refunds.md")
    before = sorted(map(str, states(made)))
    made.kbtool("mv", "refunds.md", "docs/payments/get-a-refund.md")
    for file in ("docs/{}.md", "translations/de/{}.md", "translations/es/{}.ledger.yml"):
        assert not (made.root / file.format("refunds")).exists()
        assert (made.root / file.format("payments/get-a-refund")).exists()
    assert sorted(map(str, states(made))) == before, "no state changes"
    assert made.read("docs/payments/get-a-refund.md").count("](../index.md)") == 1
    assert made.read("translations/de/payments/get-a-refund.md").count("](../index.md)") == 1
    assert made.read("docs/index.md") == INDEX.replace("refunds.md#how", "payments/get-a-refund.md#how").replace(
        'href="refunds.md"', 'href="payments/get-a-refund.md"'
    ).replace("]: refunds.md", "]: payments/get-a-refund.md")
    assert made.read("mkdocs.yml") == (
        "site_name: Help # refunds.md\nnav:\n  - index.md\n  - Money: payments/get-a-refund.md\n"
    )
    assert made.read("docs/_data/redirects.yml").endswith("\nrefunds.md: payments/get-a-refund.md\n")
    assert made.json("translate", "--dry-run")["segments"] == 0


def test_redirects_lead_to_the_newest_place_and_never_in_circles(made: Base) -> None:
    made.kbtool("mv", "refunds.md", "a.md")
    made.kbtool("mv", "a.md", "b.md")
    assert made.read("docs/_data/redirects.yml").split("\n")[1:] == ["a.md: b.md", "refunds.md: b.md", ""]
    made.kbtool("mv", "b.md", "refunds.md")
    assert made.read("docs/_data/redirects.yml").split("\n")[1:] == ["a.md: refunds.md", "b.md: refunds.md", ""]


def test_a_folder_moves(made: Base) -> None:
    made.kbtool("mv", "refunds.md", "billing/refunds.md")
    made.kbtool("mv", "billing", "payments")
    assert (made.root / "translations/de/payments/refunds.ledger.yml").exists()
    assert not (made.root / "docs/billing").exists()


def test_nothing_moves_onto_something_or_out_of_docs(made: Base) -> None:
    for old, new in [
        ("refunds.md", "index.md"),
        ("nothing.md", "x.md"),
        ("refunds.md", "../x.md"),
        ("refunds.md", "/x.md"),
    ]:
        made.kbtool("mv", old, new, code=2)
    assert made.git("status", "--porcelain") == ""


def test_what_was_moved_by_hand_follows_with_mv_or_translate(made: Base) -> None:
    before = made.counts("refunds.md")
    made.git("mv", "docs/refunds.md", "docs/money-back.md")
    assert made.counts("money-back.md") == before
    made.kbtool("mv", "refunds.md", "money-back.md")
    assert (made.root / "translations/de/money-back.ledger.yml").exists()
    assert "money-back.md#how" in made.read("docs/index.md")
    made.git("mv", "docs/money-back.md", "docs/cash.md")
    made.kbtool("translate", "--to", "de")
    assert (made.root / "translations/de/cash.ledger.yml").exists()
    assert not (made.root / "translations/de/money-back.md").exists()
    assert made.counts("cash.md") == before


def test_orphans_are_listed_and_removed_only_on_request(made: Base) -> None:
    (made.root / "docs/refunds.md").unlink()
    made.kbtool("translate")
    assert "translations/de/refunds.md" in made.kbtool("orphans")
    made.kbtool("orphans", "--to", "de", "--remove")
    assert not (made.root / "translations/de/refunds.md").exists()
    assert [each["path"] for each in made.json("orphans")["orphans"]] == ["translations/es/refunds.md"]
    made.write("translations/es/refunds.md", "Texto nuevo.\n")
    made.kbtool("orphans", "--remove", code=1)
    assert (made.root / "translations/es/refunds.md").exists(), "what is not in git could not be brought back"


def test_translations_that_were_there_before_are_adopted(made: Base) -> None:
    made.write("docs/new.md", "# New\n\nOne thing to read.\n\nAnother thing.\n")
    made.write("translations/de/new.md", "# Neu\n\nEine Sache.\n\nAnother thing.\n")
    planned = made.json("adopt", "--dry-run")
    assert planned["locales"] == {"de": {"articles": 1, "tied": 2, "untied": 1, "added": 0}}
    assert planned["written"] == ["translations/de/new.ledger.yml"]
    assert not (made.root / "translations/de/new.ledger.yml").exists()
    made.kbtool("adopt")
    assert "2 segments tied, 1 without translation, 0 added" in made.said
    assert made.read("translations/de/new.md") == "# Neu\n\nEine Sache.\n\nAnother thing.\n"
    assert made.counts("new.md") == {"needs-review": 2, "missing": 1}
    assert "ok:" not in made.read("translations/de/new.ledger.yml")


@pytest.mark.parametrize(
    ("text", "here", "there", "after"),
    [
        ("[a](x.md)", "a.md", "b/a.md", "[a](../x.md)"),
        ("[a](x.md?q#f)", "a.md", "b/a.md", "[a](../x.md?q#f)"),
        ("[a](#f) [b](https://x.org/x.md) [c](/x.md) [d](mailto:a@b.c)", "a.md", "b/a.md", None),
        ("![a](../i/p.png){ width=3 }", "b/a.md", "a.md", "![a](i/p.png){ width=3 }"),
        ("[a](<x.md>) [b]({{ url }})", "a.md", "b/a.md", "[a](<../x.md>) [b]({{ url }})"),
        ("[a](folder/)", "a.md", "b/a.md", "[a](../folder/)"),
        ("[a](x.md)", "a.md", "b.md", None),
    ],
)
def test_links_of_a_page_that_moves(text: str, here: str, there: str, after: str | None) -> None:
    assert relink(text, here, lambda path: path, there) == (after or text)
