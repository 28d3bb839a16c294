"""`kbtool review`: what changed on either side, the most important first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_base import Base

from kbtool.core.diff import Op, words
from kbtool.core.queue import read_views, views_of

texts = st.text(st.sampled_from("ab  c.,\näß日本語テ 한"), max_size=30) | st.text(max_size=15)


@given(texts, texts)
def test_a_word_diff_leads_from_one_text_to_the_other(old: str, new: str) -> None:
    found = words(old, new)
    assert "".join(c.text for c in found if c.op is not Op.NEW) == old
    assert "".join(c.text for c in found if c.op is not Op.GONE) == new
    assert all(c.text for c in found)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Refunds take three days.", "Refunds take two days.", "Refunds take [three|two] days."),
        ("a b c d", "a x y d", "a [b c|x y] d"),
        ("返金には三日かかります", "返金には二日かかります", "返金には[三|二]日かかります"),
        ("same", "same", "same"),
    ],
)
def test_people_read_words(old: str, new: str, shown: str) -> None:
    said = "".join({Op.SAME: "{}", Op.GONE: "[{}|", Op.NEW: "{}]"}[c.op].format(c.text) for c in words(old, new))
    assert said == shown


@pytest.fixture
def made(base: Base) -> Iterator[Base]:
    base.kbtool("translate")
    base.kbtool("approve", "de", "refunds.md", "--by", "ana")
    base.commit("translated")
    yield base


def only_segment(base: Base, *args: str) -> dict[str, object]:
    (sheet,) = base.json("review", "--to", "de", "refunds.md", *args)["sheets"]
    (segment,) = sheet["segments"]
    assert sheet["folded"] == 5
    return dict(segment)


def test_the_three_parts_are_shown_and_the_rest_is_folded(made: Base) -> None:
    made.edit("docs/refunds.md", "three days", "two days")
    made.kbtool("translate", "--to", "de")
    segment = only_segment(made)
    assert segment["state"] == "stale"
    assert segment["number"] == 3
    assert {"op": "gone", "text": "three"} in segment["source_change"]  # type: ignore[operator]
    assert {"op": "new", "text": "two"} in segment["source_change"]  # type: ignore[operator]
    assert segment["proposal"]
    said = made.kbtool("review", "--to", "de")
    assert "Refunds take [-three-]{+two+} days to arrive." in said
    assert "proposal " in said
    assert "(5 segments unchanged)" in said


def test_what_a_person_changed_in_the_translation_is_shown(made: Base) -> None:
    german = made.read("translations/de/refunds.md").splitlines()
    at = german.index("") + 3
    made.write("translations/de/refunds.md", "\n".join([*german[:at], german[at] + " Neu!", *german[at + 1 :]]) + "\n")
    segment = only_segment(made)
    assert segment["state"] == "needs-review"
    assert segment["source_change"] == []
    assert {"op": "new", "text": " Neu!"} in segment["target_change"]  # type: ignore[operator]
    assert segment["by"] == "hand"


def test_without_history_it_says_so_and_shows_the_rest(made: Base, tmp_path_factory: pytest.TempPathFactory) -> None:
    made.edit("docs/refunds.md", "three days", "two days")
    made.commit("two days")
    shallow = tmp_path_factory.mktemp("shallow") / "kb"
    made.git("clone", "-q", "--depth", "1", f"file://{made.root}", str(shallow))
    assert "the old original is not shown: this clone is shallow" in str(
        only_segment_at(made, "-C", str(shallow))["note"]
    )
    made.kbtool("status")
    (made.root / ".git").rename(made.root / ".not-git")
    assert "there is no git history here" in str(only_segment(made)["note"])


def only_segment_at(base: Base, *at: str) -> dict[str, object]:
    (sheet,) = base.json(*at, "review", "--to", "de", "refunds.md")["sheets"]
    return dict(sheet["segments"][0])


def test_nothing_waits_where_everything_is_approved(made: Base) -> None:
    assert "Nothing waits" in made.kbtool("review", "--to", "de")


def test_findings_of_the_checks_stand_beside_the_text(made: Base) -> None:
    german = made.read("translations/de/refunds.md")
    line = next(x for x in german.splitlines() if "*" in x and "**" in x)
    made.write("translations/de/refunds.md", german.replace(line, "Ohne alles, siehe https://example.org."))
    segment = only_segment(made)
    assert "links, code or emphasis are not those of the original" in segment["findings"]  # type: ignore[operator]


def test_the_most_important_comes_first(made: Base) -> None:
    for name in ("a", "b", "c"):
        made.write(f"docs/{name}.md", f"# Article {name}\n\nSome text of {name}.\n")
    made.kbtool("translate")
    made.write("kbtool.toml", made.read("kbtool.toml") + '[review]\nviews = "views.csv"\n')
    made.write("views.csv", "path,views\n/b/,100\n/de/c/,500\na.md,1\n")
    order = [(each["path"], each["locale"]) for each in made.json("review")["queue"]]
    assert order[:4] == [("docs/c.md", "de"), ("docs/b.md", "de"), ("docs/b.md", "es"), ("docs/a.md", "de")]
    made.edit("docs/refunds.md", "three days", "two days")
    made.kbtool("significance", "refunds.md", "major")
    assert made.json("review")["queue"][0]["major"] is True
    made.write("views.csv", "path,views\na.md,many\n")
    made.kbtool("review", code=1)
    assert "views.csv:2" in made.said


def test_views_are_found_under_every_name_of_a_page() -> None:
    views = read_views("page,views\n/billing/refunds/,5\nbilling/refunds.md,2\n/de/,7\n/,9\n", "v.csv")
    assert views_of("billing/refunds.md", "es", views) == 7
    assert views_of("index.md", "de", views) == 7
    assert views_of("index.md", "es", views) == 9
    assert views_of("other.md", "de", views) is None


def test_nothing_in_an_article_steers_the_terminal(made: Base) -> None:
    made.write("translations/de/refunds.md", made.read("translations/de/refunds.md") + "\n\x1b[2J\x07 Böse.\n")
    assert "\x1b" not in made.kbtool("review", "--to", "de")
