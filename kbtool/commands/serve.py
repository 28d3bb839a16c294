"""`kbtool serve`: one edition on this machine, built again whenever something changes."""

from __future__ import annotations

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
from kbtool.site.preview import preview


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
        preview(out / name, host=host, port=port, rebuild=rebuild, watch=_watched(project))
        tell("Stopped.")


def _watched(project: Project) -> list[Path]:
    paths = [project.docs, project.root / "translations", config_file(project.root), settings_file(project.root)]
    return [p for p in paths if p and p.exists()]
