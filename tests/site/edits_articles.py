"""What writers do to originals and translations between two builds, by hand and with kbtool."""

from __future__ import annotations

import os

from kbtool.commands.moves import move
from kbtool.commands.regular import verify
from kbtool.commands.translate import translate
from kbtool.commands.verdicts import Judge, declare, judge
from tests.site.world import LOCALES, Edit, World


def front(world: World, path: str, line: str) -> str:
    """Put a line into an article's front matter, in place of one with the same key."""
    text = world.read(f"docs/{path}")
    if not text.startswith("---\n"):
        text = f"---\n---\n{text}"
    head, _, body = text[4:].partition("---\n")
    key = line.partition(":")[0]
    lines = [x for x in head.splitlines() if not x.startswith(f"{key}:")]
    world.write(f"docs/{path}", "---\n" + "".join(f"{x}\n" for x in (*lines, line)) + f"---\n{body}")
    return f"front matter of {path}: {line}"


def prose(world: World) -> str:
    path = world.article()
    world.write(f"docs/{path}", f"{world.read(f'docs/{path}')}\nA sentence about {world.word()}.\n")
    return f"a sentence more in {path}"


def change_words(world: World) -> str:
    path, old, new = world.article(), *world.chance.sample(["three", "the", "a", "and", "see", "more", "All"], 2)
    world.replace(f"docs/{path}", f" {old} ", f" {new} ")
    return f"{old} is {new} in {path}"


def heading(world: World) -> str:
    path = world.article()
    world.replace(f"docs/{path}", "\n## ", f"\n## {world.word()} ")
    return f"another heading in {path}"


def new_heading(world: World) -> str:
    path = world.article()
    world.write(f"docs/{path}", f"{world.read(f'docs/{path}')}\n## The button\n\nOf {world.word()}.\n")
    return f"a heading more in {path}"


def title(world: World) -> str:
    path = world.article()
    world.replace(f"docs/{path}", "# ", f"# {world.word().title()} ")
    return f"another title of {path}"


def front_title(world: World) -> str:
    return front(world, world.article(), f"title: About {world.word()}")


def audience(world: World) -> str:
    return front(world, world.article(), f"audience: {world.chance.choice(['agent', 'public', 'senior', 'agnet'])}")


def facts(world: World) -> str:
    line = world.chance.choice(
        [
            f"description: On {world.word()}.",
            f"keywords: {world.word()}, money",
            f"tags: [{world.chance.choice(['money', 'night'])}, {world.word()}]",
            "reviewed: 2026-01-01 ben",
            f"reviewed: {world.today} ben",
            f"category: {world.word()}",
            "hide: [navigation]",
            "search: {2026-01-01: night, boost: 2}",
            "hide: [toc, footer]",
            "search: {exclude: true}",
            "template: none.html",
            "template: own.html",
            "status: new",
            "icon: material/lifebuoy",
            f"owner: {world.word()}",
            f"next: {world.article()}",
            f"related: [{world.article()}, {world.article()}]",
            "review_every: 7d",
        ]
    )
    return front(world, world.article(), line)


def add(world: World) -> str:
    folder = world.chance.choice(["", "billing/", "devices/", "new/", "new/deep/", "internal/"])
    name = world.chance.choice([world.word(), f"größe {world.word()}", "index", "README"])
    path = f"{folder}{name}.md"
    if (world.root / "docs" / path).exists():
        return ""
    links = "\n".join(f"- [{world.word()}]({link(world.article(), folder)})" for _ in range(2))
    world.write(f"docs/{path}", f"# On {world.word()}\n\n{links}\n")
    return f"{path} is new"


def delete(world: World) -> str:
    path = world.article()
    (world.root / "docs" / path).unlink()
    return f"{path} is gone"


def rename_by_hand(world: World) -> str:
    path, new = world.article(), f"{world.chance.choice(['', 'moved/'])}{world.word()}.md"
    (world.root / "docs" / new).parent.mkdir(exist_ok=True)
    (world.root / "docs" / path).rename(world.root / "docs" / new)
    if world.chance.random() < 0.5:
        for locale in LOCALES:
            for end in (".md", ".ledger.yml"):
                at = world.root / "translations" / locale
                if (old := at / path.replace(".md", end)).exists():
                    (at / new).parent.mkdir(exist_ok=True)
                    old.rename(at / new.replace(".md", end))
    return f"{path} is now {new}, by hand"


def rename(world: World) -> str:
    path, new = world.article(), f"{world.chance.choice(['', 'moved/'])}{world.word()}.md"
    move(world.project(), path, new)
    return f"kbtool mv {path} {new}"


def swap(world: World) -> str:
    """Two articles change places, so that each address shows a text that was built before."""
    a, b = (world.article() for _ in range(2))
    texts = world.read(f"docs/{a}"), world.read(f"docs/{b}")
    world.write(f"docs/{a}", texts[1])
    world.write(f"docs/{b}", texts[0])
    return f"{a} and {b} change places"


def line_ends(world: World) -> str:
    translations = [str(file.relative_to(world.root)) for file in world.translations()]
    path = world.chance.choice([f"docs/{world.article()}", *translations[:1], "mkdocs.yml", "kbtool.toml"])
    world.write(path, world.read(path).replace("\r\n", "\n").replace("\n", "\r\n"))
    return f"{path} with Windows' line ends"


# -- translations


def edit_translation(world: World) -> str:
    file = world.chance.choice(world.translations())
    world.write(file, f"{world.read(file)}\nEin Satz über {world.word()}.\n")
    return f"a sentence more in {file.relative_to(world.root)}"


def translated_title(world: World) -> str:
    file = world.chance.choice(world.translations())
    world.replace(file, "# ", f"# {world.word().title()} ")
    return f"another title in {file.relative_to(world.root)}"


def delete_translation(world: World) -> str:
    file = world.chance.choice(world.translations())
    ledger = file.with_suffix(".ledger.yml")
    gone = world.chance.choice([[file], [ledger], [file, ledger]])
    for each in gone:
        each.unlink(missing_ok=True)
    return f"{' and '.join(str(x.relative_to(world.root)) for x in gone)} gone"


def delete_and_edit(world: World) -> str:
    """A page that falls back must follow its original."""
    file = world.chance.choice(world.translations())
    file.unlink()
    path = "/".join(file.relative_to(world.root).parts[2:])
    if not (world.root / "docs" / path).exists():
        return ""
    world.write(f"docs/{path}", f"{world.read(f'docs/{path}')}\nNow {world.word()}.\n")
    return f"{file.relative_to(world.root)} gone and its original edited"


def run_translate(world: World) -> str:
    locale = world.chance.choice(LOCALES)
    translate(world.project(), locales=[locale], paths=[world.article()])
    return f"kbtool translate to {locale}"


def verdict(world: World) -> str:
    locale, path = world.chance.choice(LOCALES), world.article()
    said = world.chance.choice(["approve", "waive", "accept", "reject"])
    judge(world.project(), said, locale, (path,), Judge("ana", world.today, "so"))
    return f"kbtool {said} {locale} {path}"


def significance(world: World) -> str:
    path, level = world.article(), world.chance.choice(["minor", "normal", "major"])
    declare(world.project(), [path], level, Judge("ana", world.today))
    return f"kbtool significance {path} {level}"


def stamp(world: World) -> str:
    given = world.chance.choice(
        [f"docs/{world.article()}", *(str(f.relative_to(world.root)) for f in world.translations())]
    )
    verify(world.project(), [given], "ben", world.today)
    return f"kbtool verify {given}"


def link(path: str, folder: str) -> str:
    return os.path.relpath(path, folder or ".")


ARTICLES: tuple[Edit, ...] = (
    prose, change_words, heading, new_heading, title, front_title, audience, facts, facts, add, delete, rename_by_hand,
    rename, swap, line_ends, edit_translation, translated_title, delete_translation, delete_and_edit, run_translate,
    verdict, verdict, significance, stamp,
)  # fmt: skip
