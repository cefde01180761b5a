"""The application: routes, live streams, static files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote

import structlog
from anyio import to_thread
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from fanmill.console.accounts import Gate
from fanmill.console.guard import MAX_BODY_BYTES, Guard, viewer_of
from fanmill.console.live import Hub, TooManyChannels
from fanmill.console.page import Act, NotFound, Order, Page, Refused
from fanmill.console.pages import ACTS, PAGES
from fanmill.console.rendering import render
from fanmill.ports.store import StoreError
from fanmill.screens.acts import Told
from fanmill.screens.overview import SPANS, series
from fanmill.screens.reading import Reader
from fanmill.screens.tables import may

log = structlog.get_logger("fanmill.console")

STATIC: Final = Path(__file__).parent / "static"
THREADS: Final = 8
"""Pages that are rendered at once."""
THEMES: Final = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Options:
    """The look of the console.

    Attributes:
        label: Name of the installation, such as `production`; shown on every page.
        hosts: Host names that requests may name.
        texts: Whether texts of documents are shown.
    """

    label: str = ""
    hosts: Sequence[str] = ()
    texts: bool = True


def create_app(reader: Reader, gate: Gate, options: Options) -> Starlette:
    """Return the ASGI application of the console."""
    hub = Hub()
    own = _Console(reader, hub, options)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Each thread has a connection, a store and memory of its own.
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        await hub.close()

    routes: list[Any] = [
        Route("/healthz", _alive),
        Route("/readyz", own.ready),
        Route("/history.json", own.history),
        Route("/theme", own.theme, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]
    for page in PAGES:
        if page.live:
            routes.append(Route(f"/live{page.path}", partial(own.live, page)))
        routes.append(Route(page.path, partial(own.page, page)))
    routes += [
        Route(f"/act/{act.table}/{act.action}", partial(own.act, act), methods=["POST"])
        for act in ACTS
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Guard, gate=gate, hosts=options.hosts),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={HTTPStatus.NOT_FOUND: own.unknown},
    )
    app.state.hub = hub
    app.state.contents = own.contents
    return app


async def _alive(_: Request) -> Response:
    return PlainTextResponse("ok\n")


class _Console:
    """The handlers of requests."""

    def __init__(self, reader: Reader, hub: Hub, options: Options) -> None:
        self._reader = reader
        self._hub = hub
        self._options = options

    async def page(self, page: Page, request: Request) -> Response:
        """Show a page, or its contents alone to a script that replaces them."""
        if not may(viewer_of(request.scope).role, page.role):
            return self._problem(request, HTTPStatus.FORBIDDEN, "Your role may not see this page.")
        # An empty part of the path leaves its place to a parameter: see `screens.addresses`.
        parts = {name: value for name, value in request.path_params.items() if value}
        query = {**request.query_params, **parts}
        try:
            contents, heading = await run_in_threadpool(self._rendered, page, query)
        except NotFound as error:
            return self._problem(request, HTTPStatus.NOT_FOUND, str(error))
        except (RedisError, StoreError) as error:
            return self._away(request, error)
        if request.headers.get("hx-request") and request.headers.get("hx-target", "").endswith(
            "contents"
        ):
            return HTMLResponse(contents)
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return HTMLResponse(
            self._frame(
                request,
                page=page,
                title=heading,
                contents=contents,
                live=f"/live{address}" if page.live else "",
            )
        )

    async def live(self, page: Page, request: Request) -> Response:
        """Stream the contents of a page while they change."""
        query = {**request.query_params, **request.path_params}
        name = f"{request.url.path}?{request.url.query}"
        stream = self._hub.events(name, partial(self.contents, page, query))
        try:
            first = await anext(stream)
        except TooManyChannels:
            return PlainTextResponse("too many live pages\n", HTTPStatus.SERVICE_UNAVAILABLE)

        async def events() -> AsyncIterator[bytes]:
            yield first
            try:
                async for event in stream:
                    yield event
            finally:
                await stream.aclose()

        return StreamingResponse(events(), media_type="text/event-stream")

    async def act(self, act: Act, request: Request) -> Response:
        """Do what a button says, and tell it."""
        viewer = viewer_of(request.scope)
        if not may(viewer.role, act.role):
            return self._told("bad", f"Your role may not do this; it needs {act.role}.", 403)
        values = await _form(request)
        order = Order(viewer, [value for name, value in values if name == "id"], dict(values))
        try:
            done = await run_in_threadpool(act.do, self._reader, order)
        except Refused as error:
            answer = self._told("bad", str(error), 422)
            if error.field:
                answer.headers["Fanmill-Field"] = quote(error.field)
            return answer
        except (RedisError, StoreError) as error:
            return self._told("bad", f"Not done: {error}", 503)
        log.info(
            "act", table=act.table, action=act.action, actor=viewer.name, ids=len(order.ids),
            note=order.note,
        )  # fmt: skip
        if isinstance(done, Told):
            answer = self._told("good", done.text, link=f"/{done.link}")
            answer.headers["Fanmill-Next"] = f"/{done.link}"
            return answer
        return self._told("good", done)

    async def history(self, request: Request) -> Response:
        """Return the course of events as JSON for the chart."""
        span = request.query_params.get("span", "24h")
        if span not in SPANS:
            return JSONResponse({"error": f"span is one of {', '.join(SPANS)}"}, 400)
        try:
            found = await run_in_threadpool(series, self._reader, span)  # type: ignore[arg-type]
        except RedisError as error:
            return JSONResponse({"error": str(error)}, 503)
        return JSONResponse(asdict(found))

    async def theme(self, request: Request) -> Response:
        """Keep the theme in a cookie and go back."""
        chosen = dict(await _form(request)).get("theme", "auto")
        back = request.headers.get("referer", "/")
        path = "/" + back.partition("://")[2].partition("/")[2] if "://" in back else "/"
        answer = RedirectResponse(path if not path.startswith("//") else "/", 303)
        if chosen in THEMES:
            answer.set_cookie("theme", chosen, 31_536_000, samesite="strict", httponly=True)
        return answer

    async def ready(self, _: Request) -> Response:
        """Tell whether the servers answer."""
        try:
            await run_in_threadpool(lambda: [each.redis.ping() for each in self._reader.partitions])
        except RedisError:
            return PlainTextResponse("redis does not answer\n", HTTPStatus.SERVICE_UNAVAILABLE)
        return PlainTextResponse("ok\n")

    async def unknown(self, request: Request, _: Exception) -> Response:
        """Show that an address leads nowhere."""
        if "viewer" not in request.scope.get("state", {}):
            return PlainTextResponse("not found\n", HTTPStatus.NOT_FOUND)
        return self._problem(request, HTTPStatus.NOT_FOUND, "No page has this address.")

    def contents(self, page: Page, query: Mapping[str, str]) -> str:
        return self._rendered(page, query)[0]

    def _rendered(self, page: Page, query: Mapping[str, str]) -> tuple[str, str]:
        """Return the contents of a page and its heading."""
        texts = self._options.texts
        values = page.view(self._reader, query)
        contents = render(f"{page.name}.html", texts=texts, query=query, **values)
        heading = values.get("heading_with_texts") if texts else None
        return contents, heading or values.get("heading") or page.title

    def _frame(self, request: Request, **values: Any) -> str:
        theme = request.cookies.get("theme", "auto")
        viewer = viewer_of(request.scope)
        return render(
            "frame.html",
            navigation=[page for page in PAGES if page.key and may(viewer.role, page.role)],
            viewer=viewer,
            label=self._options.label,
            theme=theme if theme in THEMES else "auto",
            themes=THEMES,
            **values,
        )

    def _problem(self, request: Request, status: HTTPStatus, text: str) -> Response:
        contents = render("problem.html", text=text)
        page = PAGES[0]
        frame = self._frame(request, page=page, title=status.phrase, contents=contents, live="")
        return HTMLResponse(frame, status)

    def _away(self, request: Request, error: Exception) -> Response:
        if isinstance(error, StoreError):
            self._reader.forget_store()
            text = f"The store does not answer: {error}. See: fanmill store check."
        else:
            text = f"Redis does not answer: {error}. See: fanmill doctor."
        return self._problem(request, HTTPStatus.SERVICE_UNAVAILABLE, text)

    def _told(self, tone: str, text: str, status: int = 200, link: str = "") -> Response:
        return HTMLResponse(render("message.html", tone=tone, text=text, link=link), status)


async def _form(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in their order."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return []
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10_000)
