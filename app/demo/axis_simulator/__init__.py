"""A document axis to try things on: stores and forwards, byte for byte, one queue entry for each receiver.

It speaks both dialects over the same queue, judges as little as a real one does, and can be told to misbehave
(`POST /_sim/faults {fault: how often}`): lose an acknowledgement, take a message and never say so, list twice, deliver
twice, answer with a proxy's error page.
"""

from collections import Counter

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from app.demo.axis_simulator import lgsp, vxp
from app.demo.axis_simulator.store import FAULTS, Entry, Store

__all__ = ["FAULTS", "Entry", "Store", "serve"]


def serve(store: Store) -> Starlette:
    async def misbehave(request: Request) -> Response:
        asked: dict[str, int] = await request.json()
        if unknown := asked.keys() - FAULTS:
            return JSONResponse({"unknown": sorted(unknown)}, 422)
        store.faults = Counter(asked)
        return JSONResponse({"faults": asked})

    async def told(request: Request) -> Response:
        return JSONResponse({"calls": store.log, "waiting": [it.doc_id for it in store.entries if it.waits]})

    return Starlette(
        routes=[
            *lgsp.routes(store),
            Mount(vxp.PATH, routes=vxp.routes(store)),
            Route("/_sim/faults", misbehave, methods=["POST"]),
            Route("/_sim/log", told),
        ]
    )
