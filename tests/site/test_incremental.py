"""The law of incremental builds: whatever happened since the last build, the next one gives what a clean one gives.

Two random sequences of edits in CI: in one the menu is whole and the theme has templates of its own, in the other each
page shows its part of the menu, and builds look at what stands near the changes. KBTOOL_SEQUENCES=200 runs so many,
KBTOOL_SEQUENCES=40:80 a part of them. What a failing one did is in its message; its number runs it again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.site import builds
from tests.site.conftest import run, write
from tests.site.edits import some_edit
from tests.site.small_site import MKDOCS, PRUNED, SETTINGS, lay_out
from tests.site.world import World


def sequences() -> Sequence[int]:
    first, _, last = os.environ.get("KBTOOL_SEQUENCES", "").rpartition(":")
    return range(int(first or 0), int(last)) if last else (1, 64)


@pytest.mark.parametrize("seed", sequences())
def test_any_edits_give_what_a_clean_build_gives(seed: int, tmp_path: Path) -> None:
    editions = ((), ("customers",), ("agents",))[seed % 3]
    world = World(tmp_path / "kb", random.Random(seed), (PRUNED, MKDOCS)[seed % 2], editions)
    lay_out(world.root, world.mkdocs)
    story = ["as it was laid out"]
    good = world.files()
    builds.build(world.root, editions=editions, today=world.today)
    for step in range(8):
        world.past.append(world.files())
        story.append("; ".join(some_edit(world) for _ in range(world.chance.choice([1, 1, 2, 3]))))
        built = builds.build(world.root, editions=editions, today=world.today)
        assert built
        if built.refused:
            story[-1] += f" – refused: {built.refused.splitlines()[0]}"
        if built.refused or step == 7 or world.chance.random() < 0.25:
            wanted, sites = builds.clean(world.root, editions=editions, today=world.today, audit=bool(built.refused))
            assert built == wanted, _told(seed, story)
            for name in editions or builds.EDITIONS if not built.refused else ():
                differing = builds.unlike(builds.sites(world.root)[name], sites[name])
                assert not differing, _told(seed, story, name, *differing[:8])
        if built.refused:
            world.put_back(good)
        else:
            good = world.files()


def _told(seed: int, story: list[str], *more: str) -> str:
    return "\n".join([f"sequence {seed}:", *(f"  {n}. {line}" for n, line in enumerate(story)), *more])


def test_a_killed_build_leaves_the_old_site_whole_and_the_next_one_is_right(tmp_path: Path) -> None:
    root, editions = tmp_path / "kb", ("customers",)
    lay_out(root, PRUNED)
    builds.build(root, editions=editions)
    old = builds.sites(root)["customers"]
    for number, delay in enumerate((0.1, 0.4, 0.8)):
        page = root / "docs" / "billing" / "refunds.md"
        page.write_text(f"{page.read_text('utf-8')}\nThe {number}th sentence.\n", "utf-8")
        (root / "docs" / "devices" / "reset.md").unlink(missing_ok=True)
        builds.build(root, editions=editions, kill_after=delay)
        found = builds.sites(root)["customers"]
        assert found == old or found == builds.clean(root, editions=editions)[1]["customers"]
        old = found
    builds.build(root, editions=editions)
    _, wanted = builds.clean(root, editions=editions)
    assert not builds.unlike(builds.sites(root)["customers"], wanted["customers"])
    assert "devices/reset/index.html" not in wanted["customers"]


def test_a_site_that_did_not_change_is_searched_again_when_internal_text_did(tmp_path: Path) -> None:
    """What the customers' template says was no secret until an internal article said it too."""
    root, said = tmp_path / "kb", "The night desk wakes the regional lead after two missed calls from the pager."
    lay_out(root)
    template = f'{{% extends "base.html" %}}{{% block footer %}}<p>{said}</p>{{% endblock %}}\n'
    (root / "overrides" / "main.html").write_text(template, "utf-8")
    first = builds.build(root, editions=["customers"])
    assert first and not first.refused
    internal = root / "docs" / "internal" / "escalation.md"
    internal.write_text(f"{internal.read_text('utf-8')}\n{said}\n", "utf-8")
    second = builds.build(root, editions=["customers"])
    assert second and "internal text from docs/internal/escalation.md" in second.refused


def test_a_variable_of_the_environment_and_a_file_of_page_views_count_as_changes(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    lay_out(root, PRUNED.replace("site_name: Trial", "site_name: Trial\ncopyright: !ENV [KB_NOTE, nobody]"))
    write(root, {"kbtool.toml": SETTINGS.replace("[review]", '[review]\nviews = "data/views.csv"')})
    write(root, {"data/views.csv": "path,views\nbilling/refunds.md,10\n"})

    def built(note: str) -> tuple[str, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KB_NOTE", note)
            run(root, "build", "--edition", "agents", "--executor", "inline")
        site = root / "site" / "agents"
        return (site / "index.html").read_text("utf-8"), (site / "kb" / "dashboard.html").read_text("utf-8")

    assert "by zorilla1" in built("by zorilla1")[0]
    page, board = built("by zorilla2")
    assert "by zorilla2" in page
    write(root, {"data/views.csv": "path,views\nbilling/refunds.md,98765\n"})
    assert built("by zorilla2")[1] != board


def test_what_is_changed_beside_an_article_reaches_its_page(tmp_path: Path) -> None:
    """Changes that leave the text of every page alone: what sequences of edits have once found."""
    root, editions = tmp_path / "kb", ("customers",)
    lay_out(root, PRUNED)
    wifi = (root / "docs" / "devices" / "wifi.md").read_text("utf-8")
    write(root, {"docs/devices/wifi.md": f"---\ntemplate: none.html\n---\n{wifi}\n[Prices](../files/prices.txt)\n"})
    write(root, {"docs/files/prices.txt": "All is free.\n"})
    builds.build(root, editions=editions)
    (root / "docs" / "files" / "prices.txt").unlink()  # the link to it leads nowhere
    write(root, {"translations/de/synonyms.txt": "Geld, Knete\n"})  # the index of one language
    builds.build(root, editions=editions)
    reset = (root / "docs" / "devices" / "reset.md").read_text("utf-8")
    write(root, {"docs/devices/reset.md": reset.replace("# Reset", "# Now reset")})  # the neighbour's way back
    built = builds.build(root, editions=editions)
    wanted, sites = builds.clean(root, editions=editions)
    assert built == wanted
    assert not builds.unlike(builds.site(root / "site" / "customers"), sites["customers"])


def test_a_picture_of_the_theme_comes_back_when_its_stand_in_goes(tmp_path: Path) -> None:
    root, editions, name = tmp_path / "kb", ("customers",), "assets/images/favicon.png"
    lay_out(root, PRUNED)
    stand_in = root / "docs" / name
    for there in (False, True, False):
        if there:
            write(root, {f"docs/{name}": "no picture", "docs/devices/icon.md": f"# Icon\n\n![icon](../{name})\n"})
        else:
            stand_in.unlink(missing_ok=True)
        builds.build(root, editions=editions)
        shown = (root / "site" / "customers" / name).read_bytes()
        assert (shown == b"no picture") == there
