"""The desk: many messages read again, reports to senders, and what is thrown away when its time is over."""

import io
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.adapters import edxml
from app.core.clock import today, utcnow
from app.core.principal import Duty
from app.models.edxml import EdxmlMessage, MessageRead, ReplayResults
from app.models.history import AuditEvent
from app.services.edxml import passing, purging
from app.services.sweep.acting import clock
from tests.client import created, ok
from tests.corpus import CORPUS, FIRST, RECALL, REPLY, changed
from tests.makers_dispatches import an_account
from tests.makers_edxml import a_client, a_message, an_alias, the_aliases
from tests.makers_transfers import an_end, somebody

pytestmark = pytest.mark.thorough

PATH = "/v1/edxml/messages"


async def upload(api, raw, as_="lead_clerk"):
    answer = await api.post("/v1/edxml/inbound", content=raw, as_=as_, headers={"Content-Type": "text/xml"})
    return answer.json()


@pytest.fixture
async def got(api, session, world):
    """A document that the partner has received."""
    await the_aliases(session, world)
    return await upload(api, FIRST.encode(), as_="partner")


async def report(api, got, status, *, as_="partner", **more):
    return await api.post(f"{PATH}/{got['message_id']}/statuses", {"status": status, **more}, as_=as_)


class TestReporting:
    async def test_the_sender_is_told_what_became_of_it(self, api, got):
        told = MessageRead.model_validate(created(await report(api, got, "03", staff={"name": "Ngô Thị Thảo"})))
        assert [(it.organ_id, it.status) for it in told.reported] == [("000.00.07.A57", "03")]
        waiting = ok(await api.get(f"{PATH}?direction=out&kind=status&state=built&channel=file", as_="partner"))
        [row] = waiting["items"]
        raw = await api.get(f"{PATH}/{row['id']}/raw", as_="partner")
        with edxml.read(io.BytesIO(raw.content), now=utcnow()) as reading:
            said = reading.content
        assert isinstance(said, edxml.Status)
        assert (said.sender.organ_id, said.about.organ_id, said.code) == ("000.00.07.A57", "000.00.05.A57", "03")
        assert (said.about.document_id, said.staff.staff) == (row["exchange_id"], "Ngô Thị Thảo")
        handed = ok(await api.post(f"{PATH}/{row['id']}/confirmation", as_="partner"))
        assert handed["state"] == "sent"
        again = await api.post(f"{PATH}/{row['id']}/confirmation", as_="partner")
        assert (again.status_code, again.json()["code"]) == (409, "report_not_waiting")

    @pytest.mark.parametrize(
        ("told", "then", "allowed"),
        [
            ((), "15", ["02", "03", "04", "05", "06"]),
            (("03",), "03", ["04", "05", "06"]),
            (("05",), "04", ["06"]),
            (("06",), "05", []),
        ],
    )
    async def test_no_step_is_taken_back(self, api, got, told, then, allowed):
        for status in told:
            created(await report(api, got, status))
        answer = await report(api, got, then, note="Lý do")
        assert (answer.status_code, answer.json()["code"]) == (409, "status_out_of_order")
        assert answer.json()["allowed"] == allowed

    async def test_a_refusal_says_why_and_may_be_taken_back(self, api, got):
        silent = await report(api, got, "02")
        assert [it["pointer"] for it in silent.json()["unmet"]] == ["/note"]
        created(await report(api, got, "02", note="Gửi nhầm nơi nhận"))
        told = created(await report(api, got, "03"))
        assert [it["status"] for it in told["reported"]] == ["02", "03"]

    @pytest.mark.parametrize("status", ["01", "13", "99", None])
    async def test_what_no_receiver_reports(self, api, got, status):
        assert (await report(api, got, status)).status_code == 422

    async def test_a_repeated_request_tells_once(self, api, got):
        path, payload = f"{PATH}/{got['message_id']}/statuses", {"status": "03"}
        first = created(await api.post(path, payload, as_="partner", key="k"))
        again = await api.post(path, payload, as_="partner", key="k")
        assert (again.status_code, again.json()["reported"]) == (201, first["reported"])

    async def test_only_whose_it_is(self, api, got):
        assert (await report(api, got, "03", as_="lead_clerk")).status_code == 404
        assert (await report(api, got, "03", as_="auditor")).status_code == 404

    async def test_what_waits_at_the_desk_is_not_reported_of(self, api, session, world):
        it = await a_message(session, world)
        answer = await api.post(f"{PATH}/{it.id}/statuses", {"status": "03"}, as_="lead_clerk")
        assert answer.json()["code"] == "message_not_accepted"

    async def test_a_paper_that_no_message_can_name_is_not_reported_of(self, api, session, world):
        it = await a_message(session, world, state="accepted", code="OK", business_type=0)
        answer = await api.post(f"{PATH}/{it.id}/statuses", {"status": "03"}, as_="lead_clerk")
        assert (answer.status_code, answer.json()["code"]) == (409, "message_unsendable")

    async def test_a_recall_is_agreed_to_or_not(self, api, got):
        recall = await upload(api, RECALL.encode(), as_="partner")
        told = created(await report(api, recall, "16", note="Đã xử lý xong"))
        assert told["id"] == got["message_id"]
        assert ok(await api.get(f"{PATH}/{recall['message_id']}", as_="partner"))["needs_person"] is False
        again = await report(api, got, "15")
        assert again.json()["code"] == "status_out_of_order"
        created(await report(api, got, "03"))

    async def test_with_an_account_the_axis_carries_it(self, api, session, world, got):
        assert (await report(api, got, "03", channel="axis")).json()["code"] == "no_axis_account"
        await an_account(session, world, "partner", "000.00.07.A57")
        created(await report(api, got, "03"))
        [row] = ok(await api.get(f"{PATH}?direction=out&channel=axis", as_="partner"))["items"]
        assert row["state"] == "built"
        refused = await api.post(f"{PATH}/{row['id']}/confirmation", as_="partner")
        assert refused.json()["code"] == "report_not_waiting"

    async def test_a_relaying_system_hands_it_over(self, api, app, session, world, got):
        created(await report(api, got, "03", channel="relay"))
        scopes = ["edxml:read", "dispatch:relay"]
        token = await a_client(session, world, app.state.tokens, body="partner", scopes=scopes)
        headers = {"Authorization": f"Bearer {token}"}
        [row] = ok(await api.get(f"{PATH}?channel=relay&state=built", headers=headers))["items"]
        assert ok(await api.post(f"{PATH}/{row['id']}/confirmation", headers=headers))["state"] == "sent"


def numbered(number):
    return changed(REPLY, ("2024/04/25,210", f"2024/04/25,{number}"), ("Number>210", f"Number>{number}"))


class TestReplayingMany:
    async def test_after_the_directory_is_loaded(self, api, session, world):
        waiting = [await upload(api, numbered(it)) for it in (210, 211)]
        assert {it["code"] for it in waiting} == {"E-TO-NOT-US"}
        await the_aliases(session, world)
        await upload(api, FIRST.encode(), as_="partner")
        asked = {"reason": "Đã bổ sung mã định danh", "filter": {"code": ["E-TO-NOT-US"]}}
        told = ReplayResults.model_validate(ok(await api.post(f"{PATH}/replay", asked, as_="lead_clerk")))
        assert [(it.status, it.outcome) for it in told.results] == [(200, "accepted")] * 2
        assert told.remaining == 0
        again = ok(await api.post(f"{PATH}/replay", asked, as_="lead_clerk"))
        assert again == {"results": [], "remaining": 0}

    async def test_each_has_its_own_result(self, api, session, world):
        await the_aliases(session, world)
        bad = await upload(api, CORPUS["bad/b09-wrong-date.edxml"].raw)
        rejected = await upload(api, CORPUS["bad/b36-empty.edxml"].raw)
        theirs = await upload(api, CORPUS["bad/b08-unknown-to.edxml"].raw, as_="stranger")
        ids = [bad["message_id"], rejected["message_id"], theirs["message_id"]]
        told = ok(await api.post(f"{PATH}/replay", {"reason": "Xem lại", "ids": ids}, as_="lead_clerk"))
        assert [(it["status"], it.get("rule"), it.get("code")) for it in told["results"]] == [
            (200, "E-DATE", None),
            (409, None, "message_not_waiting"),
            (404, None, "not_found"),
        ]

    @pytest.mark.parametrize(
        ("payload", "pointer"),
        [
            ({}, ""),
            ({"ids": [], "reason": "x"}, "/ids"),
            ({"ids": ["00000000-0000-7000-8000-000000000000"] * 101}, "/ids"),
            ({"filter": {"state": "rejected"}}, "/filter/state"),
        ],
    )
    async def test_what_is_no_question(self, api, payload, pointer):
        answer = await api.post(f"{PATH}/replay", {"reason": "Xem lại", **payload}, as_="lead_clerk")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)

    @pytest.mark.parametrize("part", ["auditor", "administrator", "registrar"])
    async def test_only_who_keeps_papers(self, api, part):
        asked = {"reason": "Xem lại", "filter": {}}
        assert (await api.post(f"{PATH}/replay", asked, as_=part)).status_code == 403


class TestTheDeskOfAnEndedBody:
    """The partner ends, and becomes a part of others."""

    @staticmethod
    async def ended(api, world, *heirs, kind="merge"):
        sides = {"predecessor_ids": [str(world.body["partner"])], "successor_ids": [str(it) for it in heirs]}
        told = {"kind": kind, "effective_on": today().isoformat(), **sides}
        created(await api.post("/v1/lineage-events", told, as_="registrar"))

    async def test_what_waits_passes_to_its_heir_and_nothing_else(self, api, session, world):
        waiting = await a_message(session, world, to="partner")
        unread = await a_message(session, world, to="partner", state="accepted", code="OK", exchange_id="a")
        assert (await api.get(f"{PATH}/{waiting.id}", as_="addressee")).status_code == 404
        await self.ended(api, world, world.body["addressee"])
        shown = ok(await api.get(f"{PATH}/{waiting.id}", as_="addressee"))
        assert (shown["desk_body_id"], shown["state"]) == (str(world.body["addressee"]), "quarantined")
        assert (await api.get(f"{PATH}/{unread.id}", as_="addressee")).status_code == 404
        assert (await api.get(f"{PATH}/{waiting.id}", as_="stranger")).status_code == 404
        tasks = ok(await api.get("/v1/me/tasks", as_="addressee"))["items"]
        assert str(waiting.id) in {it["record"]["id"] for it in tasks}
        left = ok(await api.post(f"{PATH}/{waiting.id}/discard", {"reason": "Gửi nhầm"}, as_="addressee", if_match=2))
        assert left["state"] == "discarded"

    async def test_a_secret_one_to_leaders_alone(self, api, app, session, world):
        it = await a_message(session, world, to="partner", restricted=True, code="E-SECRET")
        await self.ended(api, world, world.body["addressee"])
        await somebody(session, world, app, "addressee_clerk", world.body["addressee"], Duty.CLERK)
        assert (await api.get(f"{PATH}/{it.id}", as_="addressee_clerk")).status_code == 404
        assert (await api.get(f"{PATH}/{it.id}", as_="addressee")).status_code == 200

    async def test_what_was_brought_for_nobody_known(self, api, session, world):
        told = await upload(api, CORPUS["bad/b08-unknown-to.edxml"].raw, as_="partner")
        await self.ended(api, world, world.body["addressee"])
        assert (await api.get(f"{PATH}/{told['message_id']}", as_="addressee")).status_code == 200

    async def test_of_several_heirs_the_directory_says_which(self, api, session, world):
        it = await a_message(session, world, to="partner")
        await self.ended(api, world, world.body["addressee"], world.body["stranger"], kind="divide")
        for part in ("addressee", "stranger"):
            assert (await api.get(f"{PATH}/{it.id}", as_=part)).status_code == 404
        await an_alias(session, world, "000.00.05.A57", "stranger")
        assert await passing.pass_on(clock(session, today())) == 1
        assert (await api.get(f"{PATH}/{it.id}", as_="stranger")).status_code == 200
        assert (await api.get(f"{PATH}/{it.id}", as_="addressee")).status_code == 404

    async def test_through_a_chain_and_once(self, api, session, world):
        it = await a_message(session, world, to="partner")
        await an_end(session, [world.body["partner"]], [world.body["addressee"]], today() - timedelta(days=9))
        await an_end(session, [world.body["addressee"]], [world.body["stranger"]], today() - timedelta(days=3))
        night = clock(session, today())
        assert await passing.pass_on(night) == 1
        assert await passing.pass_on(night) == 0
        await night.complete()
        assert (await api.get(f"{PATH}/{it.id}", as_="stranger")).status_code == 200
        audited = select(AuditEvent).where(col(AuditEvent.action) == "edxml_message.pass")
        [line] = (await session.execute(audited.execution_options(scope="test"))).scalars()
        assert (line.subject_id, line.details["to_body_id"]) == (it.id, str(world.body["stranger"]))


class TestPurging:
    async def test_refused_and_secret_bytes_go_after_90_days(self, api, app, session, world):
        await the_aliases(session, world)
        rejected = await upload(api, CORPUS["bad/b17-truncated-xml.edxml"].raw)
        secret = await upload(api, CORPUS["bad/b40-secret-document.edxml"].raw)
        waiting = await upload(api, CORPUS["bad/b09-wrong-date.edxml"].raw)
        assert await purging.purge(session, app.state.storage) == 0
        await session.execute(update(EdxmlMessage).values(created_at=utcnow() - timedelta(days=91)))
        assert await purging.purge(session, app.state.storage) == 2
        assert await purging.purge(session, app.state.storage) == 0
        gone = await api.get(f"{PATH}/{rejected['message_id']}/raw", as_="lead_clerk")
        assert (gone.status_code, gone.json()["code"]) == (410, "raw_purged")
        assert (await api.get(f"{PATH}/{waiting['message_id']}/raw", as_="lead_clerk")).status_code == 200
        shown = ok(await api.get(f"{PATH}/{secret['message_id']}", as_="lead_leader"))
        assert (shown["state"], shown["purged_at"] is not None) == ("discarded", True)
        audited = select(AuditEvent).where(col(AuditEvent.action) == "edxml_message.purge")
        assert len((await session.execute(audited.execution_options(scope="test"))).scalars().all()) == 2

    async def test_bytes_that_come_again_are_judged_anew(self, api, app, session):
        raw = CORPUS["bad/b17-truncated-xml.edxml"].raw
        first = await upload(api, raw)
        await session.execute(update(EdxmlMessage).values(created_at=utcnow() - timedelta(days=91)))
        await purging.purge(session, app.state.storage)
        again = await upload(api, raw)
        assert again["message_id"] == first["message_id"]
        assert (await api.get(f"{PATH}/{first['message_id']}/raw", as_="lead_clerk")).content == raw


async def purge(api, it, as_, *, reason="Đã lập biên bản hủy"):
    return await api.post(f"{PATH}/{it['id']}/purge", {"reason": reason}, as_=as_, if_match=it["version"])


async def decide(api, it, as_, outcome="confirmed"):
    return await api.post(f"{PATH}/{it['id']}/purge/decision", {"outcome": outcome}, as_=as_, if_match=it["version"])


class TestPurgingByTwo:
    """One asks, another of the same body confirms."""

    @pytest.fixture
    async def rejected(self, api):
        told = await upload(api, CORPUS["bad/b17-truncated-xml.edxml"].raw)
        return ok(await api.get(f"{PATH}/{told['message_id']}", as_="lead_clerk"))

    async def test_nobody_confirms_what_they_asked_for(self, api, app, session, rejected):
        asked = ok(await purge(api, rejected, "lead_clerk"))
        assert (asked["purge_reason"], asked["purged_at"]) == ("Đã lập biên bản hủy", None)
        refused = await decide(api, asked, "lead_clerk")
        assert (refused.status_code, refused.json()["code"]) == (403, "two_persons")
        tasks = ok(await api.get("/v1/me/tasks", as_="lead_officer"))["items"]
        assert ("confirm_purge", rejected["id"]) in {(it["action"], it["record"]["id"]) for it in tasks}
        gone = ok(await decide(api, asked, "lead_officer"))
        assert gone["purged_at"] is not None
        raw = await api.get(f"{PATH}/{rejected['id']}/raw", as_="lead_clerk")
        assert (raw.status_code, raw.json()["code"]) == (410, "raw_purged")
        await purging.erase(session, app.state.storage, UUID(rejected["id"]))
        with pytest.raises(FileNotFoundError):
            await app.state.storage.whole(rejected["sha256"], rejected["size"])

    async def test_both_stand_in_the_audit(self, api, session, world, rejected):
        asked = ok(await purge(api, rejected, "lead_clerk"))
        ok(await decide(api, asked, "lead_leader"))
        lines = select(col(AuditEvent.action), col(AuditEvent.account_id)).where(
            col(AuditEvent.action).in_(["edxml_message.ask_purge", "edxml_message.purge"])
        )
        told = (await session.execute(lines.order_by(col(AuditEvent.seq)).execution_options(scope="test"))).all()
        assert [tuple(it) for it in told] == [
            ("edxml_message.ask_purge", world.account["lead_clerk"]),
            ("edxml_message.purge", world.account["lead_leader"]),
        ]

    async def test_a_secret_document_by_leaders_alone(self, api, app, session, world):
        it = await a_message(session, world, restricted=True, code="E-SECRET")
        shown = ok(await api.get(f"{PATH}/{it.id}", as_="lead_leader"))
        assert (await purge(api, shown, "lead_clerk")).status_code == 404
        asked = ok(await purge(api, shown, "lead_leader"))
        assert (await decide(api, asked, "lead_officer")).status_code == 404
        await somebody(session, world, app, "second_leader", world.body["lead"])
        gone = ok(await decide(api, asked, "second_leader"))
        assert (gone["state"], gone["purged_at"] is not None) == ("discarded", True)

    async def test_it_may_be_refused_or_taken_back(self, api, rejected):
        asked = ok(await purge(api, rejected, "lead_clerk"))
        assert (await purge(api, asked, "lead_officer")).json()["code"] == "purge_asked"
        kept = ok(await decide(api, asked, "lead_clerk", "refused"))
        assert (kept["purge_asked_at"], kept["purge_reason"]) == (None, None)
        assert (await decide(api, kept, "lead_officer")).json()["code"] == "purge_not_asked"

    async def test_what_waits_or_was_accepted_is_not_purged(self, api, session, world):
        for state, code in (("quarantined", "E-DATE"), ("accepted", "OK")):
            it = await a_message(session, world, state=state, code=code, exchange_id=state)
            shown = ok(await api.get(f"{PATH}/{it.id}", as_="lead_clerk"))
            assert (await purge(api, shown, "lead_clerk")).json()["code"] == "message_not_purgeable"

    async def test_bytes_that_something_else_keeps_stay(self, api, app, session, rejected):
        asked = ok(await purge(api, rejected, "lead_clerk"))
        ok(await decide(api, asked, "lead_officer"))
        await upload(api, CORPUS["bad/b17-truncated-xml.edxml"].raw, as_="partner")
        await purging.erase(session, app.state.storage, UUID(rejected["id"]))
        assert await app.state.storage.whole(rejected["sha256"], rejected["size"])
