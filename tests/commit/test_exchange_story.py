"""The papers of Delegation 133 over the simulated axis: the chapter of the demo, over HTTP and TCP, told twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.clock import set_today
from app.core.settings import Settings
from app.demo import exchange
from app.demo.exchange import Exchange
from app.demo.voices import Journal, Voices
from app.domain.report import ReportKind, ReportState
from tests.client import Api
from tests.makers import a_campaign, a_document, a_recommendation, a_report
from tests.world import World

PARTS = ("registrar", "administrator", "lead_clerk", "lead_officer")
ASKED = ("addressee", "supervised", "addressee", "paper_addressee", "supervised", "supervised", "addressee_superior")


class Interrupted(Exception):
    """Somebody pressed Ctrl+C."""


@pytest.fixture
async def axis(database: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Exchange]:
    monkeypatch.setenv(exchange.SECRET_NAME, "bi-mat-cua-ban-trinh-dien")
    async with exchange.running(settings.model_copy(update={"database_url": SecretStr(database)})) as running:
        yield running
    set_today(None)


@pytest.fixture
async def voices(api: Api, world: World, tmp_path: Path) -> Voices:
    speaking = Voices(api.http, Journal(tmp_path / "story.json"), lambda line: None)
    for part in PARTS:
        speaking.speak_with(part, world.token(part))
    return speaking


@pytest.fixture
async def ids(committed: async_sessionmaker[AsyncSession], world: World) -> dict[str, str]:
    """What the chapters before have made."""
    async with committed() as session:
        campaign = await a_campaign(session, world)
        notice = await a_document(session, world, kind="TB", symbol="58-TB/BDVTU", number=58)
        issued = {"kind": ReportKind.CONCLUSION, "state": ReportState.ISSUED}
        conclusion = await a_report(session, world, campaign, **issued)
        made = [
            await a_recommendation(session, world, campaign, number=number, addressee_id=world.body[key])
            for number, key in enumerate(ASKED, 1)
        ]
    known = {f"recommendation:{number}": str(it.id) for number, it in enumerate(made)}
    known |= {key: str(body_id) for key, body_id in world.body.items()}
    return {**known, "campaign": str(campaign.id), "notice": str(notice.id), "conclusion": str(conclusion.id)}


async def test_papers_go_out_and_a_reply_comes_back(axis: Exchange, voices: Voices, ids: dict[str, str]) -> None:
    told = await axis.exchange_papers(voices, ids)
    sent = await voices.read("lead_clerk", f"/v1/dispatches/{told['dispatch']}")
    states = {it["body_id"]: (it["state"], it["received_on"]) for it in sent["copies"]}
    assert states == {
        ids["supervised"]: ("accepted", "2024-05-24"),
        ids["addressee"]: ("accepted", "2024-05-24"),
        ids["addressee_superior"]: ("finished", "2024-05-24"),
    }
    answered = await voices.read("lead_officer", f"/v1/recommendations/{ids['recommendation:6']}")
    assert (answered["state"], answered["reply_status"]) == ("replied", "accepted")
    message = await voices.read("lead_clerk", f"/v1/edxml/messages/{told['reply_message']}")
    assert [it["status"] for it in message["reported"]] == ["01", "03"]
    assert message["linked_recommendation_ids"] == [ids["recommendation:6"]]


@pytest.mark.thorough
async def test_an_interrupted_run_goes_on_although_its_axis_has_forgotten(
    axis: Exchange, voices: Voices, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted(content: bytes, *codes: str) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(axis.district, "report", interrupted)
        with pytest.raises(Interrupted):
            await axis.exchange_papers(voices, ids)
    told = await axis.exchange_papers(voices, ids)
    listed = await voices.read("lead_clerk", "/v1/dispatches")
    assert {it["id"] for it in listed["items"]} == {told["dispatch"], told["dispatch_by_hand"]}
