"""The addresses of the reviewer's page, and what answers there."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kbtool.commands import pages
from kbtool.commands.desk import Desk
from kbtool.commands.edits import Trial
from kbtool.commands.steps import Changed, Wish
from kbtool.core.errors import Busy, KbError, UsageError
from kbtool.core.segments import parse
from kbtool.project import Project, Target
from kbtool.web import values
from kbtool.web.preview import marked, preview

#: the only files that are served, and as what
STATIC = {
    "review.css": "text/css",
    "review.js": "text/javascript",
    "ask.js": "text/javascript",
    "dialogs.js": "text/javascript",
    "dom.js": "text/javascript",
    "editor.js": "text/javascript",
    "keys.js": "text/javascript",
    "page.js": "text/javascript",
    "preview.js": "text/javascript",
    "queue.js": "text/javascript",
    "sheet.js": "text/javascript",
    "words.json": "application/json",
}


def app(desk: Desk) -> Starlette:
    """The page of one desk; `Doors` stands before it."""
    rooms = _Rooms(desk)
    return Starlette(
        routes=[
            Route("/", rooms.page),
            Route("/static/{name}", rooms.static),
            Route("/api/desk", rooms.desk),
            Route("/api/sheet", rooms.sheet),
            Route("/api/pulse", rooms.pulse),
            Route("/api/preview", rooms.preview),
            Route("/api/try", rooms.attempt, methods=["POST"]),
            Route("/api/step", rooms.step, methods=["POST"]),
            Route("/api/undo", rooms.undo, methods=["POST"]),
        ],
        exception_handlers={KbError: _fault, Exception: _broken},
    )


class _Rooms:
    """One answer for each address; one at a time, since Markdown is rendered by a parser that keeps state."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._one = desk, Lock()

    # -- the page itself

    def page(self, request: Request) -> Response:
        language = values.preferred(request.headers.get("accept-language", ""))
        direction = values.words()[language]["dir"]
        html = _file("review.html").replace('lang="en" dir="ltr"', f'lang="{language}" dir="{direction}"', 1)
        return Response(html, media_type="text/html")

    def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC:
            return Response("Not found.", 404, media_type="text/plain")
        return Response(_file(name), media_type=STATIC[name])

    # -- what is to be seen

    def desk(self, request: Request) -> Response:
        with self._one:
            return JSONResponse(values.desk(self._desk, self._project()))

    def sheet(self, request: Request) -> Response:
        with self._one:
            target = self._target(request.query_params)
            found = self._desk.sheet(target, everything=request.query_params.get("all") == "1")
            return JSONResponse(values.sheet(found, self._title(target), self._desk.pulse(target)))

    def pulse(self, request: Request) -> Response:
        return JSONResponse({"pulse": self._desk.pulse(self._target(request.query_params))})

    def preview(self, request: Request) -> Response:
        with self._one:
            target = self._target(request.query_params)
            return JSONResponse(self._previews(target, _number(request.query_params.get("number", "0"))))

    def _previews(self, target: Target, number: int) -> dict[str, str]:
        project = self._project()
        source = pages.original(project, target.path)
        translation = pages.translation(project, target.path, target.locale)
        tied = pages.settled(project, target.path, target.locale, source).tie.rows
        index = next((row.target for row in tied if row.source == number - 1), None)
        at = number - 1 if 0 < number <= len(source.segments) else None
        made = {"source": preview(project, target.path, project.settings.source, marked(source, at))}
        if translation is not None:
            made["target"] = preview(project, target.path, target.locale, marked(translation, index))
        return made

    # -- what is to be done

    async def attempt(self, request: Request) -> Response:
        given = await _given(request)

        def answer() -> dict[str, Any]:
            with self._one:
                target = self._target(given)
                found = self._desk.attempt(target, _number(given.get("number")), _text(given, "text"))
                more = {"preview": self._draft(target, found)} if given.get("preview") is True else {}
                return {**values.trial(found), **more}

        return JSONResponse(await run_in_threadpool(answer))

    def _draft(self, target: Target, found: Trial) -> str:
        return preview(self._project(), target.path, target.locale, found.page)

    async def step(self, request: Request) -> Response:
        given = await _given(request)

        def answer() -> dict[str, Any]:
            with self._one:
                text = _text(given, "text") if given.get("text") is not None else None
                wish = Wish(
                    self._target(given), _number(given.get("number")), _text(given, "mark"), text,
                    _text(given, "verdict"),
                )  # fmt: skip
                return values.step(self._desk.take(wish, " ".join(_text(given, "reason").split())[:200]))

        return JSONResponse(await run_in_threadpool(answer))

    async def undo(self, request: Request) -> Response:
        await _given(request)

        def answer() -> dict[str, Any]:
            with self._one:
                return values.step(self._desk.undo())

        return JSONResponse(await run_in_threadpool(answer))

    # -- what a browser says is looked up, never used as it is

    def _project(self) -> Project:
        return Project.at(self._desk.root)

    def _target(self, given: Any) -> Target:
        return self._desk.target(_text(given, "locale"), _text(given, "path"))

    def _title(self, target: Target) -> str:
        document = parse(self._project().original(target.path))
        return next((s.words for s in document.segments if s.key == "title" or s.kind == "heading"), target.path)


async def _given(request: Request) -> dict[str, Any]:
    """The JSON object that a request brings."""
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UsageError("expected a JSON object")
    return found


def _text(given: Any, name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise UsageError(f"{name}: expected text")
    return value


def _number(value: object) -> int:
    try:
        return int(value) if isinstance(value, str | int) else 0
    except ValueError:
        return 0


def _fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, KbError)
    status = 409 if isinstance(error, Changed) else 503 if isinstance(error, Busy) else 422
    return JSONResponse(values.fault(error), status)


def _broken(request: Request, error: Exception) -> Response:
    """Starlette sends this, and then hands the error on to the terminal."""
    said = {"error": "kbtool failed; the terminal says more", "where": "", "hint": ""}
    return JSONResponse(said, 500)


@cache
def _file(name: str) -> str:
    return files("kbtool.web").joinpath("static", name).read_text("utf-8")
