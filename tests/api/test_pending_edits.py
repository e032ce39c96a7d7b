"""Two people edit one finding on bad networks: what does not collide is merged, what does waits for a person."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.finding import FindingKind, FindingState
from app.models.base import Listing
from app.models.document import Document
from app.models.engagement import Engagement
from app.models.finding import Finding, FindingMerged, PendingEditRead
from tests.client import Api, ok
from tests.makers import a_campaign, a_delegation, a_document, a_finding, an_engagement
from tests.world import World


@pytest.fixture
async def engagement(session: AsyncSession, world: World) -> Engagement:
    delegation = await a_delegation(session, world, await a_campaign(session, world))
    return await an_engagement(session, world, delegation)


@pytest.fixture
async def finding(session: AsyncSession, world: World, engagement: Engagement) -> Finding:
    """By member_a, submitted; what it says may be edited by its author and the secretariat."""
    return await a_finding(session, world, engagement)


def path_of(finding: Finding) -> str:
    return f"/v1/findings/{finding.id}"


async def a_collision(api: Api, finding: Finding, **more: Any) -> str:
    """The secretary changes the content; the author, offline, had changed it too. The path of the waiting edit."""
    ok(await api.patch(path_of(finding), {"content": "Thư ký sửa"}, as_="secretary", if_match=1))
    answer = await api.patch(path_of(finding), {"content": "Tác giả sửa", **more}, as_="member_a", if_match=1)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"{path_of(finding)}/pending-edits/{answer.json()['pending_edit_id']}"
    return str(answer.headers["Location"])


async def test_edits_of_different_fields_are_merged(api: Api, finding: Finding) -> None:
    ok(await api.patch(path_of(finding), {"severity": "serious"}, as_="secretary", if_match=1))
    merged = ok(await api.patch(path_of(finding), {"extent": 3, "clause": "I"}, as_="member_a", if_match=1))
    assert (merged["severity"], merged["extent"], merged["clause"]) == ("serious", 3, "I")
    assert (merged["version"], merged["merged_from"]) == (3, 1)
    FindingMerged.model_validate(merged)


async def test_an_edit_of_the_present_version_is_no_merge(api: Api, finding: Finding) -> None:
    edited = await api.patch(path_of(finding), {"extent": 3}, as_="member_a", if_match=1)
    assert "merged_from" not in ok(edited)
    assert edited.headers["ETag"] == '"2"'


async def test_a_version_must_be_named_and_must_have_been(api: Api, finding: Finding) -> None:
    assert (await api.patch(path_of(finding), {"extent": 3}, as_="member_a")).status_code == 428
    assert (await api.patch(path_of(finding), {"extent": 3}, as_="member_a", if_match=2)).status_code == 412


async def test_colliding_edits_change_nothing_and_wait(api: Api, finding: Finding) -> None:
    edit = await a_collision(api, finding, extent=9)
    now = ok(await api.get(path_of(finding), as_="member_a"))
    assert (now["content"], now["extent"], now["version"], now["pending_edits"]) == ("Thư ký sửa", None, 2, 1)
    waiting = ok(await api.get(edit, as_="secretary"))
    assert waiting["fields"] == {"content": "Tác giả sửa", "extent": 9}
    assert (waiting["colliding"], waiting["base_version"], waiting["state"]) == (["content"], 1, "pending")
    assert (waiting["author"]["name"], waiting["author_body"]["short_name"]) == ("member_a", "MTTQ tỉnh")
    assert waiting["actions"] == ["take", "drop", "combine"]
    listed = ok(await api.get(f"{path_of(finding)}/pending-edits", as_="head", params={"count": True}))
    Listing[PendingEditRead].model_validate(listed)
    assert ([it["id"] for it in listed["items"]], listed["count"]) == ([waiting["id"]], 1)


async def test_the_same_edit_waits_once(api: Api, finding: Finding) -> None:
    edit = await a_collision(api, finding)
    again = await api.patch(path_of(finding), {"content": "Tác giả sửa"}, as_="member_a", if_match=1)
    assert (again.status_code, again.headers["Location"]) == (202, edit)


async def test_sending_an_applied_edit_again_changes_nothing(api: Api, finding: Finding) -> None:
    for _ in range(2):
        edited = ok(await api.patch(path_of(finding), {"content": "Sửa một lần"}, as_="member_a", if_match=1))
        assert edited["version"] == 2


async def test_a_finding_is_not_accepted_while_an_edit_waits(api: Api, finding: Finding) -> None:
    edit = await a_collision(api, finding)
    refused = await api.move(path_of(finding), "accept", as_="head", expect=409)
    assert refused["code"] == "edit_pending"
    await api.move(edit, "drop", as_="secretary")
    assert (await api.move(path_of(finding), "accept", as_="head"))["state"] == "accepted"


async def test_taking_an_edit_applies_all_of_it(api: Api, finding: Finding) -> None:
    edit = await a_collision(api, finding, extent=9)
    taken = await api.move(edit, "take", as_="secretary")
    assert (taken["state"], taken["actions"]) == ("taken", [])
    now = ok(await api.get(path_of(finding), as_="member_a"))
    assert (now["content"], now["extent"], now["version"], now["pending_edits"]) == ("Tác giả sửa", 9, 3, 0)
    refused = await api.move(edit, "drop", as_="secretary", expect=409)
    assert (refused["code"], refused["allowed"]) == ("move_not_allowed", [])
    told = ok(await api.get(f"{edit}/transitions", as_="secretary"))["items"]
    assert [it["action"] for it in told] == ["take", "create"]


async def test_dropping_an_edit_leaves_the_finding(api: Api, finding: Finding) -> None:
    edit = await a_collision(api, finding)
    await api.move(edit, "drop", as_="head", reason="Đã thống nhất")
    now = ok(await api.get(path_of(finding), as_="member_a"))
    assert (now["content"], now["version"]) == ("Thư ký sửa", 2)


async def test_combining_writes_what_a_person_made_of_both(api: Api, finding: Finding) -> None:
    edit = await a_collision(api, finding)
    missing = await api.move(edit, "combine", as_="secretary", expect=422)
    assert missing["errors"][0]["pointer"] == "/fields"
    wrong = await api.move(edit, "combine", as_="secretary", fields={"clause": "IX"}, expect=422)
    assert wrong["errors"][0]["code"] == "unknown_clause"
    combined = await api.move(edit, "combine", as_="secretary", fields={"content": "Cả hai", "extent": 2})
    assert combined["state"] == "combined"
    now = ok(await api.get(path_of(finding), as_="member_a"))
    assert (now["content"], now["extent"]) == ("Cả hai", 2)


async def test_an_edit_of_an_accepted_finding_always_waits(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    finding = await a_finding(session, world, engagement, state=FindingState.ACCEPTED)
    answer = await api.patch(path_of(finding), {"extent": 5}, as_="member_a", if_match=1)
    assert answer.status_code == 202
    await api.move(answer.headers["Location"], "take", as_="member_a", expect=403)
    await api.move(answer.headers["Location"], "take", as_="head")
    now = ok(await api.get(path_of(finding), as_="member_a"))
    assert (now["extent"], now["state"]) == (5, "accepted")


async def test_the_author_settles_edits_of_a_draft(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    finding = await a_finding(session, world, engagement, state=FindingState.DRAFT)
    edit = await a_collision(api, finding)
    assert (await api.move(edit, "take", as_="member_a"))["state"] == "taken"


@pytest.mark.parametrize("who", ["member_b", "lead_officer", "lead_leader", "partner"])
async def test_who_only_reads_a_finding_neither_edits_it_nor_sees_what_waits(
    api: Api, finding: Finding, who: str
) -> None:
    edit = await a_collision(api, finding)
    assert ok(await api.get(path_of(finding), as_=who))["pending_edits"] == 1
    assert (await api.patch(path_of(finding), {"extent": 1}, as_=who, if_match=1)).status_code == 403
    assert ok(await api.get(f"{path_of(finding)}/pending-edits", as_=who))["items"] == []
    assert (await api.get(edit, as_=who)).status_code == 404
    move = await api.post(f"{edit}/transitions", {"action": "take"}, as_=who, if_match=1)
    assert move.status_code == 404


async def test_a_waiting_edit_is_as_hidden_as_its_finding(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    finding = await a_finding(session, world, engagement, kind=FindingKind.VIOLATION_SIGN)
    edit = await a_collision(api, finding)
    for who in ("member_b", "partner", "lead_officer", "supervised", "stranger"):
        for path in (edit, f"{path_of(finding)}/pending-edits", f"{edit}/transitions"):
            assert (await api.get(path, as_=who)).status_code == 404, (who, path)
        move = await api.post(f"{edit}/transitions", {"action": "drop"}, as_=who, if_match=1)
        assert move.status_code == 404


async def test_an_edit_belongs_to_its_finding(
    api: Api, session: AsyncSession, world: World, engagement: Engagement, finding: Finding
) -> None:
    edit = await a_collision(api, finding)
    other = await a_finding(session, world, engagement)
    stray = edit.replace(str(finding.id), str(other.id))
    assert (await api.get(stray, as_="secretary")).status_code == 404
    move = await api.post(f"{stray}/transitions", {"action": "take"}, as_="secretary", if_match=1)
    assert move.status_code == 404


async def test_evidence_of_an_edit_may_be_opened_by_who_settles_it(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    finding = await a_finding(session, world, engagement, state=FindingState.ACCEPTED)
    paper: Document = await a_document(session, world, "partner")
    evidence = [{"kind": "document", "document_id": str(paper.id)}]
    edit = await api.patch(path_of(finding), {"evidence": evidence}, as_="member_a", if_match=1)
    await api.move(edit.headers["Location"], "combine", as_="secretary", fields={"evidence": evidence})
    assert ok(await api.get(path_of(finding), as_="head"))["evidence"] == evidence
    foreign = await a_document(session, world, "stranger")
    hidden = [{"kind": "document", "document_id": str(foreign.id)}]
    assert (await api.patch(path_of(finding), {"evidence": hidden}, as_="member_a", if_match=2)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"content": None}, "string_type"),
        ({"context": None}, "bool_type"),
        ({"occurred_on": "2020-01-01"}, "context_required"),
        ({"clause": "IX"}, "unknown_clause"),
        ({"engagement_id": "019503c2-5e00-7000-8000-000000000133"}, "extra_forbidden"),
    ],
)
async def test_an_edit_obeys_the_rules_of_filing(api: Api, finding: Finding, fields: dict[str, Any], code: str) -> None:
    answer = await api.patch(path_of(finding), fields, as_="member_a", if_match=1)
    assert answer.status_code == 422
    assert [it["code"] for it in answer.json()["errors"]] == [code]


async def test_a_finding_names_not_itself(api: Api, finding: Finding) -> None:
    for field, value in (("repeat_of", str(finding.id)), ("cause_of", [str(finding.id)])):
        answer = await api.patch(path_of(finding), {field: value}, as_="member_a", if_match=1)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "names_itself")


async def test_what_was_true_when_filed_stays_editable(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    """The outline was changed since: an edit of another field does not have to repair the clause."""
    finding = await a_finding(session, world, engagement, clause="cũ")
    assert ok(await api.patch(path_of(finding), {"extent": 2}, as_="member_a", if_match=1))["clause"] == "cũ"
    emptied = ok(await api.patch(path_of(finding), {"clause": None}, as_="member_a", if_match=2))
    assert emptied["clause"] is None
