"""What a web server or a hosting service must be told about an edition: filled-in recipes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.resources import files

from kbtool.core.model import Locale

#: what a recipe is for → its template
RECIPES = {"nginx": "nginx.conf", "gitlab-pages": "gitlab-pages.yml"}
LOGINS = ("basic", "oauth2-proxy")


@dataclass(frozen=True, slots=True)
class Hosting:
    """Where an edition stands and who may come in."""

    edition: str
    host: str
    base: str = "/"  #: the path of the site on its host
    locales: Sequence[Locale] = ()  #: those that have a folder
    login: str = ""  #: one of LOGINS; empty for an edition that is for everybody
    root: str = ""  #: the folder on the web server
    users: str = ""  #: the file of names and passwords, for `basic`
    proxy: str = "127.0.0.1:4180"  #: where oauth2-proxy listens
    certificate: str = ""
    key: str = ""

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.base}"


def recipe(kind: str, hosting: Hosting) -> str:
    """The text of a recipe, ready to be put into its place."""
    import jinja2

    text = (files("kbtool") / "templates" / "hosting" / RECIPES[kind]).read_text("utf-8")
    # nothing is escaped: these are no web pages, and what is filled in was looked at before
    made = jinja2.Environment(  # noqa: S701
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    name = re.sub(r"\W", "_", hosting.edition)  # nginx' variables are words
    filled = made.from_string(text).render(**asdict(hosting), url=hosting.url, name=name, version=version("kbtool"))
    return filled.lstrip("\n")
