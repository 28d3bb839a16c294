"""What stands around the articles and changes between two builds: settings, templates, pictures, parts of articles."""

from __future__ import annotations

from pathlib import Path

from tests.site.conftest import png, write
from tests.site.edits_articles import link
from tests.site.small_site import SETTINGS
from tests.site.world import Edit, World

_EMOJI = """\
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
      options: {custom_icons: [brand]}
"""


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
            ("navigation.prune, ", "navigation.prune, navigation.tabs, "),
            ("  font: false\n", "  font: false\n  custom_dir: overrides\n"),
            ("  font: false\n", "  font: false\n  custom_dir: !ENV [KB_NO_SUCH_THEME, overrides]\n"),
            ("site_name: Trial\n", "INHERIT: base.yml\n"),
            ("site_name: Trial\n", '"INHERIT": !ENV [KB_NO_SUCH_FILE, base.yml]\n'),
            ("  - tables\n", f"  - tables\n{_EMOJI}"),
            ("pymdownx.snippets", "pymdownx.snippets: {auto_append: [note.md]}"),
            ("site_name: Trial", "site_name: Trial\nextra_templates: [own.txt]"),
            ("extra_css: [css/own.css]", "extra_css: [css/own.css]\nextra_javascript: [js/own.js]"),
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
    world.write("base.yml", f"site_name: {world.word()}\n")
    world.write("docs/js/own.js", f"let {world.word()};\n")
    world.write("mkdocs.yml", world.mkdocs.replace(old, new, 1))
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
            (
                "main.html",
                '{% extends "base.html" %}{% block footer %}{{ page.next_page.meta.description }}{% endblock %}',
            ),
            (
                "main.html",
                '{% extends "base.html" %}{% block footer %}{% for file in pages %}'
                "{{ file.page.title }}: {{ file.page.meta.description }}{% endfor %}{% endblock %}",
            ),
            ("assets/own.txt", "NEW\n"),
            ("partials/copyright.html", "<b>NEW</b>\n"),
            ("partials/kb-after.html", "<b>NEW {{ page.title }}</b>\n"),
            ("404.html", '{% extends "main.html" %}{% block content %}NEW{% endblock %}\n'),
        ]
    )
    if "own.html" in text and not (world.root / "overrides/own.html").exists():
        world.write("overrides/own.html", "<p>own</p>\n")
    world.write(f"overrides/{name}", text.replace("NEW", world.word()))
    return f"overrides/{name} with {text!r}"


def linked_part(world: World) -> str:
    """A part of a template that several knowledge bases share."""
    parts, link_to = world.root.parent / "parts", world.root / "overrides/linked"
    write(parts, {"part.html": f"<p>{world.word()}</p>\n"})
    if not link_to.is_symlink():
        link_to.symlink_to(parts)
    world.write(
        "overrides/main.html",
        '{% extends "base.html" %}{% block announce %}{% include "linked/part.html" %}{% endblock %}\n',
    )
    return "a part behind a link changed"


def icon(world: World) -> str:
    """An icon of the house's own, by name in a text."""
    points = world.chance.randrange(100)
    world.write("brand/house/own.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><path d="M{points} 1z"/></svg>\n')
    path = world.article()
    world.write(f"docs/{path}", f"{world.read(f'docs/{path}')}\n## Our :house-own:\n")
    if "emoji" not in world.read("mkdocs.yml"):
        world.replace("mkdocs.yml", "  - tables\n", f"  - tables\n{_EMOJI}")
    return f"another icon, also in {path}"


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


def attachment(world: World) -> str:
    """A file that a page offers for download comes, changes, or goes."""
    file = world.root / "docs/files/prices.txt"
    if file.exists() and world.chance.random() < 0.4:
        file.unlink()
        return "docs/files/prices.txt gone"
    world.write(file, f"{world.word()}\n")
    path = world.article()
    world.write(
        f"docs/{path}", f"{world.read(f'docs/{path}')}\n[Prices]({link('files/prices.txt', str(Path(path).parent))})\n"
    )
    return f"{path} has a file to download"


def inherited(world: World) -> str:
    """What mkdocs.yml takes from another file."""
    world.write("base.yml", f"site_name: {world.word()}\n")
    return "base.yml has another site_name"


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


AROUND: tuple[Edit, ...] = (
    settings, settings, configuration, configuration, hook, override, override, linked_part, icon, no_override, asset,
    attachment, inherited, data_file, data_file, snippet,
)  # fmt: skip
