"""`kbtool report` and the sums of `kbtool status`: the same figures everywhere, and right ones."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from small_base import Base

from kbtool.core.errors import Refused
from kbtool.core.trend import Day, Mark, read_days, with_day

GOOD = ("approved", "needs-review", "machine")


@pytest.fixture
def centre(base: Base) -> Base:
    """Three sections, page views, every state but orphaned."""
    base.edit("kbtool.toml", 'engine = "pseudo"', 'engine = "pseudo"\n[review]\nevery = "90d"\nstart = 2026-01-01')
    for name, lines in {"billing/cards": 4, "billing/cash": 2, "start/first": 3, "start/next": 5}.items():
        text = "\n\n".join(f"Sentence number {n} of the article {name}." for n in range(lines))
        base.write(f"docs/{name}.md", f"---\ntitle: About {name}\n---\n\n{text}\n")
    base.write("docs/_data/views.csv", "page,views\nbilling/cards,700\n/de/billing/cards/,100\nrefunds.md,300\n")
    base.kbtool("translate", "--to", "de")
    base.kbtool("translate", "--to", "es", "docs/billing")
    base.kbtool("approve", "de", "billing/cards.md", "--by", "ben")
    base.edit("docs/billing/cards.md", "number 1", "number one")
    base.edit("docs/start/first.md", "number 0", "number nil")
    base.edit("translations/de/start/first.md", "0", "null")
    base.edit("translations/de/start/next.md", "3", "drei")
    return base


def recounted(articles: list[dict[str, Any]], locale: str) -> dict[str, Any]:
    """The sums of a locale, from the articles alone."""
    mine = [each for each in articles if each["locale"] == locale]
    weights: dict[str, float] = {}
    for each in mine:
        for state, count in each["counts"].items():
            weights[state] = weights.get(state, 0) + each.get("views", 0) * count / each["segments"]
    views = sum(each.get("views", 0) for each in mine)
    segments = {s: n for each in mine for s in each["counts"] if (n := sum(a["counts"].get(s, 0) for a in mine))}
    return {
        "articles": len(mine),
        "up_to_date": sum(each["state"] in GOOD for each in mine),
        "segments": segments,
        "coverage": round(sum(segments.get(s, 0) for s in GOOD) / sum(segments.values()), 4),
        "machine": round(segments.get("machine", 0) / sum(segments.values()), 4),
        "views": views,
        "coverage_by_views": round(sum(weights.get(s, 0) for s in GOOD) / views, 4),
        "machine_by_views": round(weights.get("machine", 0) / views, 4),
    }


def test_the_sums_are_those_of_the_articles(centre: Base) -> None:
    told = centre.json("status")
    for each in told["locales"]:
        expected = recounted(told["articles"], each["locale"])
        assert {key: each[key] for key in expected} == expected
    billing = next(s for s in told["sections"] if (s["section"], s["locale"]) == ("billing", "de"))
    assert (billing["articles"], billing["up_to_date"], billing["views"]) == (2, 1, 100)
    for key in ("articles", "up_to_date"):
        for locale in told["locales"]:
            parts = [s[key] for s in told["sections"] if s["locale"] == locale["locale"]]
            assert sum(parts) == locale[key]


def test_the_table_shows_sections_and_what_share_of_page_views_they_are_for(centre: Base) -> None:
    said = centre.kbtool("status")
    (line,) = re.findall(r"^billing .*$", said, re.M)
    assert re.split(r"  +", line) == ["billing", "1 of 2, 80 % of views", "1 of 2, 80 % of views"]
    assert "start" in said and "(top)" in said


def test_new_page_views_count_at_once(centre: Base) -> None:
    before = centre.json("status")["locales"][0]["views"]
    centre.write("docs/_data/views.csv", "path,views,locale\ncash,1,de\nbilling/cash.md,40,de\nbilling/cash.md,9,\n")
    (german, spanish) = centre.json("status")["locales"]
    assert (before, german["views"], spanish["views"]) == (400, 40, 9)
    centre.write("docs/_data/views.csv", "path,views\nrefunds.md,many\n")
    centre.kbtool("status", code=1)
    assert "docs/_data/views.csv:2" in centre.said


def test_the_report_has_the_figures_of_status_of_the_calendar_and_of_a_dry_run(centre: Base) -> None:
    status, report = centre.json("status"), centre.json("report", "--on", "2026-11-22")
    assert report["locales"] == status["locales"]
    assert report["sections"] == status["sections"]
    due = centre.json("status", "--due", "--on", "2026-11-22", "--days", "0")["due"]
    assert report["overdue_files"] == sum(each["overdue"] for each in due)
    assert sum(each["originals"] + each["translations"] for each in report["overdue"]) == len(due)
    everything = centre.json("translate", "--dry-run")
    for key in ("segments", "characters", "requests"):
        assert sum(bill[key] for bill in report["to_do"]) == everything[key]
    lacking = [a for a in status["articles"] if a["state"] not in GOOD]
    assert {(g["path"], g["locale"]) for g in report["gaps"]} == {(a["path"], a["locale"]) for a in lacking}
    most = report["gaps"][0]
    assert (most["path"], most["locale"], most["title"], most["views"]) == ("docs/refunds.md", "es", "Refunds", 300)


@pytest.mark.parametrize("command", ["status", "report"])
def test_what_is_printed_for_machines_is_what_the_schema_says(centre: Base, command: str) -> None:
    schema = json.loads(centre.kbtool(command, "--schema"))
    Draft202012Validator.check_schema(schema)
    centre.kbtool("report", "--record", "--on", "2026-11-01")
    Draft202012Validator(schema).validate(centre.json(command))
    (centre.root / "docs/_data/views.csv").unlink()
    centre.write("translations/de/refunds.ledger.yml", "segments:\n<<<<<<<\n")
    centre.kbtool(command, "--json", code=int(command == "status"))
    Draft202012Validator(schema).validate(json.loads(centre.said))


def test_every_figure_on_the_page_is_one_of_the_report(centre: Base) -> None:
    report = centre.json("report")
    centre.kbtool("report", "--out", "out/board.html")
    page = centre.read("out/board.html")
    words = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.S).split())
    for each in report["locales"]:
        shares = [round(100 * each[key]) for key in ("coverage", "coverage_by_views", "machine")]
        for share in shares:
            assert f"{share} %" in words
        assert f"{each['up_to_date']} of {each['articles']} articles" in words
    for each in report["sections"]:
        assert f"{each['up_to_date']} of {each['articles']}" in words
    characters = sum(bill["characters"] for bill in report["to_do"])
    assert f"{characters:,} characters to translate" in words
    assert f"Overdue reviews {report['overdue_files']} of" in words


def test_titles_of_others_are_text_on_the_page(base: Base) -> None:
    base.write(
        "docs/evil.md",
        '---\ntitle: "<img src=x onerror=alert(1)> </style>\'\\" {{ 7*7 }}"\nowner: <b>me\n---\n\nText.\n',
    )
    base.edit("mkdocs.yml", "site_name: Help", "site_name: '<script>alert(1)</script>'")
    base.kbtool("report")
    page = base.read("report.html")
    assert "<img" not in page and "<script" not in page and "<b>me" not in page
    assert page.count("</style>") == 1
    assert "&lt;img src=x onerror=alert(1)&gt;" in page and "{{ 7*7 }}" in page


def test_without_locales_git_or_articles_there_is_still_a_page(base: Base) -> None:
    base.write("kbtool.toml", 'source = "en"\n')
    (base.root / ".git").rename(base.root.parent / "elsewhere")
    assert base.json("report")["locales"] == []
    base.kbtool("report")
    assert "There is no target language yet" in base.read("report.html")
    (base.root / "docs/refunds.md").unlink()
    base.kbtool("report")
    assert "0 articles" in base.read("report.html")


# -- over time


def test_a_day_is_recorded_once_and_the_page_draws_a_line_from_the_second_on(centre: Base) -> None:
    centre.kbtool("report", "--on", "2026-11-01")
    assert "There is one day so far" in centre.read("report.html")
    centre.kbtool("report", "--record", "--on", "2026-11-01")
    first = centre.read("docs/_data/history.jsonl")
    centre.kbtool("report", "--record", "--on", "2026-11-01")
    assert centre.read("docs/_data/history.jsonl") == first
    centre.kbtool("translate")
    centre.kbtool("report", "--record", "--on", "2026-11-01")
    assert centre.read("docs/_data/history.jsonl").count("\n") == 1
    centre.kbtool("report", "--record", "--on", "2026-11-08")
    assert centre.read("docs/_data/history.jsonl").count("\n") == 2
    page = centre.read("report.html")
    assert 'class="plain" d="M' in page and "2026-11-01" in page and "±0 in four weeks" in page
    assert [day["on"] for day in centre.json("report", "--on", "2026-11-08")["trend"]] == ["2026-11-01", "2026-11-08"]


def test_days_of_two_branches_merge_without_a_person(centre: Base) -> None:
    centre.write(".gitattributes", "docs/_data/history.jsonl merge=union\n")
    centre.kbtool("report", "--json", "--record", "--on", "2026-11-01")
    centre.commit("first")
    centre.git("switch", "-q", "-c", "other")
    centre.kbtool("report", "--json", "--record", "--on", "2026-11-08")
    centre.commit("other")
    centre.git("switch", "-q", "main")
    centre.kbtool("report", "--json", "--record", "--on", "2026-11-15")
    centre.commit("main")
    centre.git("merge", "-q", "--no-edit", "other")
    days = [day["on"] for day in centre.json("report", "--on", "2026-11-16")["trend"]]
    assert days == ["2026-11-01", "2026-11-08", "2026-11-15"]


def test_a_broken_line_of_the_history_is_named(centre: Base) -> None:
    centre.write("old.jsonl", '{"on": "2026-11-01", "articles": 1, "overdue": 0, "locales": {}}\n<<<<<<< HEAD\n')
    centre.kbtool("report", "--history", "old.jsonl", code=1)
    assert "old.jsonl:2" in centre.said


SHARES = st.none() | st.floats(0, 1).map(lambda share: round(share, 4))
MARKS = st.builds(Mark, SHARES, SHARES, SHARES)
DAYS = st.builds(
    Day, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 9999), st.integers(0, 9999),
    st.dictionaries(st.sampled_from(["de", "pt-BR", "zh-Hans"]), MARKS),
)  # fmt: skip


@given(st.lists(DAYS, max_size=6), DAYS)
def test_what_was_written_is_read_and_a_day_stands_there_once(days: list[Day], again: Day) -> None:
    text = ""
    for day in (*days, again):
        text = with_day(text, day)
    found = read_days(text, "h")
    last = {day.on: day for day in (*days, again)}
    assert found == tuple(last[on] for on in sorted(last))
    assert text.count("\n") == len(last)
    assert with_day(text, again) == with_day(with_day(text, again), again)


@pytest.mark.parametrize(
    "line", ["[]", "{}", "null", '{"on": 3}', '{"on":"2026-13-01","articles":1,"overdue":0,"locales":{}}']
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(Refused, match="h:1"):
        read_days(line, "h")
