"""Messages come in over HTTP: kept, judged, entered once for each receiving body."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from tests.client import Api, ok
from tests.corpus import CORPUS, FIRST, REPLY, STATUS, assert_told, changed
from tests.makers import a_campaign, a_recommendation
from tests.makers_edxml import ALL, a_client, an_alias, the_aliases
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

Push = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def push(app: FastAPI, api: Api, session: AsyncSession, world: World) -> Push:
    """By the gateway of the province, which delivers for every sender of the corpus."""
    await the_aliases(session, world)
    token = await a_client(session, world, app.state.tokens, organ_ids=ALL)

    async def pushed(raw: bytes, **rest: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml", **rest.pop("headers", {})}
        return await api.post("/v1/edxml/inbound", content=raw, headers=headers, **rest)

    return pushed


async def upload(api: Api, raw: bytes, as_: str = "lead_clerk", **rest: Any) -> httpx.Response:
    return await api.post("/v1/edxml/inbound", content=raw, as_=as_, headers={"Content-Type": "text/xml"}, **rest)


@pytest.mark.parametrize("name", [name for name, it in CORPUS.items() if it.alone])
async def test_the_corpus_without_what_came_before(push: Push, name: str) -> None:
    assert_told(await push(CORPUS[name].raw), name)


async def test_three_deliveries_are_one_document_and_three_receipts(push: Push, api: Api) -> None:
    await push(FIRST.encode())
    answers = [await push(REPLY.encode()) for _ in range(3)]
    assert [it.status_code for it in answers] == [202, 200, 200]
    assert len({it.json()["document_id"] for it in answers}) == 1
    assert [len(it.json()["receipts"]) for it in answers] == [1, 2, 3]
    document = ok(await api.get(f"/v1/documents/{answers[0].json()['document_id']}", as_="lead_clerk"))
    assert document["symbol"] == "210-BC/HU"
    assert document["kind"] == "BC"
    assert [it["file_name"] for it in document["attachments"]] == ["210-BC-HU.signed.pdf"]
    content = await api.get(f"/v1/attachments/{document['attachment_ids'][0]}/content", as_="lead_clerk")
    assert content.content.startswith(b"%PDF")
    assert (await api.get(f"/v1/documents/{document['id']}", as_="stranger")).status_code == 404


async def test_two_addressees_of_one_installation_get_a_document_each(push: Push, api: Api) -> None:
    told = (await push(FIRST.encode())).json()
    assert len(told["document_ids"]) == 2
    seen = await api.get(f"/v1/edxml/messages/{told['message_id']}", as_="partner")
    assert [it["organ_id"] for it in ok(seen)["deliveries"]] == ["000.00.07.A57"]
    assert (await api.get(f"/v1/edxml/messages/{told['message_id']}", as_="lead_clerk")).status_code == 404


async def test_what_came_for_one_body_is_new_to_the_next(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    theirs = await upload(api, FIRST.encode(), as_="partner")
    assert (theirs.status_code, len(theirs.json()["document_ids"])) == (202, 1)
    await an_alias(session, world, "000.00.77.H01", "partner_b")
    other = changed(FIRST, ("<edXML:OrganId>000.00.31.A57", "<edXML:OrganId>000.00.77.H01"), count=1)
    ours = await upload(api, other, as_="partner_b")
    assert (ours.json()["outcome"], ours.json()["message_id"]) == ("accepted", theirs.json()["message_id"])
    again = await upload(api, other, as_="partner_b")
    assert (again.status_code, again.json()["code"]) == (200, "D-SAME")


async def test_an_update_is_a_new_version_of_the_received_document(push: Push, api: Api) -> None:
    await push(FIRST.encode())
    first = (await push(REPLY.encode())).json()
    second = (await push(CORPUS["variants/v15-update-of-reply.edxml"].raw)).json()
    assert first["document_id"] == second["document_id"]
    document = ok(await api.get(f"/v1/documents/{first['document_id']}", as_="lead_clerk"))
    assert "đính chính" in document["abstract"]
    assert document["version"] > 1


async def test_a_recall_deletes_nothing_and_waits_for_a_person(push: Push, api: Api) -> None:
    first = (await push(FIRST.encode())).json()
    recall = (await push(CORPUS["06-revocation.edxml"].raw)).json()
    message = ok(await api.get(f"/v1/edxml/messages/{first['message_id']}", as_="partner"))
    assert message["deliveries"][0]["recall_asked_at"] is not None
    listed = ok(await api.get("/v1/edxml/messages?needs_person=true", as_="partner"))
    assert [it["id"] for it in listed["items"]] == [recall["message_id"]]
    assert (await api.get(f"/v1/documents/{message['deliveries'][0]['document_id']}", as_="partner")).status_code == 200


async def test_a_reply_knows_what_it_answers(push: Push, api: Api) -> None:
    first = (await push(FIRST.encode())).json()
    reply = (await push(REPLY.encode())).json()
    message = ok(await api.get(f"/v1/edxml/messages/{reply['message_id']}", as_="lead_clerk"))
    assert (message["answers_message_id"], message["answers_how"]) == (first["message_id"], "document_id")
    fuzzy = changed(
        CORPUS["variants/v11-response-for-code-only.edxml"].raw.decode(),
        ("000.00.31.A57,2024/04/25,210-BC/HU", "000.00.31.A57,2024/04/25,211-BC/HU"),
    )
    other = (await push(fuzzy)).json()
    message = ok(await api.get(f"/v1/edxml/messages/{other['message_id']}", as_="lead_clerk"))
    assert (message["answers_how"], message["needs_person"]) == ("number_date", True)


async def test_a_paper_that_went_out_by_other_ways_is_found_in_the_register(
    api: Api, session: AsyncSession, world: World
) -> None:
    await the_aliases(session, world)
    paper = {"kind": "BC", "symbol": "45-BC/ĐGS133", "issued_on": "2024-04-12", "abstract": "Báo cáo kết quả giám sát"}
    made = await api.post("/v1/documents", {**paper, "issuer_body_id": str(world.body["lead"])}, as_="lead_clerk")
    told = (await upload(api, REPLY.encode())).json()
    assert (told["outcome"], told["code"]) == ("accepted", "W-REF-FUZZY")
    message = ok(await api.get(f"/v1/edxml/messages/{told['message_id']}", as_="lead_clerk"))
    assert message["answers_document_id"] == made.json()["id"]


async def test_an_expired_alias_is_no_addressee_and_no_sender(api: Api, session: AsyncSession, world: World) -> None:
    ended = {"valid_to": "2024-12-31"}
    await an_alias(session, world, "000.00.07.A57", "partner")
    assert (await upload(api, FIRST.encode(), as_="partner")).json()["code"] == "E-FROM-UNKNOWN"
    alias = await an_alias(session, world, "000.00.05.A57", "lead")
    assert ok(await api.patch(f"/v1/organ-aliases/{alias.id}", ended, as_="registrar", if_match=1))["valid_to"]
    assert (await upload(api, FIRST.encode(), as_="partner")).json()["code"] == "E-FROM-UNKNOWN"
    assert (await upload(api, REPLY.encode())).json()["code"] == "E-TO-NOT-US"


async def test_the_same_bytes_are_judged_anew_while_they_wait(api: Api, session: AsyncSession, world: World) -> None:
    waiting = (await upload(api, REPLY.encode())).json()
    assert (waiting["outcome"], waiting["code"]) == ("quarantined", "E-TO-NOT-US")
    await the_aliases(session, world)
    assert (await upload(api, FIRST.encode(), as_="partner")).status_code == 202
    accepted = (await upload(api, REPLY.encode())).json()
    assert (accepted["outcome"], accepted["message_id"]) == ("accepted", waiting["message_id"])
    assert len(accepted["receipts"]) == 2


async def test_a_status_moves_what_follows_deliveries(push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[tuple[str, str]] = []

    async def follow(uow: Any, about: Any, status: Any) -> None:
        followed.append((about.exchange_id, status.status))

    monkeypatch.setattr("app.services.edxml.statuses.FOLLOWERS", [follow])
    await push(FIRST.encode())
    await push(STATUS.encode())
    assert (await push(STATUS.encode())).json()["code"] == "D-SAME"
    assert (await push(CORPUS["b30-status-backwards"].raw)).json()["outcome"] == "ignored"
    assert followed == [("000.00.05.A57,2024/04/12,45-BC/ĐGS133", "03")]


async def test_multipart_is_taken_and_other_kinds_are_not(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    sent = {"edocFile": ("a.edxml", FIRST.encode(), "application/xml")}
    assert (await api.post("/v1/edxml/inbound", files=sent, as_="partner")).status_code == 202
    assert (await api.post("/v1/edxml/inbound", files={"x": b""}, as_="partner")).status_code == 422
    assert (await api.post("/v1/edxml/inbound", {"a": 1}, as_="partner")).status_code == 415


async def test_what_is_rejected_is_a_problem_and_is_kept(api: Api, session: AsyncSession) -> None:
    answer = await upload(api, CORPUS["bad/b03-billion-laughs.edxml"].raw, language="en")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["outcome"], told["detail"]) == (
        "E-XML-DTD",
        "rejected",
        "No DOCTYPE and no entities.",
    )
    kept = ok(await api.get(f"/v1/edxml/messages/{told['message_id']}", as_="lead_clerk"))
    assert (kept["state"], kept["size"]) == ("rejected", len(CORPUS["bad/b03-billion-laughs.edxml"].raw))


async def test_an_idempotency_key_stands_for_the_bytes(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    first = await upload(api, FIRST.encode(), as_="partner", key="k1")
    again = await upload(api, FIRST.encode(), as_="partner", key="k1")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")
    assert len(again.json()["receipts"]) == len(first.json()["receipts"]) == 1
    other = await upload(api, REPLY.encode(), as_="partner", key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize(("part", "status"), [("administrator", 403), ("auditor", 403), ("registrar", 403)])
async def test_who_keeps_no_papers_brings_none(api: Api, part: str, status: int) -> None:
    assert (await upload(api, REPLY.encode(), as_=part)).status_code == status


async def test_a_message_over_the_limit_is_refused_before_it_is_read(api: Api) -> None:
    headers = {"Content-Type": "application/xml", "Content-Length": str(300 * 1024 * 1024)}
    answer = await api.post("/v1/edxml/inbound", content=b"x", as_="lead_clerk", headers=headers)
    assert answer.status_code == 413


async def test_a_secret_document_is_seen_by_leaders_alone(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    told = (await upload(api, CORPUS["bad/b40-secret-document.edxml"].raw)).json()
    path = f"/v1/edxml/messages/{told['message_id']}"
    assert (told["outcome"], told["code"]) == ("quarantined", "E-SECRET")
    assert (await api.get(path, as_="lead_clerk")).status_code == 404
    seen = ok(await api.get(path, as_="lead_leader"))
    assert (seen["restricted"], seen["subject"]) == (True, None)
    assert (await api.get(f"{path}/raw", as_="lead_leader")).status_code == 403


async def test_a_client_delivers_for_its_senders_alone(
    app: FastAPI, api: Api, session: AsyncSession, world: World
) -> None:
    await the_aliases(session, world)
    token = await a_client(session, world, app.state.tokens, organ_ids=["000.00.05.A57"])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    refused = await api.post("/v1/edxml/inbound", content=REPLY.encode(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "E-FROM-FORBIDDEN")
    assert (await api.post("/v1/edxml/inbound", content=FIRST.encode(), headers=headers)).status_code == 202


async def test_a_client_without_senders_delivers_to_its_own_body_and_learns_no_more(
    app: FastAPI, api: Api, session: AsyncSession, world: World
) -> None:
    await the_aliases(session, world)
    token = await a_client(session, world, app.state.tokens, scopes=["edxml:push"])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    told = (await api.post("/v1/edxml/inbound", content=FIRST.encode(), headers=headers)).json()
    assert told["code"] == "E-TO-NOT-US"
    told = (await api.post("/v1/edxml/inbound", content=REPLY.encode(), headers=headers)).json()
    assert (told["outcome"], told["code"], told["receipts"][0]["code"]) == ("quarantined", None, "")
    assert (await api.get("/v1/edxml/messages", headers=headers)).status_code == 403


async def test_the_desk_replays_what_a_person_puts_right(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    await upload(api, FIRST.encode(), as_="partner")
    told = (await upload(api, CORPUS["bad/b09-wrong-date.edxml"].raw)).json()
    path = f"/v1/edxml/messages/{told['message_id']}"
    seen = await api.get(path, as_="lead_clerk")
    version = int(seen.headers["ETag"].strip('"'))
    listed = ok(await api.get("/v1/edxml/messages?state=quarantined&code=E-DATE", as_="lead_clerk"))
    assert [it["id"] for it in listed["items"]] == [told["message_id"]]
    fix = {"reason": "Đã gọi điện hỏi", "overrides": {"PromulgationInfo/PromulgationDate": "2024/04/25"}}
    assert (await api.post(f"{path}/replay", fix, as_="lead_clerk")).status_code == 428
    assert (await api.post(f"{path}/replay", fix, as_="stranger", if_match=version)).status_code == 404
    replayed = ok(await api.post(f"{path}/replay", fix, as_="lead_clerk", if_match=version))
    assert (replayed["state"], replayed["promulgated"]) == ("accepted", "2024-04-25")
    assert [it["kind"] for it in replayed["receipts"]] == ["delivery", "replay"]
    assert replayed["deliveries"][0]["document_id"] is not None
    raw = await api.get(f"{path}/raw", as_="lead_clerk")
    assert raw.content == CORPUS["bad/b09-wrong-date.edxml"].raw
    assert raw.headers["content-disposition"].startswith("attachment")
    again = await api.post(f"{path}/replay", fix, as_="lead_clerk", if_match=replayed["version"])
    assert (again.status_code, again.json()["code"]) == (409, "message_not_waiting")


async def test_who_keeps_papers_is_told_what_waits(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    told = (await upload(api, CORPUS["bad/b09-wrong-date.edxml"].raw)).json()
    tasks = ok(await api.get("/v1/me/tasks", as_="lead_clerk"))["items"]
    assert [(it["action"], it["record"]["id"]) for it in tasks] == [("replay", told["message_id"])]
    assert ok(await api.get("/v1/me/tasks", as_="partner"))["items"] == []


async def test_a_person_links_a_paper_to_what_it_answers(
    push: Push, api: Api, session: AsyncSession, world: World
) -> None:
    recommendation = await a_recommendation(session, world, await a_campaign(session, world))
    await push(FIRST.encode())
    told = (await push(REPLY.encode())).json()
    path, link = f"/v1/edxml/messages/{told['message_id']}", {"recommendation_ids": [str(recommendation.id)]}
    payload = {**link, "reason": "Trả lời mục 2"}
    assert (await api.post(f"{path}/link", payload, as_="partner", if_match=1)).status_code == 404
    linked = ok(await api.post(f"{path}/link", payload, as_="lead_clerk", if_match=1))
    assert linked["linked_recommendation_ids"] == [str(recommendation.id)]
    replies = ok(await api.get(f"/v1/recommendations/{recommendation.id}/incoming-replies", as_="lead_clerk"))["items"]
    assert [(it["document_id"], it["state"]) for it in replies] == [(told["document_id"], "received")]


async def test_the_desk_discards(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    told = (await upload(api, CORPUS["bad/b11-truncated-base64.edxml"].raw)).json()
    path = f"/v1/edxml/messages/{told['message_id']}"
    done = ok(await api.post(f"{path}/discard", {"reason": "Đã gửi lại bản khác"}, as_="lead_clerk", if_match=1))
    assert done["state"] == "discarded"


async def test_the_rules_are_public_and_speak_both_languages(api: Api) -> None:
    rules = {it["code"]: it for it in ok(await api.get("/v1/edxml/rules"))["items"]}
    assert rules["E-XML-DTD"]["outcome"] == "rejected"
    assert rules["D-SAME"]["vi"] == "Văn bản này đã nhận"
    assert {it.code for it in CORPUS.values()} <= rules.keys()


async def test_organ_aliases_are_the_registrars(api: Api, world: World) -> None:
    alias = {"organ_id": "h57.12", "scheme": "qd20", "body_id": str(world.body["lead"]), "valid_from": "2025-07-01"}
    assert (await api.post("/v1/organ-aliases", alias, as_="lead_leader")).status_code == 403
    made = await api.post("/v1/organ-aliases", alias, as_="registrar")
    assert (made.status_code, made.json()["organ_id"]) == (201, "H57.12")
    assert (await api.post("/v1/organ-aliases", alias, as_="registrar")).json()["code"] == "alias_taken"
    earlier = {**alias, "valid_from": "2020-01-01", "valid_to": "2025-06-30", "body_id": str(world.body["partner"])}
    assert (await api.post("/v1/organ-aliases", earlier, as_="registrar")).status_code == 201
    found = ok(await api.get("/v1/organ-aliases?organ_id=H57.12&on=2024-01-01", as_="stranger"))
    assert [it["body_id"] for it in found["items"]] == [str(world.body["partner"])]
    for wrong in ("null", "h", "a b", "0" * 36, "H57..1"):
        refused = await api.post("/v1/organ-aliases", {**alias, "organ_id": wrong}, as_="registrar")
        assert refused.status_code in (422,) or wrong == "null", wrong


async def test_the_list_costs_the_same_however_long_it_is(push: Push, api: Api, queries: Queries) -> None:
    await push(FIRST.encode())
    queries.reset()
    await api.get("/v1/edxml/messages", as_="partner")
    one = queries.count
    await push(CORPUS["06-revocation.edxml"].raw)
    queries.reset()
    assert len(ok(await api.get("/v1/edxml/messages", as_="partner"))["items"]) == 2
    assert queries.count == one
