"""Which methods a path takes.

The framework answers 405 with the methods of the first route that has the path, and reads a path that is spelled out
(`/v1/findings/batch`) as somebody's id (`/v1/findings/{finding_id}`) where the method differs.
"""

from collections import defaultdict
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Route, compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.problems import on_http_error


class Methods:
    """Refuses with 405 what a spelled-out path does not take, and names in `Allow` all that a path takes.

    `routes` are those of the routers themselves: what the framework makes of them for an application takes a second.
    """

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        taken: dict[str, set[str]] = defaultdict(set)
        for route in routes:
            if isinstance(route, Route):
                taken[route.path] |= route.methods or set()
        self.spelled = {path: methods for path, methods in taken.items() if "{" not in path}
        self.shaped = {compile_path(path)[0]: methods for path, methods in taken.items() if "{" in path}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 405:
                MutableHeaders(scope=message)["Allow"] = ", ".join(sorted(self._taken(scope["path"])))
            await send(message)

        if scope["type"] != "http" or scope["method"] in self.spelled.get(scope["path"], {scope["method"]}):
            await self.app(scope, receive, named)
            return
        refusal = await on_http_error(Request(scope), HTTPException(405))
        await refusal(scope, receive, named)

    def _taken(self, path: str) -> set[str]:
        if path in self.spelled:
            return self.spelled[path]
        return set().union(*(methods for shape, methods in self.shaped.items() if shape.match(path)))
