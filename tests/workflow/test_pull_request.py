"""`kbtool status --pull-request`: what a branch changes, for the people who read its pull request."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from small_base import Base

GUIDE = """\
---
title: Guide
---

One sentence before everything.

## Begin

First paragraph. It is short.

## Go on

Second paragraph, with a [link](refunds.md).

- An item.

## End

Last paragraph.
"""


@pytest.fixture
def branch(base: Base) -> Base:
    """A branch of a knowledge base that is translated into German and Spanish."""
    base.write("docs/guide.md", GUIDE)
    base.kbtool("translate")
    base.commit("translated")
    base.git("switch", "-q", "-c", "branch")
    return base


def comment(base: Base, *args: str) -> str:
    return base.kbtool("status", "--pull-request", "main", *args)


def headline(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("**"))


def test_a_changed_paragraph_is_told_in_one_sentence(branch: Base) -> None:
    branch.edit("docs/guide.md", "Last paragraph.", "Last paragraph, now longer.")
    branch.edit("docs/guide.md", "An item.", "An item of the list.")
    branch.commit()
    text = comment(branch)
    assert text.startswith("<!-- kbtool:pull-request -->\n")
    told = branch.json("translate", "--dry-run", "docs/guide.md")
    assert told["characters"] == 2 * len("Last paragraph, now longer." + "An item of the list.")
    assert headline(text) == (
        f"**2 of 3 sections change; 2 translations become stale; {told['characters']} characters to translate; "
        "about 0.00 €.**"
    )
    assert "| 2 of 3 | de becomes stale (2 stale)<br>es becomes stale (2 stale) |" in text
    figures = branch.json("status", "--pull-request", "main")
    assert {key: figures[key] for key in ("segments", "characters", "requests", "cost")} == {
        key: told[key] for key in ("segments", "characters", "requests", "cost")
    }
    assert (figures["changed"], figures["sections"], figures["stale"]) == (2, 3, 2)


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "as it lies here"])
def test_what_is_not_committed_yet_counts_as_well(branch: Base, committed: bool) -> None:
    branch.edit("docs/guide.md", "Last paragraph.", "Last paragraph, now longer.")
    branch.write("docs/new.md", "# New\n\nWords.\n")
    if committed:
        branch.commit()
    told = branch.json("translate", "--dry-run")
    figures = branch.json("status", "--pull-request", "main")
    assert sorted(each["path"] for each in figures["articles"]) == ["docs/guide.md", "docs/new.md"]
    assert figures["characters"] == told["characters"] > 0


def test_links_code_and_white_space_change_no_section(branch: Base) -> None:
    branch.edit("docs/guide.md", "(refunds.md)", "(refunds.md#refunds)")
    branch.edit("docs/guide.md", "First paragraph. It is short.", "First paragraph.\nIt is short.")
    branch.commit()
    assert headline(comment(branch)) == "**0 of 3 sections change; 0 characters to translate.**"


def test_a_section_that_is_taken_out_is_a_change_where_it_stood(branch: Base) -> None:
    branch.edit("docs/guide.md", "\n- An item.\n", "")
    branch.commit()
    assert "1 of 3 sections changes; 2 translations become stale" not in comment(branch)
    assert headline(comment(branch)).startswith("**1 of 3 sections changes")


def test_new_moved_and_removed_articles_are_told_apart(branch: Base) -> None:
    branch.write("docs/new.md", "# New\n\nA text.\n\n## More\n\nMore text.\n")
    branch.kbtool("mv", "guide.md", "help/guide.md")
    branch.commit()
    text = comment(branch)
    assert "<br><code>docs&#47;new&#46;md</code> | 2 of 2 (new) | de missing<br>es missing |" in text
    assert "moved from <code>docs&#47;guide&#46;md</code> | 0 of 3 | – |" in text
    assert "2 translations are missing" in headline(text)
    (branch.root / "docs/refunds.md").unlink()
    branch.commit()
    assert "<code>docs&#47;refunds&#46;md</code> | removed |" in comment(branch)


def test_a_branch_that_translates_lets_translations_catch_up(branch: Base) -> None:
    branch.edit("docs/guide.md", "Last paragraph.", "The very last paragraph.")
    branch.commit()
    branch.git("branch", "-f", "main", "branch")
    branch.kbtool("translate", "--to", "de")
    branch.commit()
    text = comment(branch)
    assert "1 translation catches up" in headline(text)
    assert "| de catches up |" in text


def test_findings_of_the_checks_in_changed_files_are_listed_with_a_way_there(branch: Base) -> None:
    branch.edit("docs/refunds.md", "three days", "[three days](vanished.md)")
    branch.commit("not in the branch")
    branch.git("branch", "-f", "main", "branch")
    branch.edit("docs/guide.md", "Last paragraph.", "See [this](gone.md).")
    branch.commit()
    text = comment(branch, "--links", "https://github.com/acme/help/blob/abc/")
    assert "**1 error in changed files**" in text
    assert 'href="https://github.com/acme/help/blob/abc/docs/guide.md?plain=1#L19"' in text
    assert "vanished" not in text


def test_a_branch_without_articles_says_so(branch: Base) -> None:
    branch.write("README.md", "Hello\n")
    branch.commit()
    assert headline(comment(branch)) == "**No article and no translation changes.**"


def test_a_shallow_clone_says_what_it_cannot_know(branch: Base, tmp_path: Path) -> None:
    branch.edit("docs/guide.md", "Last paragraph.", "Last paragraph, now longer.")
    branch.commit()
    clone = Base(tmp_path / "clone", branch._capture)
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "-b", "branch", f"file://{branch.root}", str(clone.root)], check=True
    )
    text = clone.kbtool("status", "--pull-request", "origin/main")
    assert "It cannot be told what changed: this clone does not reach back" in headline(text)
    assert "fetch-depth: 0" in text
    everything = clone.json("translate", "--dry-run")
    assert f"The whole help centre has {everything['characters']} characters to translate" in headline(text)
    assert clone.json("status", "--pull-request", "origin/main")["unknown"]


def test_bases_that_git_does_not_know_are_refused(branch: Base) -> None:
    for base in ("nowhere", "--output=/tmp/x", ""):
        branch.kbtool("status", "--pull-request", base, code=2)
        assert not Path("/tmp/x").exists()
    branch.kbtool("status", "--pull-request", "main", "--to", "de", code=2)
    (branch.root / ".git").rename(branch.root.parent / "elsewhere")
    branch.kbtool("status", "--pull-request", "main", code=1)
    assert "without git" in branch.said


class Seen(HTMLParser):
    """What a browser finds in a comment: elements with their attributes, and the text outside code and links."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("code", "a"):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text += data


HOSTILE = [
    "@ana and @acme/team, see #12, GH-7, acme/help#3",
    "<img src=x onerror=alert(1)> <!-- --> <script>",
    "a | b | c `x` **y** _z_ ~~w~~ [l](https://evil.example) ![p](https://evil.example/p.png)",
    "https://evil.example www.evil.example ana@example.org",
    "--> </code></a> &lt;b&gt; \\| \\` $x^2$ :tada:",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_titles_names_and_messages_cannot_become_markup_nor_notify_anybody(branch: Base, title: str) -> None:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    name = "docs/" + re.sub(r"[/<>:|\\ ]", "@", title)[:40] + ".md"
    branch.write(name, f'---\ntitle: "{quoted}"\n---\n\nSee [this](gone`@ana`|x.md).\n')
    branch.commit()
    text = comment(branch, "--links", 'https://github.com/"><b>/blob')
    seen = Seen()
    seen.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))
    assert {tag for tag, _ in seen.elements} <= {
        "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "br", "sub", "ul", "li",
    }  # fmt: skip
    assert all(set(attributes) <= {"href", "style"} for _, attributes in seen.elements)
    assert all(a["href"] and a["href"].startswith("https://github.com/") for tag, a in seen.elements if tag == "a")
    assert len([tag for tag, _ in seen.elements if tag == "td"]) == 4
    assert not re.search(r"@\w|#\d", seen.text)
    assert not re.search(r"https?://|www\.", re.sub(r"<[^>]*>", "", text)), "code hosts make links of addresses"
    assert " ".join(title.split())[:40] in seen.text.replace("\u2060", "")
