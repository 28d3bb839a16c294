"""mkdocs.yml, read without running anything in it."""

from __future__ import annotations

import importlib
import io
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import yaml
from yaml_env_tag import construct_env_tag

from kbtool.core.errors import UsageError
from kbtool.core.render import Renderer
from kbtool.site.blocks import PLAIN_BLOCKS

CONFIG = "mkdocs.yml"
#: packages whose names may be looked up by `!!python/name:`; anything else could be code of the knowledge base itself
TRUSTED_NAMES = ("material.", "materialx.", "pymdownx.", "markdown.", "mermaid2.")
#: what Material's documentation tells people to call from mkdocs.yml, and nothing else
TRUSTED_CALLS = ("pymdownx.slugs.slugify", "pymdownx.slugs.uslugify", "pymdownx.emoji.to_svg")
EMOJI = "pymdownx.emoji"
_PYTHON = "tag:yaml.org,2002:python/"
_PARENTS = 5  #: files that mkdocs.yml may inherit from, one from another


class _Loader(yaml.SafeLoader):
    """Takes MkDocs' own tags as opaque values and refuses those that would run code."""


def _python(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    kind, _, name = suffix.partition(":")
    try:
        if kind == "name" and name.startswith(TRUSTED_NAMES):
            return _named(name)
        if kind == "object/apply" and name in TRUSTED_CALLS and isinstance(node, yaml.MappingNode):
            return _named(name)(**loader.construct_mapping(node, deep=True).get("kwds", {}))
    except (ImportError, AttributeError, TypeError) as error:
        raise UsageError(f"!!python/{suffix}: {error}", where=_place(node)) from None
    raise UsageError(
        f"!!python/{suffix} would run code",
        where=_place(node),
        hint="only !!python/name: of " + ", ".join(n.rstrip(".") for n in TRUSTED_NAMES) + " is allowed",
    )


def _named(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _place(node: yaml.Node) -> str:
    return f"{Path(str(node.start_mark.name)).name}:{node.start_mark.line + 1}"


def _opaque(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else None


_Loader.add_multi_constructor(_PYTHON, _python)
_Loader.add_multi_constructor("!", _opaque)
_Loader.add_constructor("!ENV", construct_env_tag)


def config_file(root: Path) -> Path | None:
    for name in (CONFIG, "mkdocs.yaml"):
        if (root / name).is_file():
            return root / name
    return None


def config_files(root: Path) -> list[Path]:
    """mkdocs.yml and all files that it inherits from, as MkDocs finds them; none where there is none.

    Raises UsageError as `read_config` does: what MkDocs will load must not be missed here.
    """
    path = config_file(root)
    found = [path] if path else []
    for file in found:
        said = _read(file)
        if "INHERIT" in said:
            parent = said["INHERIT"]
            if not isinstance(parent, str) or len(found) > _PARENTS:
                fault = "inherits from too many files" if isinstance(parent, str) else "INHERIT names no file"
                raise UsageError(f"{file.name}: {fault}", where=file.name)
            found.append(Path(os.path.normpath(file.parent / parent)))  # lexically, for MkDocs does it so
    return found


def read_config(root: Path) -> dict[str, Any]:
    """What mkdocs.yml says, the files it inherits from included; empty where there is none.

    Raises UsageError with file and line for YAML that cannot be read or that would run code.
    """
    found: dict[str, Any] = {}
    for file in reversed(config_files(root)):
        found = _merged(found, deepcopy(_read(file)))
    found.pop("INHERIT", None)
    if emoji := options_of(found, "markdown_extensions", EMOJI):
        find_icons(emoji, root)
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        found = _parsed(path, content, tuple(sorted(os.environ.items())) if b"!ENV" in content else ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise UsageError(
            f"cannot read {path.name}: {error.problem}", where=f"{path.name}:{mark.line + 1 if mark else 1}"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"cannot read {path.name}: {error}", where=path.name) from None
    if not isinstance(found, dict):
        raise UsageError(f"{path.name} holds no settings", where=path.name)
    return found


class _Named(io.BytesIO):
    """What was read from a file, with the file's name for those who find a fault in it."""

    name = ""


@lru_cache(maxsize=8)
def _parsed(path: Path, content: bytes, environment: tuple[tuple[str, str], ...]) -> Any:
    """What a file says in an environment; it is asked for several times for each locale."""
    file = _Named(content)
    file.name = str(path)
    return yaml.load(io.TextIOWrapper(file, "utf-8"), _Loader)  # noqa: S506 – _Loader is a SafeLoader


def _merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        known = out.get(key)
        out[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return out


def options_of(config: Mapping[str, Any], section: str, name: str) -> Mapping[str, Any] | None:
    """The options of a Markdown extension or plugin; None where it is not listed."""
    listed = config.get(section) or []
    items: Sequence[Any] = list(listed.items()) if isinstance(listed, Mapping) else listed
    for item in items:
        if item == name:
            return {}
        if isinstance(item, tuple) and item[0] == name:
            return item[1] if isinstance(item[1], Mapping) else {}
        if isinstance(item, Mapping) and name in item:
            return item[name] if isinstance(item[name], Mapping) else {}
    return None


def icon_folders(config: Mapping[str, Any]) -> list[str]:
    """The folders with a knowledge base's own icons, which its pages show by name."""
    found = ((options_of(config, "markdown_extensions", EMOJI) or {}).get("options") or {}).get("custom_icons") or []
    return [folder for folder in found if isinstance(folder, str)]


def find_icons(emoji: Mapping[str, Any], root: Path) -> None:
    """Let icons be looked for below the root, from wherever kbtool is called."""
    own = emoji.get("options")
    if isinstance(own, dict) and isinstance(own.get("custom_icons"), list):
        own["custom_icons"] = [str(root / str(folder)) for folder in own["custom_icons"]]


def named(value: Any) -> Any:
    """What a configuration says, with the same words in every process: functions by their names."""
    if isinstance(value, Mapping):
        return {str(key): named(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [named(each) for each in value]
    if isinstance(value, partial):
        return [named(value.func), named(value.args), named(value.keywords)]
    return f"{value.__module__}.{value.__qualname__}" if callable(value) else repr(value)


def plain_blocks(config: Mapping[str, Any]) -> frozenset[str]:
    """The names of blocks that say nothing about the reader: PyMdown's own and those the site defines."""
    found = set(PLAIN_BLOCKS)
    for extension in ("admonition", "details", "caption"):
        options = options_of(config, "markdown_extensions", f"pymdownx.blocks.{extension}") or {}
        for kind in options.get("types") or []:
            name = kind.get("name") if isinstance(kind, Mapping) else kind
            if isinstance(name, str):
                found.add(name.lower())
    return frozenset(found)


def theme_files(config: Mapping[str, Any]) -> list[str]:
    """Files below docs/ that the theme itself shows: logo, favicon, own style sheets and scripts."""
    theme = config.get("theme")
    found: list[Any] = []
    if isinstance(theme, Mapping):
        found += [theme.get("logo"), theme.get("favicon")]
    found += list(config.get("extra_css") or [])
    for script in config.get("extra_javascript") or []:
        found.append(script.get("path") if isinstance(script, Mapping) else script)
    return [f for f in found if isinstance(f, str) and "://" not in f]


def renderer(config: Mapping[str, Any]) -> Renderer:
    """A renderer with the site's own Markdown extensions, which gives headings the ids that the site gives them."""
    listed = config.get("markdown_extensions")
    items: Any = listed or () if config else EXTENSIONS
    configs: dict[str, Mapping[str, Any]] = {"toc": {}, "tables": {}, "fenced_code": {}}  # MkDocs' own
    for item in items if not isinstance(items, Mapping) else [items]:
        for name, options in item.items() if isinstance(item, Mapping) else [(item, None)]:
            configs[str(name)] = options if isinstance(options, Mapping) else {}
    return Renderer([*configs, "kbtool.site.blocks"], configs)


#: for a knowledge base without mkdocs.yml: what kbtool's own starter uses
EXTENSIONS: tuple[Any, ...] = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "tables",
    {"toc": {"permalink": True}},
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.superfences",
    {"pymdownx.tabbed": {"alternate_style": True}},
)
