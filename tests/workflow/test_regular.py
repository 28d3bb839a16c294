"""The regular check of originals and translations: what is due, for whom, and the stamp of a review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_base import Base

from kbtool.core.due import due_on
from kbtool.core.owners import owners_of, read_rules
from kbtool.core.stamp import unstamped

SETTINGS = '[review]\nevery = "100d"\nstart = 2026-01-01\n[[policy]]\npath = "legal/**"\nevery = "10d"\nowner = "law"\n'


@pytest.fixture
def made(base: Base) -> Iterator[Base]:
    base.write("kbtool.toml", base.read("kbtool.toml") + SETTINGS)
    base.write("docs/legal/terms.md", "# Terms\n\nBe kind.\n")
    base.write(
        "docs/prices.md",
        "---\ntitle: Prices\nowner: billing\nreview_every: 2w\nreviewed: 2026-01-10 ana\n---\n\n# Prices\n",
    )
    base.write(".github/CODEOWNERS", "* @help\n/docs/refunds.md @money @ben\n")
    base.kbtool("translate", "--to", "de")
    base.commit("made")
    yield base


def due(base: Base, on: str, *more: str) -> dict[str, dict[str, object]]:
    return {each["path"]: each for each in base.json("status", "--due", "--on", on, "--days", "0", *more)["due"]}


def test_everything_falls_due_within_one_interval_and_not_on_one_day(made: Base) -> None:
    assert due(made, "2026-01-01") == {}
    assert len(due(made, "2026-04-11")) == 6
    early = due(made, "2026-01-11").keys()
    assert {"docs/legal/terms.md", "translations/de/legal/terms.md"} <= early
    assert not {"docs/refunds.md", "translations/de/refunds.md"} <= early


def test_an_article_says_itself_when_and_by_whom(made: Base) -> None:
    assert "docs/prices.md" not in due(made, "2026-01-23")
    found = due(made, "2026-01-24")["docs/prices.md"]
    assert (found["owner"], found["due"], found["reviewed"], found["by"]) == (
        "billing",
        "2026-01-24",
        "2026-01-10",
        "ana",
    )
    everything = due(made, "2026-12-31")
    assert everything["docs/legal/terms.md"]["owner"] == "law"
    assert everything["translations/de/refunds.md"]["owner"] == "@money, @ben"
    assert due(made, "2026-12-31", "--owner", "@ben").keys() == {"docs/refunds.md", "translations/de/refunds.md"}
    assert all(each["locale"] == "de" for each in due(made, "2026-12-31", "--to", "de").values())


def test_a_review_is_stamped_and_makes_no_translation_stale(made: Base) -> None:
    states = made.kbtool("status", "--json")
    original = made.read("docs/refunds.md")
    made.kbtool("verify", "docs/refunds.md", "translations/de/refunds.md", "--by", "ben")
    today = date.today().isoformat()
    assert made.read("docs/refunds.md") == original.replace(
        "title: Refunds\n", f"title: Refunds\nreviewed: {today} ben\n"
    )
    assert f"reviews:\n- {today} ben\n" in made.read("translations/de/refunds.ledger.yml")
    assert made.kbtool("status", "--json") == states
    later = (date.today() + timedelta(days=99)).isoformat()
    assert not due(made, later).keys() & {"docs/refunds.md", "translations/de/refunds.md"}
    last = (date.today() + timedelta(days=100)).isoformat()
    assert due(made, last).keys() >= {"docs/refunds.md", "translations/de/refunds.md"}
    made.kbtool("translate", "--to", "de")
    assert made.kbtool("status", "--json") == states
    assert f"- {today} ben\n" in made.read("translations/de/refunds.ledger.yml")


def test_no_translation_has_the_stamp_of_its_original(made: Base) -> None:
    before = made.read("translations/de/refunds.md")
    made.kbtool("verify", "docs/refunds.md", "docs/legal/terms.md", "--by", "ben")
    assert not [f for f in made.json("check", code=0)["findings"] if f["path"].startswith("translations/de/")]
    made.kbtool("translate", "--to", "de")
    assert made.git("status", "--porcelain", "translations") == ""
    made.edit("docs/refunds.md", "three days", "two days")
    made.write("docs/new.md", "---\nreviewed: 2026-01-01 ana\n---\n\n# A new article\n")
    made.kbtool("translate", "--to", "de")
    assert made.read("translations/de/refunds.md").splitlines()[:3] == before.splitlines()[:3]
    assert made.read("translations/de/new.md").startswith("# ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# A\n", "---\nreviewed: DAY ana\n---\n\n# A\n"),
        ("\ufeff# A\n", "\ufeff---\nreviewed: DAY ana\n---\n\n# A\n"),
        ("---\r\ntitle: A\r\n---\r\n# A\r\n", "---\r\ntitle: A\r\nreviewed: DAY ana\r\n---\r\n# A\r\n"),
        ("---\nreviewed: 2020-01-01 ben\ntitle: A\n---\n# A\n", "---\nreviewed: DAY ana\ntitle: A\n---\n# A\n"),
        ("---\nreviewed:\n  2020-01-01\ntitle: A\n---\n", "---\nreviewed: DAY ana\ntitle: A\n---\n"),
        ("---\ntitle: A\n---\nreviewed: never\n", "---\ntitle: A\nreviewed: DAY ana\n---\nreviewed: never\n"),
    ],
)
def test_the_stamp_changes_one_line(base: Base, before: str, after: str) -> None:
    (base.root / "docs/a.md").write_bytes(before.encode())
    base.kbtool("verify", "a.md")
    stamped = (base.root / "docs/a.md").read_bytes().decode()
    assert stamped == after.replace("DAY", date.today().isoformat())
    assert unstamped(stamped) == unstamped(before)


def test_what_is_no_article_is_not_stamped(made: Base) -> None:
    for path in ("docs", "docs/nothing.md", "translations/de/nothing.md", "translations/fr/refunds.md", "legal"):
        made.kbtool("verify", path, "--by", "ana", code=2)


def test_a_wrong_entry_is_said_and_the_usual_interval_holds(made: Base) -> None:
    made.write("docs/a.md", "---\nreview_every: often\n---\n# A\n")
    made.write("docs/b.md", "---\nreviewed: last week\n---\n# B\n")
    found = due(made, "2026-12-31")
    assert "review_every: often" in str(found["docs/a.md"]["note"])
    assert "reviewed: last week" in str(found["docs/b.md"]["note"])
    assert found["docs/a.md"]["every_days"] == 100


def test_a_digest_for_people_and_a_calendar(made: Base) -> None:
    said = made.kbtool("status", "--due", "--digest", "--on", "2026-01-24")
    assert "## billing, en\n" in said
    assert "- [!] `docs/prices.md`: today, last 2026-01-10 by ana" in said
    assert "docs/prices.md" in made.kbtool("status", "--due", "--on", "2026-01-24")
    made.write("docs/" + "long-name-" * 9 + "ü.md", "# Long\n")
    made.kbtool("status", "--ics", "reviews.ics", "--on", "2026-01-24")
    feed = (made.root / "reviews.ics").read_bytes()
    assert feed.count(b"BEGIN:VEVENT") == feed.count(b"END:VEVENT") > 3
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))
    assert b"\n" not in feed.replace(b"\r\n", b"")
    whole = feed.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Review 1 article (en)\\, billing\r\n" in whole
    assert "long-name-" * 9 + "ü.md" in whole


@given(st.integers(2, 800), st.integers(0, 10_000))
def test_first_reviews_are_spread_and_stay_where_they_are(every: int, seed: int) -> None:
    start = date(2026, 1, 1)
    days = [due_on(f"{seed}/{n}.md", None, every, start) for n in range(40)]
    assert all(start < day <= start + timedelta(days=every) for day in days)
    assert Counter(days).most_common(1)[0][1] < 40
    assert days[0] == due_on(f"{seed}/0.md", None, every, start)


RULES = """\
# who answers
*               @all
docs/           @docs
*.md            @writers
/docs/legal/*   @law @ana
billing/        @money
[Section]
/docs/with\\ space.md  @space
/docs/free.md
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("kbtool/x.py", ("@all",)),
        ("docs/x.png", ("@docs",)),
        ("docs/x.md", ("@writers",)),
        ("docs/legal/terms.md", ("@law", "@ana")),
        ("docs/legal/old/terms.md", ("@writers",)),
        ("docs/billing/x/y.md", ("@money",)),
        ("docs/with space.md", ("@space",)),
        ("docs/free.md", ()),
    ],
)
def test_code_owners_are_those_of_the_last_line_that_fits(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(path, read_rules(RULES)) == owners
