"""The live preview: MkDocs' own server with reloading pages, over a folder that kbtool builds."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from kbtool.core.errors import KbError


def preview(site: Path, *, host: str, port: int, rebuild: Callable[[], None], watch: Iterable[Path]) -> None:
    """Serve `site` until interrupted, and rebuild it when something below `watch` changes.

    Raises KbError where the address cannot be listened on.
    """
    from mkdocs.livereload import LiveReloadServer

    server = LiveReloadServer(builder=rebuild, host=host, port=port, root=str(site), mount_path="/")
    server.error_handler = functools.partial(_error_page, site)
    for path in watch:
        server.watch(str(path))
    try:
        server.serve()  # type: ignore[no-untyped-call]  # MkDocs has no types here
    except KeyboardInterrupt:
        return
    except OSError as error:
        raise KbError(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}", hint="choose another: --port"
        ) from None
    finally:
        server.shutdown()


def _error_page(site: Path, code: int) -> bytes | None:
    page = site / f"{code}.html"
    return page.read_bytes() if page.is_file() else None
