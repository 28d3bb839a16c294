"""What we cure in MkDocs, Material and static-i18n: few, small, each with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
from contextlib import contextmanager

#: static-i18n 1.3.1 refuses `es-419`, `fil` and `pt-br`; BCP 47 does not
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")


def accept_all_locales() -> None:
    """Let static-i18n take every locale that the settings take."""
    from mkdocs_static_i18n import config

    config.RE_LOCALE = _LOCALE


@contextmanager
def keep_site_folder() -> Iterator[None]:
    """Stop MkDocs from emptying the folder it writes to: the caller made it, and it is empty."""
    from mkdocs import utils

    clean = utils.clean_directory
    utils.clean_directory = lambda directory: None
    try:
        yield
    finally:
        utils.clean_directory = clean
