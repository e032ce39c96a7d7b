"""Which methods a path takes; HEAD wherever GET is taken (RFC 9110, section 9.3.2).

The framework answers 405 with the methods of the first route that has the path, and reads a path that is spelled out
(`/v1/findings/batch`) as somebody's id (`/v1/findings/{finding_id}`) where the method differs.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Route, compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.problems import on_http_error


class Methods:
    """Refuses with 405 what a spelled-out path does not take, and names in `Allow` all that a path takes.

    `routes` are those of the routers themselves: what the framework makes of them for an application takes a second.
    `endless` paths are streams, which have no end to wait for.
    """

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute], endless: Collection[str] = ()) -> None:
        self.app = app
        taken: dict[str, set[str]] = defaultdict(set)
        for route in routes:
            if isinstance(route, Route):
                taken[route.path] |= route.methods or set()
        turned = (path for path, methods in taken.items() if "GET" in methods and "HEAD" not in methods)
        self.by_get = set(turned).difference(endless)
        for path in self.by_get:
            taken[path].add("HEAD")
        self.spelled = {path: methods for path, methods in taken.items() if "{" not in path}
        self.shaped = {compile_path(path)[0]: methods for path, methods in taken.items() if "{" in path}
        self.shaped_by_get = [compile_path(path)[0] for path in self.by_get if "{" in path]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 405:
                MutableHeaders(scope=message)["Allow"] = ", ".join(sorted(self._taken(scope["path"])))
            await send(message)

        if scope["type"] == "http" and scope["method"] == "HEAD" and self._answers_by_get(scope["path"]):
            await self._head(scope, receive, named)
            return
        if scope["type"] != "http" or scope["method"] in self.spelled.get(scope["path"], {scope["method"]}):
            await self.app(scope, receive, named)
            return
        refusal = await on_http_error(Request(scope), HTTPException(405))
        await refusal(scope, receive, named)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What GET would answer, without its body."""

        async def bodiless(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        asked = {**scope, "method": "GET"}
        await self.app(asked, receive, bodiless)
        scope["route"] = asked.get("route")

    def _answers_by_get(self, path: str) -> bool:
        if path in self.spelled:
            return path in self.by_get
        return any(shape.match(path) for shape in self.shaped_by_get)

    def _taken(self, path: str) -> set[str]:
        if path in self.spelled:
            return self.spelled[path]
        return set().union(*(methods for shape, methods in self.shaped.items() if shape.match(path)))
