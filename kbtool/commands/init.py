"""`kbtool init` and `kbtool new`: a knowledge base and an article to start from."""

from __future__ import annotations

import re
import unicodedata
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from kbtool.core.errors import UsageError
from kbtool.project import Project
from kbtool.store import write_text

#: names that packaging tools would swallow or act upon, and what they become
_HIDDEN = {"gitignore": ".gitignore", "gitattributes": ".gitattributes", "github": ".github"}


def init(folder: Path, *, ci: str = "none") -> list[str]:
    """Lay out a fresh knowledge base that builds at once; gives the files it made.

    With `ci` "github" it has workflows for GitHub Actions as well, and the version of kbtool that they install.

    Raises UsageError for a folder that has anything in it: nothing is ever overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("this folder is not empty", where=str(folder), hint="name a new one: kbtool init DIR")
    name = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "Help"
    made: list[str] = []
    for path, text in starter(name, ci):
        write_text(folder / path, text)
        made.append(path)
    (folder / "translations").mkdir()
    write_text(folder / "translations" / ".gitkeep", "")
    return [*made, "translations/.gitkeep"]


def starter(name: str, ci: str = "none") -> list[tuple[str, str]]:
    """The files of a fresh knowledge base of that name, as paths and texts; with workflows where `ci` says whose."""
    folder = files("kbtool") / "templates"
    templates = _templates(folder / "start") + (_templates(folder / ci) if ci != "none" else [])
    known = version("kbtool")
    return [
        (path, Template(text).safe_substitute(SITE_NAME=_for(path, name), KBTOOL_VERSION=known))
        for path, text in templates
    ]


def _for(path: str, name: str) -> str:
    """A name as the file's syntax wants it."""
    return '"' + name.replace("\\", "").replace('"', "'") + '"' if path.endswith(".yml") else name


def _templates(folder: Traversable, prefix: str = "") -> list[tuple[str, str]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        path = f"{prefix}{_HIDDEN.get(entry.name, entry.name)}"
        if entry.is_dir():
            found += _templates(entry, f"{path}/")
        else:
            found.append((path, entry.read_text("utf-8")))
    return found


def article_types() -> list[str]:
    """The types of article there is a template for."""
    folder = files("kbtool") / "templates" / "articles"
    return sorted(entry.name.removesuffix(".md") for entry in folder.iterdir() if entry.name.endswith(".md"))


def new(project: Project, kind: str, title: str, folder: str = "") -> Path:
    """Write an article of a type, named after its title, below docs/ or `folder` in it; gives the file.

    Playbooks are for agents and go to `internal/` unless another folder is named.
    Raises UsageError for an unknown type and where the article exists.
    """
    known = article_types()
    if kind not in known:
        raise UsageError(f"unknown type of article: {kind!r}", hint=f"one of: {', '.join(known)}")
    text = (files("kbtool") / "templates" / "articles" / f"{kind}.md").read_text("utf-8")
    below = folder.strip("/") or ("internal" if kind == "playbook" else "")
    if ".." in Path(below).parts:
        raise UsageError("articles stand below docs/", where=folder)
    file = project.docs / below / f"{slug(title)}.md"
    if file.exists():
        raise UsageError("this article exists already", where=project.shown(file), hint="choose another title")
    write_text(file, Template(text).safe_substitute(TITLE=_quoted(title)))
    return file


def slug(title: str) -> str:
    """A file name for a title: small letters of any script, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", plain)).replace("_", "-").strip("-")
    if not found:
        raise UsageError(f"no file name can be made of the title {title!r}", hint="use letters or digits in it")
    return found[:80].rstrip("-")


def _quoted(title: str) -> str:
    """A title as YAML: plain where that is safe, else quoted."""
    if re.fullmatch(r"[^\W\d_][\w ,.()'’–?!/-]*", title) and title.lower() not in (
        "yes",
        "no",
        "true",
        "false",
        "null",
    ):
        return title
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
