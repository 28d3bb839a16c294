"""`kbtool serve`: one edition on this machine, built again whenever something changes."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from kbtool.commands.build import chosen_editions
from kbtool.core.errors import KbError
from kbtool.core.model import Locale
from kbtool.pool import executor
from kbtool.project import Project
from kbtool.settings import settings_file
from kbtool.site.builder import build_edition
from kbtool.site.config import config_file


def serve(
    project: Project,
    *,
    edition: str | None = None,
    locales: Iterable[Locale] = (),
    host: str = "127.0.0.1",
    port: int = 8000,
    tell: Callable[[str], None] = lambda text: None,
) -> None:
    """Serve an edition until interrupted; pages reload themselves after a rebuild.

    A fault in what was edited is told, and the last good site stays up.
    """
    from mkdocs.livereload import LiveReloadServer

    name = chosen_editions(project, [edition] if edition else [])[0]
    chosen = tuple(locales)
    with TemporaryDirectory(prefix="kbtool-serve-") as folder:
        out = Path(folder)

        def rebuild() -> None:
            now = Project.at(project.root)
            wanted = now.locales(chosen)
            address = f"http://{host}:{port}/"
            with (
                TemporaryDirectory(prefix=".kbtool-", dir=out, ignore_cleanup_errors=True) as work,
                executor("processes" if wanted else "inline") as pool,
            ):
                try:
                    build_edition(
                        now,
                        name,
                        out,
                        Path(work) / name,
                        pool,
                        locales=wanted,
                        site_url=address,
                        preview=True,
                        tell=tell,
                    )
                except KbError as error:
                    if not (out / name).is_dir():
                        raise
                    tell(f"Error: {error}\nThe last good site stays up until this is mended.")
                    return
            tell(f"{name}: {address}")

        rebuild()
        server = LiveReloadServer(builder=rebuild, host=host, port=port, root=str(out / name), mount_path="/")
        server.error_handler = functools.partial(_error_page, out / name)
        for path in _watched(project):
            server.watch(str(path))
        try:
            server.serve()  # type: ignore[no-untyped-call]  # MkDocs has no types here
        except KeyboardInterrupt:
            tell("Stopped.")
        except OSError as error:
            raise KbError(
                f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}", hint="choose another: --port"
            ) from None
        finally:
            server.shutdown()


def _watched(project: Project) -> list[Path]:
    paths = [project.docs, project.root / "translations", config_file(project.root), settings_file(project.root)]
    return [p for p in paths if p and p.exists()]


def _error_page(site: Path, code: int) -> bytes | None:
    page = site / f"{code}.html"
    return page.read_bytes() if page.is_file() else None
