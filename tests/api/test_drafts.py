"""Social criticism: drafts by article and clause, opinions that follow their clause, an answer to every one."""

import io
from datetime import date

import docx
import pytest

from app.domain.campaign import CampaignForm
from app.domain.draft import DraftState
from app.models.draft import DraftRead, VersionRead
from app.models.opinion import Matrix, OpinionRead
from tests.client import created, ok
from tests.makers import a_campaign, a_document
from tests.makers_criticism import a_criticism, a_draft, an_assignment, an_opinion

TEXT = """NGHỊ QUYẾT
Chương I
Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức hỗ trợ.
Điều 2. Đối tượng
1. Người hoạt động không chuyên trách ở thôn:
a) Trưởng ban công tác Mặt trận;
b) Chi hội trưởng các đoàn thể.
2. Tổ chức có liên quan.
"""
NEXT = TEXT.replace("Điều 2. Đối tượng", "Điều 2. Nguyên tắc\nCông khai, đúng đối tượng.\nĐiều 3. Đối tượng").replace(
    "b) Chi hội trưởng các đoàn thể.\n", ""
)


def draft_of(world, campaign, **fields):
    values = {
        "campaign_id": str(campaign.id),
        "title": "Nghị quyết quy định mức hỗ trợ cán bộ thôn",
        "drafting_body_id": str(world.body["addressee"]),
        "issuing_authority": {"name": "HĐND tỉnh"},
        "received_on": "2024-04-01",
    }
    return {**values, **fields}


def opinion_on(draft_id, **fields):
    values = {
        "draft_id": str(draft_id),
        "anchor": {"article": "2", "clause": "1"},
        "criterion": "feasibility",
        "opinion": "Cần làm rõ nguồn kinh phí.",
        "on": "2024-04-20",
    }
    return {**values, **fields}


@pytest.fixture
async def campaign(session, world):
    return await a_criticism(session, world)


@pytest.fixture
async def draft(session, world, campaign):
    return await a_draft(session, world, campaign)


@pytest.fixture
async def paper(session, world):
    return str((await a_document(session, world)).id)


class TestReceiving:
    async def test_a_text_is_read_by_article_clause_and_point(self, api, world, campaign):
        sent = draft_of(world, campaign, text=TEXT, submission_on="2024-04-20")
        draft = DraftRead.model_validate(created(await api.post("/v1/drafts", sent, as_="lead_officer")))
        assert (draft.state, draft.versions[0].number, draft.versions[0].articles) == ("draft_received", 1, 2)
        assert (draft.send_due_on, draft.sent_late) == (date(2024, 4, 5), False)
        listed = ok(await api.get(f"/v1/drafts/{draft.id}/versions", as_="lead_officer"))["items"]
        version = VersionRead.model_validate(listed[0])
        assert [it.number for it in version.articles] == ["1", "2"]
        assert [it.letter for it in version.articles[1].clauses[0].points] == ["a", "b"]

    async def test_a_draft_that_comes_too_late_is_flagged(self, api, world, campaign):
        sent = draft_of(world, campaign, submission_on="2024-04-10")
        assert created(await api.post("/v1/drafts", sent, as_="lead_officer"))["sent_late"] is True

    async def test_a_word_file_is_read_as_well(self, api, world, draft):
        written = docx.Document()
        for line in TEXT.splitlines():
            written.add_paragraph(line)
        packed = io.BytesIO()
        written.save(packed)
        files = {"file": ("du-thao.docx", packed.getvalue())}
        file = created(await api.call("POST", "/v1/attachments", files=files, as_="lead_officer"))
        path = f"/v1/drafts/{draft.id}/versions"
        version = created(await api.post(path, {"attachment_id": file["id"]}, as_="lead_officer"))
        assert (version["number"], len(version["articles"])) == (2, 2)
        content = await api.get(f"/v1/attachments/{file['id']}/content", as_="addressee")
        assert content.status_code == 200, "the drafting body reads what it is told of"

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"text": "Không có điều nào"}, 422, "no_articles"),
            ({"text": TEXT, "articles": [{"number": "1"}]}, 422, "one_text_source"),
            ({"issuing_authority": None}, 422, "one_authority"),
            ({"received_on": "2999-01-01"}, 422, "in_the_future"),
            ({"drafting_body_id": "00000000-0000-7000-8000-000000000000"}, 404, None),
        ],
    )
    async def test_what_cannot_be_received(self, api, world, campaign, change, status, code):
        answer = await api.post("/v1/drafts", draft_of(world, campaign, **change), as_="lead_officer")
        assert answer.status_code == status
        assert code is None or answer.json()["errors"][0]["code"] == code

    async def test_only_in_a_campaign_of_criticism(self, api, world, session):
        answer = await api.post("/v1/drafts", draft_of(world, await a_campaign(session, world)), as_="lead_officer")
        assert answer.json()["code"] == "not_social_criticism"


class TestOpinions:
    async def test_an_opinion_stands_at_its_clause(self, api, draft):
        given = OpinionRead.model_validate(
            created(await api.post("/v1/opinions", opinion_on(draft.id), as_="lead_officer"))
        )
        assert (given.written_at, given.anchor_state, given.round_number) == ("khoản 1 Điều 2", "anchored", 1)

    async def test_a_place_that_the_text_does_not_have_is_refused(self, api, draft):
        answer = await api.post("/v1/opinions", opinion_on(draft.id, anchor={"article": "9"}), as_="lead_officer")
        assert answer.json()["errors"][0]["code"] == "no_such_place"

    async def test_a_late_one_is_taken_only_by_name(self, api, draft):
        late = opinion_on(draft.id, on="2024-05-02")
        assert (await api.post("/v1/opinions", late, as_="lead_officer")).json()["code"] == "round_closed"
        named = {**late, "late_accepted_by": {"name": "Nguyễn Văn A", "title": "Phó Chủ tịch"}}
        taken = created(await api.post("/v1/opinions", named, as_="lead_officer"))
        assert taken["late_accepted_by"]["name"] == "Nguyễn Văn A"

    async def test_who_was_asked_gives_it_and_sees_only_its_own(self, api, world, session, draft):
        await an_assignment(session, world, draft)
        await an_opinion(session, world, draft)
        given = created(await api.post("/v1/opinions", opinion_on(draft.id), as_="verifier"))
        assert given["author_body"]["id"] == str(world.body["verifier"])
        listed = ok(await api.get(f"/v1/opinions?draft_id={draft.id}", as_="verifier"))["items"]
        assert [it["id"] for it in listed] == [given["id"]]
        assert len(ok(await api.get(f"/v1/opinions?draft_id={draft.id}", as_="lead_officer"))["items"]) == 2

    async def test_whoever_was_not_asked_gives_none(self, api, draft):
        assert (await api.post("/v1/opinions", opinion_on(draft.id), as_="addressee")).status_code == 403
        assert (await api.post("/v1/opinions", opinion_on(draft.id), as_="stranger")).status_code == 404

    async def test_recusal_ends_it(self, api, world, session, draft):
        asked = await an_assignment(session, world, draft)
        path = f"/v1/draft-assignments/{asked.id}/recusal"
        ok(await api.post(path, {"reason": "Đã tham gia soạn thảo"}, as_="verifier", if_match=1))
        assert (await api.post("/v1/opinions", opinion_on(draft.id), as_="verifier")).status_code == 404

    async def test_opinions_follow_their_clause_or_are_orphaned(self, api, world, draft):
        path = f"/v1/drafts/{draft.id}/versions"
        created(await api.post(path, {"text": TEXT, "on": "2024-04-15"}, as_="addressee"))
        for anchor in (
            {},
            {"article": "1"},
            {"article": "2", "clause": "2"},
            {"article": "2", "clause": "1", "point": "b"},
        ):
            created(await api.post("/v1/opinions", opinion_on(draft.id, anchor=anchor), as_="lead_officer"))
        created(await api.post(path, {"text": NEXT, "on": "2024-04-22"}, as_="addressee"))
        listed = ok(await api.get(f"/v1/opinions?draft_id={draft.id}", as_="lead_officer"))["items"]
        seen = {it["written_at"]: (it["anchor"]["article"], it["anchor_state"]) for it in listed}
        assert seen == {
            "toàn văn": (None, "anchored"),
            "Điều 1": ("1", "anchored"),
            "khoản 2 Điều 2": ("3", "carried"),
            "điểm b khoản 1 Điều 2": ("2", "orphaned"),
        }
        orphan = next(it for it in listed if it["anchor_state"] == "orphaned")
        changed = {"anchor": {"article": "3", "clause": "1"}}
        again = ok(
            await api.patch(f"/v1/opinions/{orphan['id']}", changed, as_="lead_officer", if_match=orphan["version"])
        )
        assert again["anchor_state"] == "anchored"


class TestTheProcedure:
    async def test_a_conference_has_its_steps_in_order(self, api, world, session, paper):
        draft = await a_draft(session, world, await a_criticism(session, world, form=CampaignForm.CONFERENCE))
        held = {"held_on": "2024-04-25", "document_id": paper}
        steps = ["open", "present", "orient", "discuss", "explain", "conclude"]
        path = f"/v1/drafts/{draft.id}"
        wrong = [{"step": it} for it in reversed(steps)]
        refused = await api.move(path, "hold_session", as_="lead_officer", expect=409, steps=wrong, **held)
        assert refused["unmet"][0]["code"] == "session_steps_in_order"
        done = await api.move(path, "hold_session", as_="lead_officer", steps=[{"step": it} for it in steps], **held)
        assert (done["state"], done["sessions"][0]["held_on"]) == ("session_held", "2024-04-25")

    async def test_a_written_one_has_no_session(self, api, draft, paper):
        path = f"/v1/drafts/{draft.id}"
        refused = await api.move(path, "hold_session", as_="lead_officer", expect=409, steps=[{"step": "open"}])
        assert "form_has_session" in {it["code"] for it in refused["unmet"]}
        issued = await api.move(path, "issue_document", as_="lead_leader", issued_on="2024-05-02", document_id=paper)
        assert (issued["state"], issued["document_issued_on"]) == ("document_issued", "2024-05-02")

    async def test_every_opinion_is_answered_before_the_reply(self, api, world, session, campaign):
        draft = await a_draft(session, world, campaign, state=DraftState.DOCUMENT_ISSUED)
        one, two = await an_opinion(session, world, draft), await an_opinion(session, world, draft)
        paper = str((await a_document(session, world, owner="addressee")).id)
        path = f"/v1/drafts/{draft.id}"
        ok(await api.put(f"/v1/opinions/{one.id}/answer", {"kind": "accepted"}, as_="addressee", if_match=1))
        refused = await api.move(path, "reply", as_="addressee", expect=409, document_id=paper)
        assert refused["unmet"][0]["code"] == "every_opinion_answered"
        silent = await api.put(f"/v1/opinions/{two.id}/answer", {"kind": "explained"}, as_="addressee", if_match=1)
        assert silent.json()["errors"][0]["code"] == "answer_text"
        explained = {"kind": "explained", "text": "Đã có trong nghị quyết khác"}
        ok(await api.put(f"/v1/opinions/{two.id}/answer", explained, as_="addressee", if_match=1))
        assert (await api.move(path, "reply", as_="addressee", document_id=paper))["state"] == "replied"
        final = str((await a_document(session, world)).id)
        taken = [{"opinion_id": str(one.id), "taken_in": True, "final_clause": "khoản 1 Điều 3"}]
        await api.move(path, "promulgate", as_="lead_officer", document_id=final, opinions=taken)
        assert (await api.move(path, "close", as_="lead_officer"))["state"] == "closed"
        matrix = Matrix.model_validate(ok(await api.get(f"{path}/matrix", as_="addressee")))
        assert (matrix.coverage.percent, matrix.coverage.taken_in) == (100.0, 1)
        assert [it.final_clause for it in matrix.rows[0].opinions] == ["khoản 1 Điều 3", None]

    async def test_silence_is_ended_only_after_a_reminder(self, api, world, session, campaign):
        draft = await a_draft(session, world, campaign, state=DraftState.DOCUMENT_ISSUED)
        path = f"/v1/drafts/{draft.id}"
        said = {"reason": "Không trả lời"}
        refused = await api.move(path, "settle_unreplied", as_="lead_leader", expect=409, **said)
        assert refused["unmet"][0]["code"] == "drafting_body_reminded"
        created(await api.post(f"{path}/reminders", {"note": "Đề nghị trả lời"}, as_="lead_clerk"))
        assert (await api.move(path, "settle_unreplied", as_="lead_leader", **said))["state"] == "closed"

    async def test_the_drafting_body_reads_opinions_only_in_the_issued_document(
        self, api, world, session, draft, paper
    ):
        opinion = await an_opinion(session, world, draft)
        assert (await api.get(f"/v1/opinions/{opinion.id}", as_="addressee")).status_code == 404
        assert ok(await api.get(f"/v1/drafts/{draft.id}", as_="addressee"))["view"] == "party"
        await api.move(f"/v1/drafts/{draft.id}", "issue_document", as_="lead_leader", document_id=paper)
        assert ok(await api.get(f"/v1/opinions/{opinion.id}", as_="addressee"))["view"] == "party"

    async def test_a_paper_answer_is_recorded_for_a_body_without_an_account(self, api, world, session, campaign, paper):
        fields = {"state": DraftState.DOCUMENT_ISSUED, "drafting_body_id": world.body["paper_addressee"]}
        draft = await a_draft(session, world, campaign, **fields)
        opinion = await an_opinion(session, world, draft)
        said = {"kind": "accepted", "on_behalf": {"document_id": paper, "received_on": "2024-05-20"}}
        answered = ok(await api.put(f"/v1/opinions/{opinion.id}/answer", said, as_="lead_clerk", if_match=1))
        assert answered["answer"]["on_behalf"]["document_id"] == paper

    async def test_never_for_a_body_that_can_speak_for_itself(self, api, world, session, campaign, paper):
        draft = await a_draft(session, world, campaign, state=DraftState.DOCUMENT_ISSUED)
        opinion = await an_opinion(session, world, draft)
        said = {"kind": "accepted", "on_behalf": {"document_id": paper, "received_on": "2024-05-20"}}
        answer = await api.put(f"/v1/opinions/{opinion.id}/answer", said, as_="lead_clerk", if_match=1)
        assert answer.json()["code"] == "has_own_account"

    async def test_the_campaign_is_reported_when_every_draft_has_its_document(self, api, campaign, draft, paper):
        path = f"/v1/campaigns/{campaign.id}"
        refused = await api.move(path, "report", as_="lead_officer", expect=409)
        assert [it["code"] for it in refused["unmet"]] == ["criticism_documents_issued"]
        await api.move(f"/v1/drafts/{draft.id}", "issue_document", as_="lead_leader", document_id=paper)
        assert (await api.move(path, "report", as_="lead_officer"))["state"] == "reported"

    async def test_what_asks_for_an_act_becomes_a_recommendation(self, api, world, session, campaign):
        draft = await a_draft(session, world, campaign, state=DraftState.REPLIED)
        asked = {
            "origin": "criticism",
            "origin_id": str(draft.id),
            "campaign_id": str(campaign.id),
            "addressee_id": str(world.body["addressee"]),
            "action": "Ban hành văn bản hướng dẫn sau khi nghị quyết có hiệu lực",
        }
        made = created(await api.post("/v1/recommendations", asked, as_="lead_officer"))
        assert (made["origin"], made["origin_id"]) == ("criticism", str(draft.id))

    async def test_the_tasks_of_each_side(self, api, world, session, campaign):
        draft = await a_draft(session, world, campaign, state=DraftState.DOCUMENT_ISSUED)
        await an_opinion(session, world, draft)
        tasks = ok(await api.get("/v1/me/tasks", as_="addressee"))["items"]
        assert ("answer_opinions", str(draft.id)) in {(it["action"], it["record"]["id"]) for it in tasks}

    async def test_a_list_costs_the_same_for_many(self, api, world, session, draft, queries):
        await api.get("/v1/opinions", as_="lead_officer")
        queries.reset()
        await api.get(f"/v1/opinions?draft_id={draft.id}", as_="lead_officer")
        few = queries.count
        for _ in range(5):
            await an_opinion(session, world, draft)
        queries.reset()
        await api.get(f"/v1/opinions?draft_id={draft.id}", as_="lead_officer")
        assert queries.count == few
