"""MkDocs' configuration, set up for one edition in one locale, whatever else mkdocs.yml says."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtool.core.audience import PUBLIC
from kbtool.core.errors import UsageError
from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.blocks import INTERNAL_BLOCKS
from kbtool.site.config import EMOJI, EXTENSIONS, config_file, find_icons, options_of, read_config
from kbtool.site.mkdocs.patches import accept_all_locales, find_themes_once, quicken_static_i18n
from kbtool.site.mkdocs.strangers import stranger
from kbtool.site.mkdocs.switcher import Switcher
from kbtool.site.mkdocs.templates import quicken_theme, show_one_section
from kbtool.site.phrases import phrases
from kbtool.site.stage.stage import Stage

if TYPE_CHECKING:
    from mkdocs.config.config_options import ExtraScriptValue
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.plugins import BasePlugin

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
PLUGIN = "kbtool"
_MKDOCS_SEARCH = ("search", "material/search")  # kbtool/site/mkdocs/search.py takes their place


@dataclass(frozen=True, slots=True)
class Job:
    """One locale of one edition, to be built into an empty folder."""

    stage: Stage
    locale: Locale
    site: Path
    site_url: str | None = None
    preview: bool = False  #: for a live preview, whose reload script no policy knows
    memory: Path | None = None  #: where it stands what this locale's pages were like when they were last made
    record: Path | None = None  #: where to write the same for the next build
    key: str = ""  #: what pages depend on besides their own text and what the stage says of them
    there: frozenset[str] = frozenset()  #: files of this locale that are as the last build left them
    last: Path | None = None  #: where these stand
    hurry: bool = False  #: whether the search index may be that of the last build


def load(job: Job) -> MkDocsConfig:
    """The configuration for a job, from mkdocs.yml or, where there is none, from nothing.

    Raises UsageError with every fault that MkDocs finds in it.
    """
    import io

    import yaml
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.exceptions import ConfigurationError
    from mkdocs.utils.yaml import get_yaml_loader, yaml_load

    find_themes_once()
    root = job.stage.root
    raw = read_config(root)  # refuses what would run code, before MkDocs' loader runs it
    path = config_file(root)
    config = MkDocsConfig(config_file_path=str(path or root / "mkdocs.yml"))
    try:
        with path.open("rb") if path else io.BytesIO(b"{}") as file:
            # as MkDocs does, but with the parser in C where there is one: it is asked for each locale
            config.load_dict(yaml_load(file, get_yaml_loader(getattr(yaml, "CLoader", yaml.Loader), config)))
        config.load_dict(_overrides(raw, config, job))
        faults, _ = config.validate()
    except ConfigurationError as error:
        raise UsageError(f"MkDocs cannot use the configuration: {error}", where="mkdocs.yml") from None
    if faults:
        raise UsageError(
            "MkDocs cannot use the configuration:\n" + "\n".join(f"  {key}: {fault}" for key, fault in faults),
            where="mkdocs.yml",
        )
    plugin = config.plugins[PLUGIN]
    plugin.job = job  # type: ignore[attr-defined]
    return config


def _overrides(raw: Mapping[str, Any], config: MkDocsConfig, job: Job) -> dict[str, Any]:
    """What a knowledge base may leave out of mkdocs.yml, and what must not be as it says there."""
    plugins = config.data.get("plugins")
    listed = (
        list(plugins.items()) if isinstance(plugins, dict) else list(plugins if plugins is not None else ["search"])
    )
    listed = [dict([p]) if isinstance(p, tuple) else p for p in listed]
    names = [next(iter(p)) if isinstance(p, dict) else p for p in listed]
    kept = [p for p, name in zip(listed, names, strict=True) if name not in ("i18n", PLUGIN, *_MKDOCS_SEARCH)]
    found: dict[str, Any] = {
        "plugins": [*kept, PLUGIN],
        "docs_dir": str(job.stage.docs),
        "site_dir": str(job.site),
        "nav": None,
    }
    if job.site_url is not None:
        found["site_url"] = job.site_url
    if not raw.get("site_name"):
        found["site_name"] = job.stage.root.name
    if not raw.get("theme"):
        found["theme"] = {"name": "material"}
    if not raw:
        found["markdown_extensions"] = deepcopy(list(EXTENSIONS))  # MkDocs empties them
    return found


def set_up(config: MkDocsConfig, job: Job) -> None:
    """Point MkDocs at the stage, give the theme its language, and add static-i18n for this one locale."""
    stage = job.stage
    config.docs_dir = str(stage.docs)
    config.nav = list(stage.nav)
    # they name paths in docs/, and the stage has been composed with them already
    config.exclude_docs = config.draft_docs = config.not_in_nav = None
    if config.theme.name == "material":
        _material(config, job)
    custom = 1 if config.theme.custom_dir else 0
    config.theme.dirs[custom:custom] = [str(HERE / "overrides")]
    config.extra_css.append("kb/kbtool.css")
    config.extra_javascript.append(_module("kb/kbtool.js"))
    if stage.reader != PUBLIC:
        config.extra_javascript.append(_module("kb/agents.js"))
    _markdown(config, job)
    _static_i18n(config, job)
    if config.theme.name == "material":
        _search(config, job)
    compiled = job.memory.with_name("templates") if job.memory else None
    quicken_theme(config, compiled, remember=not stranger(config))
    config.theme.static_templates.discard("sitemap.xml")  # ours is written when all locales are known


def _search(config: MkDocsConfig, job: Job) -> None:
    from kbtool.site.mkdocs.search import SearchPlugin

    for name in _MKDOCS_SEARCH:  # there only if MkDocs read mkdocs.yml by itself
        if old := config.plugins.pop(name, None):
            _silence(config, old)
    config.extra_css.append("kb/search.css")
    config.plugins["material/search"] = SearchPlugin(job)


def _silence(config: MkDocsConfig, plugin: BasePlugin[Any]) -> None:
    """Let a plugin hear of no further event; MkDocs forgets only its name."""
    for event, methods in config.plugins.events.items():
        if event != "config":  # the one that is running: its list must not change under MkDocs' hands
            methods[:] = [method for method in methods if getattr(method, "__self__", None) is not plugin]


def _module(path: str) -> ExtraScriptValue:
    from mkdocs.config.config_options import ExtraScriptValue

    script = ExtraScriptValue(path)
    script.type = "module"
    return script


def _material(config: MkDocsConfig, job: Job) -> None:
    theme = config.theme
    theme["language"] = locales.theme_language(job.locale)
    theme["direction"] = locales.direction(job.locale)
    theme["font"] = False  # no page of ours calls a font server
    theme["features"] = [f for f in theme.get("features") or [] if not _breaks_switcher(f, job)]
    config.extra["alternate"] = Switcher(())
    config.extra["generator"] = False
    show_one_section(config, len(job.stage.articles))


def _breaks_switcher(feature: str, job: Job) -> bool:
    """Instant loading keeps the header, and with it the first page's language links."""
    return feature.startswith("navigation.instant") and len(job.stage.locales) > 1


def _markdown(config: MkDocsConfig, job: Job) -> None:
    if "kbtool.site.blocks" not in config.markdown_extensions:
        config.markdown_extensions.append("kbtool.site.blocks")
        words = phrases(job.locale)
        config.mdx_configs["kbtool.site.blocks"] = {
            "titles": {name: words[name] for name in INTERNAL_BLOCKS},
            "reader": job.stage.reader,
        }
    toc = config.mdx_configs.setdefault("toc", {})
    toc.setdefault("permalink", True)
    toc.setdefault("permalink_title", phrases(job.locale)["copy_link"])
    find_icons(config.mdx_configs.get(EMOJI) or {}, job.stage.root)
    if "pymdownx.snippets" in config.markdown_extensions:
        snippets = config.mdx_configs.setdefault("pymdownx.snippets", {})
        appended = [Path(str(p)).name for p in snippets.get("auto_append") or []]
        # Only what was staged can be included; `base_path: .` would publish any file of the repository.
        snippets.update(base_path=[str(job.stage.snippets)], restrict_base_path=True, auto_append=appended)


def _static_i18n(config: MkDocsConfig, job: Job) -> None:
    from mkdocs_static_i18n.plugin import I18n

    accept_all_locales()
    stage = job.stage
    plugin = I18n()
    faults, _ = plugin.load_config(
        {
            "docs_structure": "folder",
            "fallback_to_default": True,
            # the switcher and the theme's language are ours: static-i18n offers pages that do not exist, and
            # sets languages that Material does not have
            "reconfigure_material": False,
            "reconfigure_search": False,
            "languages": [_language(stage, locale, config) for locale in dict.fromkeys((stage.source, job.locale))],
        }
    )
    if faults:
        raise UsageError(f"static-i18n: {faults[0][1]}", where="mkdocs.yml")
    # static-i18n builds exactly this locale when it believes to be in the middle of building all of them
    plugin.current_language = job.locale
    plugin.building = True
    quicken_static_i18n(plugin)
    config.plugins["i18n"] = plugin


def _language(stage: Stage, locale: Locale, config: MkDocsConfig) -> dict[str, Any]:
    """A locale as static-i18n wants it; what mkdocs.yml says about it for static-i18n holds too."""
    own: dict[str, Any] = {}
    listed = (options_of(read_config(stage.root), "plugins", "i18n") or {}).get("languages")
    for language in listed if isinstance(listed, list) else ():
        if isinstance(language, dict) and language.get("locale") == locale:
            own = {k: v for k, v in language.items() if k not in ("build", "default", "link", "fixed_link", "nav")}
    translated = {**(own.get("nav_translations") or {}), **stage.section_titles.get(locale, {})}
    return {
        **own,
        "locale": locale,
        "name": locales.name(locale),
        "default": locale == stage.source,
        "nav_translations": translated,
    }
