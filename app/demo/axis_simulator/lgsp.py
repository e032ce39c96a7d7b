"""The axis as provincial LGSPs speak: a login for half an hour, then REST."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.demo.axis_simulator.store import Refused, Store, done, failed

Answer = Callable[[Request, set[str]], Awaitable[Response]]


def routes(store: Store) -> list[Route]:
    it = Lgsp(store)
    return [
        Route("/v1/auth/login", it.login, methods=["POST"]),
        Route("/v1/sendEdoc", it.guarded(it.send), methods=["POST"]),
        Route("/v1/syncReceivedEdocList", it.guarded(it.listed)),
        Route("/v1/getSentEdocList", it.guarded(it.sent)),
        Route("/v1/getEdoc", it.guarded(it.fetch)),
        Route("/v1/getAgenciesList", it.guarded(it.directory)),
        Route("/v1/updateStatus", it.guarded(it.acknowledge), methods=["POST"]),
    ]


BEARER: Final = "Bearer "


class Lgsp:
    def __init__(self, store: Store) -> None:
        self.store = store

    async def login(self, request: Request) -> Response:
        system = request.headers.get("x-systemid", "")
        if system not in self.store.systems or request.headers.get("x-secretkey") != self.store.secret:
            return failed("15", "wrong SystemId or SecretKey")
        token = f"{system}:{next(self.store.numbers)}"
        self.store.tokens.add(token)
        return JSONResponse({"ErrorCode": "0", "token": token})

    def guarded(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Signed in, and no fault asked for."""

        async def answered(request: Request) -> Response:
            self.store.log.append((request.method, request.url.path))
            token = request.headers.get("authorization", "").removeprefix(BEARER)
            if self.store.goes_wrong("token_expired"):
                self.store.tokens.discard(token)
            if token not in self.store.tokens:
                return Response(status_code=401)
            if (wrong := await self.store.misbehaves()) is not None:
                return wrong
            return await answer(request, self.store.systems[request.headers["x-systemid"]])

        return answered

    async def send(self, request: Request, ours: set[str]) -> Response:
        async with request.form() as form:
            file, kind = form["edocFile"], str(form["messageType"])
            assert isinstance(file, UploadFile)
            content = await file.read()
        try:
            return done(DocId=await self.store.take(content, kind, ours))
        except Refused as refused:
            return refused.answer

    async def listed(self, request: Request, ours: set[str]) -> Response:
        return done(data=self.store.listed(request.query_params["messageType"], ours))

    async def sent(self, request: Request, ours: set[str]) -> Response:
        found = self.store.sent(request.query_params["documentId"], ours)
        return done(data=[{"docId": it.doc_id, "documentId": it.exchange_id} for it in found])

    async def directory(self, request: Request, ours: set[str]) -> Response:
        return self.store.directory()

    async def fetch(self, request: Request, ours: set[str]) -> Response:
        return self.store.fetched(request.query_params["docId"], ours)

    async def acknowledge(self, request: Request, ours: set[str]) -> Response:
        said = await request.json()
        return self.store.acknowledged(said["docId"], said["status"], ours)
