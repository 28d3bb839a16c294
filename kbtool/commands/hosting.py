"""`kbtool hosting`: from the settings to a recipe that can be put on a web server as it is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from kbtool.commands.build import chosen_editions
from kbtool.core.audience import PUBLIC
from kbtool.core.errors import UsageError
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.hosting import LOGINS, Hosting, recipe
from kbtool.site.wishes import wishes

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.I)
#: what stands in a configuration unquoted, so that no blank or semicolon ends it early
_PATH = re.compile(r"/[\w./-]*")


def hosting(
    project: Project, kind: str, *, edition: str | None = None, host: str | None = None, login: str | None = None,
    root: str | None = None,
) -> str:  # fmt: skip
    """The recipe of a kind for an edition; the first public one where none is named.

    Raises UsageError where the recipe would show internal text to everybody, or cannot be filled in.
    """
    name = edition or public_edition(project)
    chosen_editions(project, [name])
    place = urlsplit(address_of(project, name))
    at = host or place.hostname or ""
    base = f"/{place.path.strip('/')}/".replace("//", "/") if not host else "/"
    _refuse(project, kind, name, at, base, login, root)
    return recipe(kind, Hosting(
        edition=name, host=at, base=base, login=login or "",
        locales=project.settings.locales,
        root=(root or f"/srv/{name}").rstrip("/"),
        users=f"/etc/nginx/{name}.htpasswd",
        certificate=f"/etc/letsencrypt/live/{at}/fullchain.pem",
        key=f"/etc/letsencrypt/live/{at}/privkey.pem",
    ))  # fmt: skip


def public_edition(project: Project) -> str:
    """The first edition that everybody may read, else the first."""
    editions = project.settings.editions
    return next((name for name, audience in editions.items() if audience == PUBLIC), next(iter(editions)))


def address_of(project: Project, edition: str) -> str:
    """Where an edition stands on the web, as the settings say; MkDocs' `site_url` is that of the public one."""
    said = wishes(project.settings.site).urls.get(edition)
    if said is None and edition == public_edition(project):
        said = read_config(project.root).get("site_url")
    return str(said or "")


def _refuse(
    project: Project, kind: str, edition: str, host: str, base: str, login: str | None, root: str | None
) -> None:
    internal = project.settings.editions[edition] != PUBLIC
    if kind != "nginx" and (internal or login):
        raise UsageError(
            f"{kind} shows everything to everybody, and the {edition} edition is not for everybody",
            hint=f"kbtool hosting nginx --edition {edition} --auth basic",
        )
    if internal and not login:
        raise UsageError(
            f"the {edition} edition is not for everybody: who lets people in?",
            hint=" or ".join(f"--auth {name}" for name in LOGINS),
        )
    if not _HOST.fullmatch(host):
        what = f"this is no host name: {host!r}" if host else f"where will the {edition} edition stand?"
        raise UsageError(what, hint=f"--host help.example.com, or the key `site.urls.{edition}` of the settings")
    if internal and base != "/":
        raise UsageError(
            f"the {edition} edition needs a host of its own, and {base} is a folder on one",
            where=f"site.urls.{edition}",
            hint="a login for a folder is easily passed by: give the edition an address such as https://agents.example.com/",
        )
    for path in (root or "/", base):
        if not _PATH.fullmatch(path) or ".." in path:
            raise UsageError(
                f"cannot use this path: {path!r}", hint="letters, digits, '-', '_', '.', beginning with '/'"
            )
