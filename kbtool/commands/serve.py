"""`kbtool serve`: one edition on this machine, built again whenever something changes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kbtool.commands.build import chosen_editions, working_folder
from kbtool.core.errors import Busy, KbError
from kbtool.core.model import Locale
from kbtool.lock import hold
from kbtool.pool import executor
from kbtool.project import Project
from kbtool.settings import settings_file
from kbtool.site.builder import build_edition
from kbtool.site.config import config_file, read_config
from kbtool.site.held import Held
from kbtool.site.mkdocs.preview import Shown, preview
from kbtool.site.reuse import watched
from kbtool.site.wishes import wishes


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
    held = Held()
    with _folder(project) as out:

        def rebuild(urgent: Callable[[], bool]) -> Shown:
            held.urgent = urgent
            now = Project.at(project.root)
            wanted = now.locales(chosen)
            address = f"http://{host}:{port}/"
            with working_folder(out) as work, executor("processes" if wanted else "inline") as pool:
                try:
                    made = build_edition(
                        now,
                        name,
                        out,
                        work / name,
                        pool,
                        locales=wanted,
                        site_url=address,
                        preview=True,
                        tell=tell,
                        held=held,
                    )
                except KbError as error:
                    if not (out / name).is_dir():
                        raise
                    tell(f"Error: {error}\nThe last good site stays up until this is mended.")
                    return Shown(pages=True, more=False)
            following = [*made.later, *(["search"] if made.hurried else [])]
            tell(f"{name}: {address}" + (f"; next: {', '.join(following)}" if following else ""))
            if not following:  # there is time
                held.save()
                gc.collect()
            return Shown(any(built.made for built in made.locales), bool(following))

        while rebuild(lambda: False).more:
            pass
        try:
            preview(out / name, host=host, port=port, rebuild=rebuild, watch=_watched(project))
        finally:
            held.save()
        tell("Stopped.")


@contextmanager
def _folder(project: Project) -> Iterator[Path]:
    """Where the preview is built: what the last one left is taken over, unless another one is at it right now."""
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(project.root, "preview.lock"))
        except Busy:
            yield Path(stack.enter_context(TemporaryDirectory(prefix="kbtool-serve-")))
        else:
            folder = project.cache / "preview"
            folder.mkdir(mode=0o700, exist_ok=True)
            yield folder


def _watched(project: Project) -> list[Path]:
    texts = [project.docs, project.root / "translations"]
    settings = [config_file(project.root), settings_file(project.root)]
    named = watched(project.root, read_config(project.root), wishes(project.settings.site).snippets)
    others = (path for name in named if not (path := project.root / name).is_relative_to(project.docs))
    return [p for p in (*texts, *settings, *others) if p and p.exists()]
