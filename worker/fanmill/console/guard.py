"""The guard before every page: host, rights, forged forms, and headers of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanmill.console.accounts import Gate
from fanmill.screens.acts import Viewer

log = structlog.get_logger("fanmill.console")

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE: Final = frozenset({"GET", "HEAD"})
PROBES: Final = frozenset({"/healthz", "/readyz"})
"""Paths for probes: they tell nothing, ask for no password, and take any host."""

MAX_BODY_BYTES: Final = 6 << 20
"""Limit of a form: an event has at most 5 MiB."""


class Guard:
    """ASGI middleware that lets only allowed requests through.

    Args:
        app: The pages.
        gate: Decides who asks.
        hosts: Host names that a request may name, without ports. Addresses of the loopback
            interface and `localhost` are always allowed: a page of another site cannot have them
            (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, gate: Gate, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._gate = gate
        self._hosts = {host.lower().rstrip(".") for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the pages answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["path"] in PROBES:
            await self._app(scope, receive, with_headers)
            return
        refusal = await self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        address = (scope.get("client") or ("",))[0]
        if not self._host_is_allowed(headers.get("host", "")):
            return _refuse(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This console does not serve that host name; allow it by FANMILL_CONSOLE_HOSTS.",
            )
        if self._gate.blocked(address):
            return _refuse(HTTPStatus.TOO_MANY_REQUESTS, "Too many failures; wait a minute.")
        lowered = {name.lower(): value for name, value in headers.items()}
        # A password takes 50 ms to check: not in the loop that serves everybody.
        viewer = await run_in_threadpool(self._gate.viewer, address, lowered)
        if viewer is None:
            if "authorization" in lowered:
                log.warning("login failed", address=address)
            answer = _refuse(HTTPStatus.UNAUTHORIZED, "Log in to see the console.")
            answer.headers["WWW-Authenticate"] = 'Basic realm="fanmill", charset="UTF-8"'
            return answer
        scope.setdefault("state", {})["viewer"] = viewer
        if scope["method"] not in _SAFE:
            return self._of_unsafe(scope, lowered)
        return None

    def _of_unsafe(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        if not headers.get("authorization", "").lower().startswith("bearer "):
            problem = forged(headers, scope.get("scheme", "http"))
            if problem:
                log.warning("form refused", problem=problem, path=scope["path"])
                return _refuse(HTTPStatus.FORBIDDEN, f"Refused: {problem}.")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > MAX_BODY_BYTES:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Larger than any event may be.")
        return None

    def _host_is_allowed(self, host: str) -> bool:
        name = _without_port(host).lower().rstrip(".")
        if name in self._hosts or name == "localhost":
            return True
        try:
            return ip_address(name.strip("[]")).is_loopback
        except ValueError:
            return False


def forged(headers: Mapping[str, str], scheme: str) -> str:
    """Return why a form may come from another site; an empty text if it does not.

    Browsers tell the site of a request in `Sec-Fetch-Site`, and older ones in `Origin`; a page
    cannot change either. A request with neither is refused.

    Args:
        headers: Headers of the request, names in lower case.
        scheme: Scheme of the request.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return f"the form was sent from another site ({site})"
    origin = headers.get("origin")
    if origin is not None:
        parts = urlsplit(origin)
        if parts.netloc.lower() != headers.get("host", "").lower():
            return "the form was sent from another origin"
        if parts.scheme not in {scheme, "https"}:
            return "the form was sent by another protocol"
    if site is None and origin is None:
        return "the request does not say which site sent it"
    return ""


def viewer_of(scope: Scope) -> Viewer:
    """Return the viewer of a request that the guard let through."""
    viewer: Viewer = scope["state"]["viewer"]
    return viewer


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _refuse(status: HTTPStatus, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status_code=status)
