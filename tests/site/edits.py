"""Everything that people do to a knowledge base between two builds, at random but the same for the same seed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from kbtool.commands.moves import move
from kbtool.commands.regular import verify
from kbtool.commands.translate import translate
from kbtool.commands.verdicts import Judge, declare, judge
from kbtool.core.errors import KbError
from kbtool.project import Project
from tests.site import builds
from tests.site.conftest import png, write
from tests.site.small_site import MKDOCS, SETTINGS, commit

#: an edit changes the world and says what it did; nothing, where it does not apply just then
Edit = Callable[["World"], str]
LOCALES = ("de", "ar")


@dataclass
class World:
    """One knowledge base, the day, and a die."""

    root: Path
    chance: random.Random
    today: date = date(2026, 10, 1)
    count: int = 0
    past: list[dict[str, bytes]] = field(default_factory=list)

    def word(self) -> str:
        self.count += 1
        return f"zorilla{self.count}"

    def articles(self) -> list[str]:
        docs = self.root / "docs"
        found = (f.relative_to(docs).as_posix() for f in docs.rglob("*.md"))
        return sorted(path for path in found if not path.startswith("_"))

    def article(self) -> str:
        return self.chance.choice(self.articles())

    def translations(self) -> list[Path]:
        found = (f for f in (self.root / "translations").rglob("*.md"))
        return sorted(found)

    def read(self, path: str | Path) -> str:
        return (self.root / path).read_text("utf-8")

    def write(self, path: str | Path, text: str | bytes) -> None:
        write(self.root, {str(path): text})

    def replace(self, path: str | Path, old: str, new: str) -> None:
        self.write(path, self.read(path).replace(old, new, 1))

    def files(self) -> dict[str, bytes]:
        """What people keep: everything but git's and kbtool's own, and the built sites."""
        found = {}
        for file in sorted(self.root.rglob("*")):
            name = file.relative_to(self.root).as_posix()
            if file.is_file() and name.split("/")[0] not in (".git", ".kbtool", "site"):
                found[name] = file.read_bytes()
        return found

    def put_back(self, files: dict[str, bytes]) -> None:
        for name in self.files().keys() - files.keys():
            (self.root / name).unlink()
        write(self.root, {k: v for k, v in files.items() if self.files().get(k) != v})

    def project(self) -> Project:
        return Project.at(self.root)


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


# -- originals


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
            "hide: [toc, footer]",
            "search: {exclude: true}",
            "template: none.html",
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
    name = world.chance.choice([world.word(), "index", "README"])
    path = f"{folder}{name}.md"
    if (world.root / "docs" / path).exists():
        return ""
    links = "\n".join(f"- [{world.word()}]({_link(world.article(), folder)})" for _ in range(2))
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
    path = world.article()
    world.write(f"docs/{path}", world.read(f"docs/{path}").replace("\r\n", "\n").replace("\n", "\r\n"))
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


# -- what stands around the articles


def settings(world: World) -> str:
    old, new = world.chance.choice(
        [
            ('"internal/**" = "agent"', '"internal/**" = "agent"\n"devices/**" = "agent"'),
            ('"internal/**" = "agent"', '"internal/**" = "agent"\n"billing/inv*" = "senior"'),
            ('every = "180d"', f'every = "{world.chance.choice([10, 45, 400])}d"'),
            ('locales = ["de", "ar"]', 'locales = ["ar", "de"]'),
            ('locales = ["de", "ar"]', 'locales = ["de", "ar", "pt-BR"]'),
            ('locales = ["de", "ar"]', 'locales = ["de"]'),
            ('mail = "help@example.com"', f'mail = "{world.word()}@example.com"'),
            ("[site.contact]", "[site]\nmarkdown = false\n[site.contact]"),
            ("[site.contact]", "[site]\ncsp = false\n[site.contact]"),
            ("[site.contact]", '[site]\nfront_matter = ["owner"]\n[site.contact]'),
            ("[site.contact]", '[site.urls]\ncustomers = "https://shop.example.com/"\n[site.contact]'),
            ("[site.contact]", '[site.feedback]\nendpoint = "/say"\n[site.contact]'),
            ("[review]", '[editions.customers]\naudience = "public"\n[editions.agents]\naudience = "senior"\n[review]'),
        ]
    )
    world.write("kbtool.toml", SETTINGS.replace(old, new, 1))
    return f"kbtool.toml: {new!r}"


def configuration(world: World) -> str:
    old, new = world.chance.choice(
        [
            ("navigation.sections, ", ""),
            ("navigation.footer", "navigation.footer, navigation.tabs, navigation.path"),
            ("site_name: Trial", f"site_name: {world.word()}"),
            ("site_name: Trial", "site_name: Trial\nuse_directory_urls: false"),
            ("site_name: Trial", f"site_name: Trial\ncopyright: {world.word()}"),
            ("site_url: https://help.example.com/kb/\n", ""),
            ("permalink: true", "permalink: false"),
            ("permalink: true", "permalink: true, toc_depth: 2"),
            ("extra_css: [css/own.css]\n", ""),
            ("  - tables\n", ""),
            ("  - admonition\n", ""),
            ("theme:\n", "nav: [index.md, {Money: [billing/refunds.md, billing/invoices.md]}]\ntheme:\n"),
            ("theme:\n", f"nav:\n  - index.md\n  - {world.word()}: billing/refunds.md\n  - Night: internal/\ntheme:\n"),
            ("theme:\n", "exclude_docs: |\n  devices/w*\ntheme:\n"),
            ("font: false", "font: false\n  palette: {scheme: slate}"),
            ("font: false", "font: false\n  logo: img/form.png"),
            ("markdown_extensions:\n", "hooks: [hooks/say.py]\nmarkdown_extensions:\n"),
            ("markdown_extensions:\n", f"extra: {{kept: {world.word()}}}\nmarkdown_extensions:\n"),
        ]
    )
    world.write(
        "hooks/say.py", f"def on_page_markdown(markdown, **rest):\n    return markdown + '\\n\\n{world.word()}'\n"
    )
    world.write("mkdocs.yml", MKDOCS.replace(old, new, 1))
    return f"mkdocs.yml: {new!r} for {old!r}"


def hook(world: World) -> str:
    """Code of the site's own, which may do anything to a page."""
    event = world.chance.choice(["on_page_markdown(markdown, ", "on_page_content(html, ", "on_post_page(output, "])
    name = event.partition("(")[2].partition(",")[0]
    world.write("hooks/say.py", f"def {event}**rest):\n    return {name}.replace('three', '{world.word()}')\n")
    if "hooks:" not in world.read("mkdocs.yml"):
        world.replace("mkdocs.yml", "markdown_extensions:\n", "hooks: [hooks/say.py]\nmarkdown_extensions:\n")
    return f"a hook {event}…)"


def override(world: World) -> str:
    name, text = world.chance.choice(
        [
            ("main.html", '{% extends "base.html" %}{% block announce %}NEW{% endblock %}\n'),
            ("main.html", '{% extends "base.html" %}{% block footer %}{% include "own.html" %}{% endblock %}\n'),
            ("own.html", "<p>NEW</p>\n"),
            ("partials/copyright.html", "<b>NEW</b>\n"),
            ("partials/kb-after.html", "<b>NEW {{ page.title }}</b>\n"),
            ("404.html", '{% extends "main.html" %}{% block content %}NEW{% endblock %}\n'),
        ]
    )
    if "own.html" in text and not (world.root / "overrides/own.html").exists():
        world.write("overrides/own.html", "<p>own</p>\n")
    world.write(f"overrides/{name}", text.replace("NEW", world.word()))
    return f"overrides/{name} with {text!r}"


def no_override(world: World) -> str:
    names = [f for f in (world.root / "overrides").rglob("*.html") if f.name != "own.html"]
    if not names:
        return ""
    gone = world.chance.choice(sorted(names))
    gone.unlink()
    return f"{gone.relative_to(world.root)} gone"


def asset(world: World) -> str:
    name = world.chance.choice(
        ["docs/img/form.png", "docs/img/map.png", "translations/de/img/form.png", "docs/css/own.css"]
    )
    if name.endswith("css"):
        world.write(name, f".{world.word()} {{ color: red; background: url(../img/map.png) }}\n")
    elif name.startswith("translations") and (world.root / name).exists():
        (world.root / name).unlink()
    else:
        world.write(name, png(world.word()))
    return f"{name} changed"


def data_file(world: World) -> str:
    name, text = world.chance.choice(
        [
            ("docs/_data/redirects.yml", f"old/{world.word()}.md: {world.article()}\nmoney.md: {world.article()}\n"),
            ("docs/_data/redirects.yml", ""),
            ("docs/_data/synonyms.txt", f"{world.word()}, refund\n"),
            ("docs/_data/synonyms.agent.txt", f"{world.word()} => refund\n"),
            ("translations/de/synonyms.txt", f"{world.word()}, Geld\n"),
            ("docs/_data/most-read.txt", f"{world.article()}\n{world.article()}\n"),
            ("translations/de/glossary.csv", f"refund,{world.word()}\n"),
            ("translations/de/nav.yml", f"Billing: {world.word()}\nNight: Nacht\n"),
            ("translations/ar/nav.yml", "Devices: أجهزة\n"),
            ("docs/_data/tags.yml", f"money: {world.word()}\n"),
        ]
    )
    world.write(name, text)
    return f"{name}: {text!r}"


def snippet(world: World) -> str:
    """What several articles include."""
    if world.chance.random() < 0.3:
        path = world.article()
        world.write(f"docs/{path}", f'{world.read(f"docs/{path}")}\n--8<-- "note.md"\n')
        return f"{path} includes a snippet"
    world.write("docs/_snippets/note.md", f"A note on {world.word()}.\n\n/// agent\nAgents only.\n///\n")
    return "the snippet changed"


# -- time and files


def go_back(world: World) -> str:
    """As `git checkout` of an earlier commit."""
    world.put_back(world.chance.choice(world.past))
    return "everything as it was at some earlier time"


def one_file_back(world: World) -> str:
    earlier = world.chance.choice(world.past)
    name = world.chance.choice(sorted(earlier))
    world.write(name, earlier[name])
    return f"{name} as it was at some earlier time"


def touch(world: World) -> str:
    name = world.chance.choice(sorted(world.files()))
    os.utime(world.root / name)
    return f"{name} touched"


def same_stat(world: World) -> str:
    """Another text of the same length, which claims to be as old as the one before."""
    path = world.article()
    file = world.root / "docs" / path
    before, old = file.stat(), world.read(file)
    new = old.replace("e", "u", 3)
    world.write(file, new)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    return f"{path} changed with its size and time as before" if new != old else ""


def days_pass(world: World) -> str:
    world.today += timedelta(days=world.chance.choice([1, 40, 200]))
    return f"it is {world.today}"


def commits(world: World) -> str:
    commit(world.root, f"{world.today}T12:00:00Z")
    return "git commit"


# -- misfortune


def hurt_site(world: World) -> str:
    """Somebody deletes, changes or adds a file in the built site."""
    found = sorted(f for f in (world.root / "site").rglob("*") if f.is_file() and f.name != "404.html")
    if not found:
        return ""
    file = world.chance.choice(found)
    match world.chance.randrange(4):
        case 0:
            file.unlink()
        case 1:
            before = file.stat()
            file.write_bytes(bytes(reversed(file.read_bytes())))
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        case 2:
            file.with_name("foreign.html").write_text(world.word())
        case _:
            file.with_name("foreign").mkdir(exist_ok=True)
    return f"{file.relative_to(world.root)} hurt by hand"


def hurt_cache(world: World) -> str:
    """A full disk, a crash, a curious person: anything may stand in the cache."""
    found = sorted(f for f in (world.root / ".kbtool" / "cache").rglob("*") if f.is_file())
    found += sorted(f for f in (world.root / ".kbtool" / "stage").rglob("*") if f.is_file())
    if not found:
        return ""
    how = world.chance.choice(["empty", "cut", "noise", "gone"])
    for file in world.chance.sample(found, min(len(found), world.chance.choice([1, 5, 1000]))):
        content = file.read_bytes()
        match how:
            case "empty":
                file.write_bytes(b"")
            case "cut":
                file.write_bytes(content[: len(content) // 2])
            case "noise":
                file.write_bytes(world.chance.randbytes(64))
            case _:
                file.unlink()
    return f"cache files {how}"


def no_cache(world: World) -> str:
    shutil.rmtree(world.root / ".kbtool", ignore_errors=True)
    return "the cache is gone"


def other_build(world: World) -> str:
    """Only a part is built, or somewhere else: neither may mislead the next build."""
    match world.chance.randrange(4):
        case 0:
            builds.build(world.root, editions=["agents"], today=world.today)
            return "only the agents' edition built"
        case 1:
            builds.build(world.root, locales=["de"], today=world.today)
            return "only German built"
        case 2:
            builds.build(world.root, out=world.root.parent / "elsewhere", today=world.today)
            return "built elsewhere"
        case _:
            shutil.rmtree(world.root / "site", ignore_errors=True)
            return "the built sites are gone"


def killed(world: World) -> str:
    """A build dies; what stands there is an edition as it was or as it will be, whole."""
    old = builds.sites(world.root)
    delay = world.chance.uniform(0.05, 3.0)
    if builds.build(world.root, today=world.today, kill_after=delay) is not None:
        return "a build that was too quick to be killed"
    found = builds.sites(world.root)
    built, new = builds.clean(world.root, today=world.today)
    for name, site in found.items():
        whole = site == old[name] or (not built.refused and site == new[name])
        assert whole, f"{name} is neither the old site nor the new one after a kill at {delay:.2f} s"
    return f"a build killed after {delay:.2f} s"


def _link(path: str, folder: str) -> str:
    return os.path.relpath(path, folder or ".")


ORDINARY: tuple[Edit, ...] = (
    prose, change_words, heading, new_heading, title, front_title, audience, facts, facts, add, delete,
    rename_by_hand, rename, swap, line_ends, edit_translation, translated_title, delete_translation, delete_and_edit,
    run_translate, verdict, verdict, significance, stamp, settings, settings, configuration, configuration, hook,
    override, no_override, asset, data_file, data_file, snippet, go_back, one_file_back, touch, same_stat, days_pass,
    commits, hurt_site, hurt_cache, no_cache, other_build, killed,
)  # fmt: skip


def some_edit(world: World) -> str:
    """Do something; gives what."""
    while True:
        edit = world.chance.choice(ORDINARY)
        before = world.files()
        try:
            if said := edit(world):
                return f"{edit.__name__}: {said}"
        except (KbError, IndexError):  # a command that says no, nothing there to choose from
            world.put_back(before)
