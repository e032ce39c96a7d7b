"""`GET …/{id}/transitions`, the same for every record that has a lifecycle."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.base import Entity, Listing, ListQuery, Row
from app.models.history import TransitionRead
from app.routers.deps import Reading, json
from app.services import history
from app.services.recommendations import parts


def tell_history(router: APIRouter, model: type[Row], name: str, *, vi: str, en: str) -> None:
    """Adds `GET /{<name>_id}/transitions`, beside the POST that moves the record."""
    parameter = f"{name}_id"

    async def list_transitions(
        uow: Reading,
        identifier: Annotated[UUID, Path(alias=parameter)],
        query: Annotated[ListQuery, Query()],
    ) -> Response:
        return json(await history.of(uow, model, identifier, query))

    router.add_api_route(
        f"/{{{parameter}}}/transitions",
        list_transitions,
        operation_id=f"list_{name}_transitions",
        summary=f"Diễn biến của {vi} · History of {en}",
        description=(
            "Mới nhất trước; `on` là ngày xảy ra, `at` là lúc ghi nhận. · "
            "Newest first; `on` is when it happened, `at` when it was recorded."
        ),
        response_model=Listing[TransitionRead],
        responses=problems(*READ),
    )


def tell_history_of_part(router: APIRouter, model: type[Entity], plural: str, name: str, *, vi: str, en: str) -> None:
    """The same for what belongs to a recommendation: `GET /{recommendation_id}/<plural>/{<name>_id}/transitions`."""
    parameter = f"{name}_id"

    async def list_transitions(
        uow: Reading,
        recommendation_id: UUID,
        identifier: Annotated[UUID, Path(alias=parameter)],
        query: Annotated[ListQuery, Query()],
    ) -> Response:
        await parts.part(uow, model, recommendation_id, identifier)
        return json(await history.of(uow, model, identifier, query))

    router.add_api_route(
        f"/{{recommendation_id}}/{plural}/{{{parameter}}}/transitions",
        list_transitions,
        operation_id=f"list_{name}_transitions",
        summary=f"Diễn biến của {vi} · History of {en}",
        response_model=Listing[TransitionRead],
        responses=problems(*READ),
    )
