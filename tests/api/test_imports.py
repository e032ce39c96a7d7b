"""Tables that are taken in as a whole or not at all, by the rules of the API itself, and never twice."""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.import_ import ImportKind
from app.models.body import Body, BodyName
from app.models.history import AuditEvent, OutboxMessage
from app.models.plan import Plan
from app.services.imports.kinds import OFFERS
from tests import makers
from tests.client import Api, created, ok
from tests.queries import Queries
from tests.tables import PATH, Importer, Sessions, a_csv, a_workbook, said, saved
from tests.world import World

pytestmark = pytest.mark.thorough

HEADERS = ("Mã nhập", "Tên cơ quan", "Tên viết tắt", "Loại", "Cấp", "Cơ quan cấp trên", "Có từ ngày")
COMMITTEE = ("Ủy ban nhân dân", "Cấp xã")


@pytest.fixture
def importer(app: FastAPI, sessions: Sessions, api: Api) -> Importer:
    return Importer(app, sessions, api)


def commune(key: str, name: str, parent: str = "UBND huyện", since: Any = "01/01/2015") -> tuple[Any, ...]:
    return key, name, f"UBND {key}", *COMMITTEE, parent, since


async def bodies_named(api: Api, name: str) -> list[dict[str, Any]]:
    found = ok(await api.get("/v1/bodies", params={"q": name, "limit": 200}, as_="registrar"))["items"]
    return [it for it in found if it["name"] == name]


async def test_a_dry_run_says_what_would_be_and_writes_nothing(
    importer: Importer, api: Api, session: AsyncSession
) -> None:
    before = await _count(session, Body), await _count(session, OutboxMessage)
    table = a_csv(HEADERS, commune("A", "Ủy ban nhân dân xã A"), commune("B", "Ủy ban nhân dân xã B"))
    it = await importer.ask("bodies", table, "registrar")
    assert (it["state"], it["mode"], it["format"], it["rows_total"]) == ("queued", "dry_run", "csv", None)
    tried = await importer.run(it, "registrar")
    assert (tried["state"], tried["rows_total"], tried["rows_done"]) == ("checked", 2, 2)
    assert tried["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "faulty": 0}
    assert tried["actions"] == ["apply", "cancel"]
    assert await _count(session, Body) == before[0]
    told = select(col(OutboxMessage.type)).order_by(col(OutboxMessage.id).desc()).limit(2)
    assert list((await session.execute(told)).scalars()) == ["import.checked", "import.create"]


async def _count(session: AsyncSession, model: Any) -> int:
    counted = select(func.count()).select_from(model).execution_options(scope="test")
    return int((await session.execute(counted)).scalar_one())


async def test_what_was_checked_is_applied_without_sending_it_again(importer: Importer, api: Api) -> None:
    tried = await importer.try_("bodies", a_csv(HEADERS, commune("A", "Ủy ban nhân dân xã A")), "registrar")
    applied = await api.move(f"{PATH}/{tried['id']}", "apply", as_="registrar")
    assert (applied["state"], applied["mode"]) == ("queued", "apply")
    done = await importer.run(tried, "registrar")
    assert (done["state"], done["counts"]["created"], done["actions"]) == ("done", 1, [])
    (body,) = await bodies_named(api, "Ủy ban nhân dân xã A")
    assert body["parent"]["short_name"] == "UBND huyện"
    assert (body["kind"], body["level"], body["valid_from"]) == ("pc_committee", "commune", "2015-01-01")
    (row,) = ok(await api.get(f"{PATH}/{tried['id']}/rows", as_="registrar"))["items"]
    assert (row["row"], row["key"], row["outcome"], row["record_id"]) == (2, "A", "created", body["id"])
    history = ok(await api.get(f"{PATH}/{tried['id']}/transitions", as_="registrar"))["items"]
    assert [line["action"] for line in history] == ["done", "apply", "checked", "create"]


async def test_one_bad_row_keeps_all_out_and_every_error_is_named(importer: Importer, api: Api) -> None:
    table = a_csv(
        HEADERS,
        commune("A", "Ủy ban nhân dân xã A"),
        commune("B", "Ủy ban nhân dân xã B", since="31/02/2015"),
        ("C", "", "UBND C", "Ủy ban gì đó", "Cấp xã", "Không ai biết", "2015-01-01"),
        (),
        commune("A", "Ủy ban nhân dân xã D"),
    )
    it = await importer.take("bodies", table, "registrar")
    assert (it["state"], it["errors_total"]) == ("faulty", 5)
    assert said(it) == [
        (3, "valid_from", "unlike_date"),
        (4, "name", "missing"),
        (4, "kind", "unlike_code"),
        (4, "parent", "unknown_body"),
        (6, "key", "key_repeated"),
    ]
    first = it["errors"][0]
    assert (first["column"], first["value"]) == ("Có từ ngày", "31/02/2015")
    assert first["vi"] == "Không phải ngày; hãy viết 31/12/2024 hoặc 2024-12-31"
    assert first["en"] == "Not a date; write 31/12/2024 or 2024-12-31"
    assert await bodies_named(api, "Ủy ban nhân dân xã A") == []
    assert it["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "faulty": 3}


async def test_errors_are_listed_page_by_page_in_the_order_of_the_file(importer: Importer, api: Api) -> None:
    rows = [commune(f"K{n}", f"Xã {n}", parent="Không ai biết") for n in range(30)]
    it = await importer.take("bodies", a_csv(HEADERS, *rows), "registrar")
    assert (it["errors_total"], len(it["errors"])) == (30, 20)
    path, seen = f"{PATH}/{it['id']}/errors", []
    page = ok(await api.get(path, params={"limit": 20, "count": True}, as_="registrar"))
    assert page["count"] == 30
    while True:
        seen += [one["row"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        page = ok(await api.get(path, params={"limit": 20, "cursor": page["next_cursor"]}, as_="registrar"))
    assert seen == list(range(2, 32))


async def test_the_same_key_makes_nothing_twice(importer: Importer, api: Api) -> None:
    first = a_csv(HEADERS, commune("A", "Ủy ban nhân dân xã A"), commune("B", "Ủy ban nhân dân xã B"))
    await importer.take("bodies", first, "registrar")
    again = await importer.take("bodies", first, "registrar")
    assert again["counts"] == {"created": 0, "updated": 0, "unchanged": 2, "faulty": 0}
    moved = commune("B", "Ủy ban nhân dân xã B", parent="Ủy ban nhân dân tỉnh Thừa Thiên Huế")
    other = a_csv(HEADERS, commune("A", "Ủy ban nhân dân xã A"), moved, commune("C", "Ủy ban nhân dân xã C"))
    it = await importer.take("bodies", other, "registrar")
    assert it["counts"] == {"created": 1, "updated": 1, "unchanged": 1, "faulty": 0}
    (body,) = await bodies_named(api, "Ủy ban nhân dân xã B")
    assert (body["parent"]["short_name"], body["version"]) == ("UBND tỉnh", 2)


async def test_a_name_is_not_overwritten_by_a_table(importer: Importer) -> None:
    await importer.take("bodies", a_csv(HEADERS, commune("A", "Ủy ban nhân dân xã A")), "registrar")
    it = await importer.take("bodies", a_csv(HEADERS, commune("A", "Tên khác", since="02/01/2015")), "registrar")
    assert said(it) == [(2, "name", "name_is_dated"), (2, "valid_from", "beginning_is_fixed")]


async def test_parents_may_stand_below_their_children_by_key_or_name(importer: Importer, api: Api) -> None:
    table = a_csv(
        HEADERS,
        commune("CHAU", "Phòng cháu", parent="Phòng con"),
        commune("CON", "Phòng con", parent="ONG"),
        commune("ONG", "Ủy ban ông", parent=""),
    )
    it = await importer.take("bodies", table, "registrar")
    assert it["state"] == "done", it["errors"]
    (grandchild,) = await bodies_named(api, "Phòng cháu")
    (child,) = await bodies_named(api, "Phòng con")
    assert (grandchild["parent"]["name"], child["parent"]["name"]) == ("Phòng con", "Ủy ban ông")


async def test_circles_are_told_and_so_is_what_hangs_on_a_bad_row(importer: Importer) -> None:
    table = a_csv(
        HEADERS,
        commune("A", "Vòng A", parent="B"),
        commune("B", "Vòng B", parent="Vòng A"),
        commune("C", "Dưới vòng", parent="A"),
        commune("D", "Cha hỏng", since="hôm qua"),
        commune("E", "Con của cha hỏng", parent="D"),
        commune("F", "Tự mình", parent="F"),
    )
    it = await importer.try_("bodies", table, "registrar")
    assert said(it) == [
        (2, "parent", "circular"),
        (3, "parent", "circular"),
        (4, "parent", "parent_row_faulty"),
        (5, "valid_from", "unlike_date"),
        (6, "parent", "parent_row_faulty"),
        (7, "parent", "circular"),
    ]


async def test_a_name_that_several_bear_is_answered_with_them(
    importer: Importer, session: AsyncSession, world: World
) -> None:
    for place in ("Nam", "Bắc"):
        it = Body(kind="office", level="commune", valid_from=date(2015, 1, 1))
        named = {"name": f"Văn phòng xã {place}", "short_name": "VP xã", "symbol": "VPX"}
        await makers.keep(session, it)
        await makers.keep(session, BodyName(body_id=it.id, valid_from=date(2015, 1, 1), **named))
    table = a_csv(HEADERS, commune("A", "Xã A", parent="vpx"), commune("B", "Xã B", parent="Văn phòng xã Nam"))
    it = await importer.try_("bodies", table, "registrar")
    (error,) = it["errors"]
    assert (error["row"], error["code"]) == (2, "ambiguous")
    assert error["vi"] == "Nhiều nơi cùng tên: Văn phòng xã Bắc; Văn phòng xã Nam"


async def test_names_count_in_their_time_and_in_any_spelling(
    importer: Importer, session: AsyncSession, world: World
) -> None:
    it = Body(kind="office", level="commune", valid_from=date(2016, 1, 1), valid_to=date(2020, 12, 31))
    await makers.keep(session, it)
    await makers.keep(
        session, BodyName(body_id=it.id, name="Văn phòng xã Hoà An", short_name="VPHA", valid_from=it.valid_from)
    )
    table = a_csv(
        HEADERS,
        commune("A", "Xã A", parent="văn phòng  xã Ho\u0300a An".replace("o\u0300a", "oa\u0300"), since="2018-05-01"),
        commune("B", "Xã B", parent="VĂN PHÒNG XÃ HÒA AN", since="1/5/2018"),
        commune("C", "Xã C", parent="Văn phòng xã Hòa An", since="01/05/2021"),
        commune("D", "Xã D", parent="Van phong xa Hoa An", since="01/05/2018"),
    )
    assert said(await importer.try_("bodies", table, "registrar")) == [
        (4, "parent", "body_not_then"),
        (5, "parent", "unknown_body"),
    ]


async def test_a_workbook_with_a_title_real_dates_formulas_and_merged_cells(importer: Importer, api: Api) -> None:
    book = openpyxl.Workbook()
    notes, sheet = book.active, book.create_sheet("Danh sách")
    assert notes is not None
    notes.append(["Đọc trước khi điền"])
    sheet.append(["DANH SÁCH CƠ QUAN"])
    sheet.merge_cells("A1:G1")
    sheet.append([])
    sheet.append([*HEADERS, "Ghi chú"])
    midnight = datetime.fromisoformat("2016-07-01T00:00:00")
    sheet.append([*commune("A", "Ủy ban nhân dân xã A", since=midnight), "=1+1"])
    sheet.append([])
    sheet.append([101, "Ủy ban nhân dân xã B", "UBND B", *COMMITTEE, None, date(2016, 7, 1)])
    it = await importer.take("bodies", saved(book), "registrar", name="bảng.xlsx")
    assert (it["state"], it["format"]) == ("done", "xlsx"), it["errors"]
    assert it["columns"][-1] == {"header": "Ghi chú", "field": None}
    rows = ok(await api.get(f"{PATH}/{it['id']}/rows", as_="registrar"))["items"]
    assert [(row["row"], row["key"]) for row in rows] == [(4, "A"), (6, "101")]
    (body,) = await bodies_named(api, "Ủy ban nhân dân xã A")
    assert body["valid_from"] == "2016-07-01"


async def test_the_caller_names_strange_columns_and_what_empty_cells_hold(importer: Importer, api: Api) -> None:
    table = a_csv(("STT", "Đơn vị", "Gọn"), ("1", "Hội Nông dân xã A", "HND A"))
    mapping = {"STT": "key", "Đơn vị": "name", "Gọn": "short_name"}
    defaults = {"kind": "spo", "level": "Cấp xã", "valid_from": "2020-01-01"}
    form = {"mapping": json.dumps(mapping), "defaults": json.dumps(defaults)}
    it = await importer.take("bodies", table, "registrar", **form)
    assert it["state"] == "done", it["errors"]
    (body,) = await bodies_named(api, "Hội Nông dân xã A")
    assert (body["kind"], body["level"]) == ("spo", "commune")


async def test_a_table_without_what_it_needs_is_told_so_at_its_header(importer: Importer) -> None:
    form = {"mapping": json.dumps({"Tên riêng": "symbol"})}
    it = await importer.try_("bodies", a_csv((), ("Tên cơ quan", "Loại")), "registrar", **form)
    assert (it["state"], it["rows_total"]) == ("faulty", 0)
    assert {(one["row"], one["field"], one["code"]) for one in it["errors"]} == {
        (2, "key", "missing_column"),
        (2, "short_name", "missing_column"),
        (2, "level", "missing_column"),
        (2, "valid_from", "missing_column"),
        (2, None, "mapped_header_missing"),
        (2, None, "no_rows"),
    }


ACCOUNT_HEADERS = ("key", "login", "name", "duties", "from")


async def test_people_are_invited_and_their_links_are_shown_once(importer: Importer, api: Api) -> None:
    rows = [("1", "Lan@Example.VN", "Trần Thị Lan", "Chuyên viên, Văn thư", "2024-01-01")]
    it = await importer.take("accounts", a_csv(ACCOUNT_HEADERS, *rows), "administrator")
    assert it["state"] == "done", it["errors"]
    path = f"{PATH}/{it['id']}/links?format=csv"
    assert (await api.post(path, as_="registrar")).status_code == 404
    (row,) = csv.DictReader(io.StringIO((await api.post(path, as_="administrator")).content.decode("utf-8-sig")))
    link = row["Đường dẫn (dùng một lần, 72 giờ)"]
    assert (row["Tên đăng nhập"], row["Nhiệm vụ"]) == ("lan@example.vn", "Chuyên viên, Văn thư")
    secret = link.rpartition("/")[2]
    opened = ok(await api.get(f"/v1/auth/invitations/{secret}"))
    assert [it["duty"] for it in opened["duties"]] == ["officer", "clerk"]
    again = await api.post(path, as_="administrator")
    assert (again.status_code, again.json()["code"]) == (409, "links_shown")
    created(await api.post(f"/v1/auth/invitations/{secret}", {"password": "mật khẩu đủ dài 133"}))
    assert (await importer.take("accounts", a_csv(ACCOUNT_HEADERS, *rows), "administrator"))["counts"]["unchanged"] == 1
    other = ("1", "lan@example.vn", "Trần Thị Lan", "Văn thư", "2024-01-01")
    used = await importer.take("accounts", a_csv(ACCOUNT_HEADERS, other), "administrator")
    assert said(used) == [(2, "login", "invitation_used")]


async def test_an_invitation_that_waits_is_replaced_by_a_changed_row(importer: Importer, api: Api) -> None:
    row = ("1", "lan@example.vn", "Trần Thị Lan", "officer", "2024-01-01")
    await importer.take("accounts", a_csv(ACCOUNT_HEADERS, row), "administrator")
    changed = ("1", "lan.tran@example.vn", "Trần Thị Lan", "officer", "2024-01-01")
    it = await importer.take("accounts", a_csv(ACCOUNT_HEADERS, changed), "administrator")
    assert it["counts"]["updated"] == 1
    body = importer.api.world.body["lead"]
    listed = ok(await api.get(f"/v1/bodies/{body}/invitations", as_="administrator"))["items"]
    assert [(one["login"], one["state"]) for one in listed] == [
        ("lan.tran@example.vn", "open"),
        ("lan@example.vn", "expired"),
    ]


async def test_what_may_not_be_given_to_people_is_said_at_its_cell(importer: Importer) -> None:
    table = a_csv(
        (*ACCOUNT_HEADERS, "Cơ quan"),
        ("1", "lead_officer@example.vn", "Đã có", "officer", "", ""),
        ("2", "a b@example.vn", "Sai tên đăng nhập", "leader, administrator", "", ""),
        ("3", "c@example.vn", "Cơ quan khác", "officer", "", "MTTQ tỉnh"),
        ("4", "d@example.vn", "Sổ đăng ký", "registrar", "", ""),
    )
    assert said(await importer.try_("accounts", table, "administrator")) == [
        (2, "login", "login_exists"),
        (3, "login", "string_pattern_mismatch"),
        (4, None, "forbidden"),
        (5, "duties", "registry_only"),
    ]


async def test_the_registrar_invites_first_administrators_of_many_bodies(importer: Importer, api: Api) -> None:
    headers = ("key", "login", "name", "duties", "body")
    table = a_csv(
        headers,
        ("1", "qt1@example.vn", "Quản trị 1", "Quản trị tài khoản", "Phòng Nội vụ"),
        ("2", "qt2@example.vn", "Quản trị 2", "Quản trị tài khoản", "Ban Dân vận Tỉnh ủy Thừa Thiên Huế"),
        ("3", "qt3@example.vn", "Chuyên viên", "Chuyên viên", "Phòng Nội vụ"),
    )
    it = await importer.take("accounts", table, "registrar")
    assert said(it) == [(3, "body", "has_administrator"), (4, "duties", "first_administrator_only")]


async def test_items_of_a_draft_plan(importer: Importer, api: Api, session: AsyncSession, world: World) -> None:
    await makers.keep(session, Plan(year=2026, body_id=world.body["lead"], title="Kế hoạch giám sát năm 2026"))
    headers = ("key", "year", "content", "form", "time_from", "time_to", "supervised_bodies", "partner_bodies")
    row = (
        "KH-1",
        2026,
        "Giám sát việc thực hiện Kết luận 62-KL/TW",
        "Đoàn giám sát",
        date(2026, 4, 1),
        "30/06/2026",
        "Phòng Nội vụ huyện Quảng Điền;\nUBND xã",
        "HND tỉnh",
    )
    wrong = ("KH-2", "2031", "Nội dung khác", "Đoàn giám sát", "01/04/2026", "30/03/2026", "", "")
    late = ("KH-3", 2026, "Nội dung khác", "delegation", "01/04/2027", "30/06/2027", "", "")
    faulty = await importer.take("plan_items", a_workbook(headers, row, wrong, late), "lead_officer")
    assert said(faulty) == [(3, "year", "no_plan"), (4, "time_from", "outside_year")]
    it = await importer.take("plan_items", a_workbook(headers, row), "lead_officer")
    assert it["state"] == "done", it["errors"]
    (item,) = ok(await api.get("/v1/plan-items", params={"year": 2026}, as_="lead_officer"))["items"]
    assert [body["short_name"] for body in item["supervised_bodies"]] == ["Phòng Nội vụ", "UBND xã"]
    assert item["time"] == {"from": "2026-04-01", "to": "2026-06-30"}
    changed = (*row[:2], "Giám sát lại việc thực hiện Kết luận 62-KL/TW", *row[3:])
    again = await importer.take("plan_items", a_workbook(headers, changed), "lead_officer")
    assert again["counts"]["updated"] == 1
    (item,) = ok(await api.get("/v1/plan-items", params={"year": 2026}, as_="lead_officer"))["items"]
    assert item["content"].startswith("Giám sát lại")


FINDING_HEADERS = ("key", "Cuộc làm việc", "Loại", "Nội dung", "Mức độ", "Ngày xảy ra", "Bối cảnh", "Văn bản làm chuẩn")


async def test_findings_of_a_member(importer: Importer, api: Api, session: AsyncSession, world: World) -> None:
    campaign = await makers.a_campaign(session, world)
    engagement = await makers.an_engagement(session, world, await makers.a_delegation(session, world, campaign))
    name = "Ban Thường vụ Huyện ủy Quảng Điền"
    row = ("NX-1", name, "Tồn tại, hạn chế", "Sơ kết còn chậm", "Vừa", "30/06/2023", "", "Kết luận 62-KL/TW")
    outside = ("NX-2", str(engagement.id), "limitation", "Việc cũ", "", "30/06/2010", "không", "")
    elsewhere = ("NX-3", "Phòng Nội vụ", "strength", "Nơi khác", "", "", "", "")
    faulty = await importer.take("findings", a_csv(FINDING_HEADERS, row, outside, elsewhere), "member_a")
    assert said(faulty) == [(3, "context", "context_required"), (4, "engagement", "no_engagement")]
    it = await importer.take("findings", a_csv(FINDING_HEADERS, row), "member_a")
    assert it["state"] == "done", it["errors"]
    (finding,) = ok(await api.get("/v1/findings", as_="member_a"))["items"]
    assert (finding["kind"], finding["severity"], finding["occurred_on"]) == ("limitation", "moderate", "2023-06-30")
    assert finding["criteria"] == [{"document": "Kết luận 62-KL/TW"}]
    changed = (*row[:4], "Nghiêm trọng", *row[5:])
    again = await importer.take("findings", a_csv(FINDING_HEADERS, changed), "member_a")
    assert again["counts"]["updated"] == 1, again["errors"]
    hidden = await importer.try_("findings", a_csv(FINDING_HEADERS, row), "stranger")
    assert said(hidden) == [(2, "engagement", "no_engagement")]
    seatless = await importer.try_("findings", a_csv(FINDING_HEADERS, row), "lead_officer")
    assert said(seatless) == [(2, None, "forbidden")]


async def test_recommendations_of_the_lead(importer: Importer, api: Api, session: AsyncSession, world: World) -> None:
    campaign = await makers.a_campaign(session, world)
    headers = ("key", "campaign", "action", "addressee", "owner_name", "owner_title", "due_on", "due_basis", "verifier")
    row = (
        "1",
        campaign.title,
        "Ban hành kế hoạch",
        "Phòng Nội vụ",
        "Trương Duy Hải",
        "Phó Bí thư",
        "31/12/2027",
        "TB",
        "",
    )
    twin = ("2", campaign.title, "Tự xác minh", "Phòng Nội vụ", "Trương Duy Hải", "", "", "", "Phòng Nội vụ")
    faulty = await importer.take("recommendations", a_csv(headers, row, twin), "lead_officer")
    assert said(faulty) == [(3, "owner_title", "missing")]
    named = ("2", campaign.title, "Tự xác minh", "Phòng Nội vụ", "", "", "", "", "Phòng Nội vụ")
    own = await importer.take("recommendations", a_csv(headers, row, named), "lead_officer")
    assert said(own) == [(3, "verifier", "verifier_is_addressee")]
    it = await importer.take("recommendations", a_csv(headers, row), "lead_officer")
    assert it["state"] == "done", it["errors"]
    (made,) = ok(await api.get("/v1/recommendations", as_="lead_officer"))["items"]
    assert (made["state"], made["due_on"], made["addressee"]["short_name"]) == ("draft", "2027-12-31", "Phòng Nội vụ")
    changed = (*row[:2], "Ban hành kế hoạch hằng năm", *row[3:])
    assert (await importer.take("recommendations", a_csv(headers, changed), "lead_officer"))["counts"]["updated"] == 1
    hidden = await importer.try_("recommendations", a_csv(headers, row), "stranger")
    assert said(hidden) == [(2, "campaign", "no_campaign")]
    partner = await importer.try_("recommendations", a_csv(headers, row), "partner")
    assert said(partner) == [(2, None, "forbidden")]


@pytest.mark.parametrize(
    ("kind", "as_"),
    [
        ("bodies", "lead_leader"),
        ("accounts", "lead_leader"),
        ("plan_items", "lead_clerk"),
        ("findings", "auditor"),
        ("recommendations", "administrator"),
    ],
)
async def test_each_kind_is_for_those_who_may_make_its_records(api: Api, kind: str, as_: str) -> None:
    answer = await api.post(PATH, data={"kind": kind}, files={"file": ("a.csv", b"key\n1")}, as_=as_)
    assert answer.status_code == 403


async def test_an_import_is_its_owner_s_alone(importer: Importer, api: Api) -> None:
    it = await importer.ask("bodies", a_csv(HEADERS, commune("A", "Xã A")), "registrar")
    for path in ("", "/rows", "/errors", "/errors?format=csv", "/transitions"):
        assert (await api.get(f"{PATH}/{it['id']}{path}", as_="administrator")).status_code == 404
    moved = await api.post(f"{PATH}/{it['id']}/transitions", {"action": "cancel"}, as_="administrator", if_match=1)
    assert moved.status_code == 404
    assert ok(await api.get(PATH, as_="administrator"))["items"] == []
    assert [one["id"] for one in ok(await api.get(PATH, as_="registrar"))["items"]] == [it["id"]]


async def test_what_was_called_off_is_not_run(importer: Importer, api: Api) -> None:
    it = await importer.ask("bodies", a_csv(HEADERS, commune("A", "Xã A")), "registrar", mode="apply")
    early = await api.get(f"{PATH}/{it['id']}/errors?format=xlsx", as_="registrar")
    assert (early.status_code, early.json()["code"]) == (409, "import_not_tried")
    await api.move(f"{PATH}/{it['id']}", "cancel", as_="registrar")
    assert (await importer.run(it, "registrar"))["state"] == "cancelled"
    assert await bodies_named(api, "Xã A") == []
    refused = await api.move(f"{PATH}/{it['id']}", "apply", as_="registrar", expect=409)
    assert (refused["code"], refused["allowed"]) == ("move_not_allowed", [])


async def test_rows_leave_the_same_traces_as_single_calls(
    importer: Importer, api: Api, session: AsyncSession, world: World
) -> None:
    it = await importer.take("bodies", a_csv(HEADERS, commune("A", "Xã A"), commune("B", "Xã B")), "registrar")
    rows = ok(await api.get(f"{PATH}/{it['id']}/rows", as_="registrar"))["items"]
    ids = [row["record_id"] for row in rows]
    acts = select(col(AuditEvent.action), col(AuditEvent.account_id)).where(col(AuditEvent.subject_id).in_(ids))
    found = (await session.execute(acts.execution_options(scope="test"))).all()
    assert found == [("body.create", world.account["registrar"])] * 2
    told = select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.subject_id).in_(ids))
    assert (await session.execute(told)).scalar_one() == 2


async def test_statements_do_not_grow_with_rows(importer: Importer, queries: Queries) -> None:
    counts = []
    for number in (5, 100):
        rows = [commune(f"{number}-{n}", f"Xã {number} {n}") for n in range(number)]
        it = await importer.ask("bodies", a_csv(HEADERS, *rows), "registrar", mode="apply")
        queries.reset()
        await importer.run(it, "registrar")
        counts.append(queries.count)
    assert counts[0] == counts[1]


async def test_the_file_comes_back_with_its_errors_marked(importer: Importer, api: Api) -> None:
    formula = '=HYPERLINK("http://example.vn")'
    table = a_csv(HEADERS, commune("A", formula), commune("B", "Xã B", since="mai"))
    it = await importer.take("bodies", table, "registrar", name="Danh sách.csv")
    path = f"{PATH}/{it['id']}/errors"
    answer = await api.get(f"{path}?format=csv", as_="registrar")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Dòng"], row["Tên cơ quan"], row["Lỗi"]) for row in rows] == [
        ("2", f"'{formula}", ""),
        ("3", "Xã B", "Có từ ngày: Không phải ngày; hãy viết 31/12/2024 hoặc 2024-12-31"),
    ]
    book = openpyxl.load_workbook(io.BytesIO((await api.get(f"{path}?format=xlsx", as_="registrar")).content))
    sheet = book.active
    assert sheet is not None
    assert (sheet["C2"].value, sheet["C2"].data_type) == (formula, "s")
    marked = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]
    assert marked == ["H3"]
    mended = await importer.take("bodies", (await api.get(f"{path}?format=csv", as_="registrar")).content, "registrar")
    assert said(mended) == [(3, "valid_from", "unlike_date")]


@pytest.mark.parametrize("kind", list(ImportKind))
async def test_a_filled_in_template_is_understood(kind: ImportKind, importer: Importer, api: Api) -> None:
    """Every column of it, in both formats; the examples in its notes are examples of what it takes."""
    whole = (await api.get(f"{PATH}/templates/{kind}", as_="lead_officer")).content
    book = openpyxl.load_workbook(io.BytesIO(whole))
    sheet, notes = book.worksheets[0], book["Hướng dẫn"]
    fields = [it.field for it in OFFERS[kind].table.columns]
    assert [cell.value.rpartition("(")[2] for cell in sheet[1]] == [f"{it})" for it in fields]
    assert [row[1].value for row in notes.iter_rows(min_row=2)] == fields
    offered = [it for it in OFFERS[kind].table.columns if it.kind == "code"]
    assert len(sheet.data_validations.dataValidation) == len(offered)
    assert book["Danh mục"].sheet_state == "hidden"
    sheet.append([row[5].value for row in notes.iter_rows(min_row=2)])
    as_ = {"bodies": "registrar", "accounts": "administrator"}.get(kind, "lead_officer")
    it = await importer.try_(kind, saved(book), as_, name="mẫu.xlsx")
    assert [column["field"] for column in it["columns"]] == fields
    lookups = {"no_plan", "no_engagement", "no_campaign", "missing"}
    assert {one["code"] for one in it["errors"]} <= lookups, it["errors"]
    plain = (await api.get(f"{PATH}/templates/{kind}?format=csv", as_="lead_officer")).content
    assert plain.decode("utf-8-sig").splitlines() == [",".join(cell.value for cell in sheet[1])]


async def test_a_file_sent_before_is_taken_from_where_it_lies(importer: Importer, api: Api, world: World) -> None:
    table = a_csv(HEADERS, commune("A", "Xã A"))
    sent = created(await api.post("/v1/attachments", files={"file": ("a.csv", table)}, as_="registrar"))
    answer = await api.post(PATH, data={"kind": "bodies", "attachment_id": sent["id"]}, as_="registrar")
    assert (answer.status_code, answer.json()["file_name"]) == (202, "a.csv")
    assert (await importer.run(answer.json(), "registrar"))["counts"]["created"] == 1
    other = created(await api.post("/v1/attachments", files={"file": ("a.csv", table)}, as_="lead_clerk"))
    hidden = await api.post(PATH, data={"kind": "bodies", "attachment_id": other["id"]}, as_="registrar")
    assert hidden.status_code == 404


@pytest.mark.parametrize(
    ("form", "content", "status", "code"),
    [
        ({"kind": "petitions"}, b"key\n1", 422, "invalid"),
        ({"kind": "bodies", "mode": "maybe"}, b"key\n1", 422, "invalid"),
        ({"kind": "bodies", "mapping": "{"}, b"key\n1", 400, "bad_json"),
        ({"kind": "bodies", "mapping": '{"a": "no_such"}'}, b"key\n1", 422, "invalid"),
        ({"kind": "bodies", "defaults": '{"no_such": "1"}'}, b"key\n1", 422, "invalid"),
        ({"kind": "bodies", "defaults": '["kind"]'}, b"key\n1", 422, "invalid"),
        ({"kind": "bodies"}, b"", 422, "invalid"),
        ({"kind": "bodies"}, None, 422, "invalid"),
        ({"kind": "bodies", "attachment_id": "00000000-0000-7000-8000-000000000000"}, b"key", 422, "invalid"),
        ({"kind": "bodies"}, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 415, "no_table"),
        ({"kind": "bodies"}, b"%PDF-1.7", 415, "no_table"),
        ({"kind": "bodies"}, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 415, "no_table"),
    ],
)
async def test_what_is_no_table_or_badly_asked_is_refused_at_once(
    api: Api, form: dict[str, str], content: bytes | None, status: int, code: str
) -> None:
    files = {"file": ("a.csv", content)} if content is not None else None
    answer = await api.post(PATH, data=form, files=files, as_="registrar")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_not_everything_at_once_and_a_retry_is_no_second_import(api: Api) -> None:
    asked: dict[str, Any] = {"data": {"kind": "bodies"}, "files": {"file": ("a.csv", b"key\n1")}, "as_": "registrar"}
    first = [await api.post(PATH, key="once", **asked) for _ in range(2)]
    assert first[0].json()["id"] == first[1].json()["id"]
    assert [it.headers.get("idempotency-replayed") for it in first] == [None, "true"]
    statuses = [(await api.post(PATH, **asked)).status_code for _ in range(5)]
    assert statuses == [202] * 4 + [429]
