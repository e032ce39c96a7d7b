"""Numbers of papers: the next one for whoever comes first, never the same twice, late ones flagged."""

import pytest

from app.models.number_book import DocumentNumberRead, NumberBookRead
from tests.client import created, ok
from tests.makers import a_document

pytestmark = pytest.mark.thorough

TERM = {"from": "2020-10-01", "to": "2025-09-30"}
PLANS = {"style": "party", "kind": "KH", "organ": "BDVTU", "period": TERM}
YEAR = {"style": "state", "organ": "MTTQ-BTT", "period": {"from": "2024-01-01", "to": "2024-12-31"}}
PAPER = {"kind": "KH", "symbol": None, "issued_on": "2024-04-12", "abstract": "Kế hoạch làm việc"}


async def open_book(api, **fields):
    return created(await api.post("/v1/number-books", {**PLANS, **fields}, as_="lead_clerk"))


async def take(api, book, *, as_="lead_clerk", **fields):
    return await api.post(f"/v1/number-books/{book['id']}/numbers", fields, as_=as_)


async def paper(api, world, **fields):
    named = {**PAPER, "issuer_body_id": str(world.body["lead"]), **fields}
    return await api.post("/v1/documents", named, as_="lead_clerk")


class TestBooks:
    async def test_a_party_book_counts_one_type_for_a_term(self, api, world):
        book = NumberBookRead.model_validate(await open_book(api))
        assert (book.kind, book.next_number, book.taken, book.body_id) == ("KH", 1, 0, world.body["lead"])

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"kind": None}, "book_kind"),
            ({**YEAR, "kind": "KH"}, "book_kind"),
            ({**YEAR, "kind": None, "period": TERM}, "book_year"),
            ({"direction": "incoming", "kind": None}, "book_year"),
        ],
    )
    async def test_what_a_book_must_be(self, api, change, code):
        answer = await api.post("/v1/number-books", {**PLANS, **change}, as_="lead_clerk")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)

    async def test_two_books_never_count_the_same_papers(self, api):
        await open_book(api)
        again = await api.post(
            "/v1/number-books", {**PLANS, "period": {**TERM, "from": "2024-01-01"}}, as_="lead_clerk"
        )
        assert (again.status_code, again.json()["code"]) == (409, "number_book_exists")
        await open_book(api, series="Mật")

    async def test_only_for_ones_own_body(self, api, world):
        theirs = {**PLANS, "body_id": str(world.body["partner"])}
        assert (await api.post("/v1/number-books", theirs, as_="lead_clerk")).status_code == 403
        assert (await api.post("/v1/number-books", PLANS, as_="auditor")).status_code == 403


class TestNumbers:
    async def test_a_paper_is_named_by_its_number(self, api, world):
        book = await open_book(api, first_number=12)
        known = created(await paper(api, world))
        number = DocumentNumberRead.model_validate(
            created(await take(api, book, document_id=known["id"], on="2024-04-15"))
        )
        assert (number.number, number.symbol, number.state) == (12, "12-KH/BDVTU", "used")
        now = ok(await api.get(f"/v1/documents/{known['id']}", as_="lead_clerk"))
        assert (now["symbol"], now["normalised"], now["number"]) == ("12-KH/BDVTU", "12-KH/BDVTU", 12)
        assert now["registration"]["direction"] == "outgoing"

    async def test_registering_a_paper_takes_its_number_at_once(self, api, world):
        book = await open_book(api, **YEAR, kind=None)
        one = created(await paper(api, world, number_book_id=book["id"]))
        two = created(await paper(api, world, number_book_id=book["id"], kind="CV"))
        assert [one["symbol"], two["symbol"]] == ["01/KH-MTTQ-BTT", "02/MTTQ-BTT"]

    @pytest.mark.parametrize(("on", "late"), [("2024-04-15", False), ("2024-04-16", True)])
    async def test_later_than_the_next_working_day_is_late(self, api, world, on, late):
        """12/04/2024 is a Friday (D22)."""
        book, known = await open_book(api), created(await paper(api, world))
        assert created(await take(api, book, document_id=known["id"], on=on))["registered_late"] is late

    async def test_a_reserved_number_is_used_or_voided_and_never_comes_back(self, api, world):
        book = await open_book(api)
        kept = created(await take(api, book, reason="Kế hoạch đang trình ký", on="2024-04-12"))
        next_one = created(await take(api, book, reason="Dự phòng", on="2024-04-12"))
        assert [kept["number"], next_one["number"]] == [1, 2]
        known = created(await paper(api, world))
        path = "/v1/document-numbers"
        used = await api.move(f"{path}/{kept['id']}", "use", as_="lead_clerk", document_id=known["id"])
        assert (used["state"], used["symbol"]) == ("used", "01-KH/BDVTU")
        void = await api.move(f"{path}/{next_one['id']}", "void", as_="lead_clerk", reason="Không ban hành")
        assert (void["state"], void["actions"]) == ("voided", [])
        assert created(await take(api, book, reason="Khác", on="2024-04-12"))["number"] == 3
        listed = ok(await api.get(f"/v1/number-books/{book['id']}/numbers?state=voided", as_="lead_clerk"))
        assert [it["number"] for it in listed["items"]] == [2]

    async def test_one_paper_bears_one_number(self, api, world):
        book, known = await open_book(api), created(await paper(api, world))
        created(await take(api, book, document_id=known["id"], on="2024-04-12"))
        again = await take(api, book, document_id=known["id"], on="2024-04-12")
        assert (again.status_code, again.json()["code"]) == (409, "paper_is_numbered")
        now = ok(await api.get(f"/v1/number-books/{book['id']}", as_="lead_clerk"))
        assert now["next_number"] == 2, "half a change"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"kind": "BC"}, "other_kind"),
            ({"symbol": "99-KH/BDVTU"}, "other_symbol"),
            ({"classification": "secret"}, "secret_needs_series"),
            ({"issuer_body_id": None, "issuer": {"name": "Bộ Chính trị"}}, "other_issuer"),
        ],
    )
    async def test_papers_that_do_not_belong_into_the_book(self, api, world, fields, code):
        book = await open_book(api)
        named = {**PAPER, "issuer_body_id": str(world.body["lead"]), **fields}
        named = {name: value for name, value in named.items() if value is not None or name == "symbol"}
        known = created(await api.post("/v1/documents", named, as_="lead_clerk"))
        answer = await take(api, book, document_id=known["id"], on="2024-04-12")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)

    async def test_a_reservation_says_what_for(self, api):
        answer = await take(api, await open_book(api))
        assert answer.json()["errors"][0]["code"] == "reservation_reason"

    @pytest.mark.parametrize(("on", "code"), [("2019-01-01", "outside_the_book"), ("2999-01-01", "in_the_future")])
    async def test_a_day_of_the_book(self, api, on, code):
        answer = await take(api, await open_book(api), reason="x", on=on)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)

    async def test_other_bodies_know_of_no_book(self, api, world):
        book = await open_book(api)
        assert (await take(api, book, as_="partner", reason="x")).status_code == 404
        assert (await api.get(f"/v1/number-books/{book['id']}", as_="partner")).status_code == 404
        assert ok(await api.get("/v1/number-books", as_="partner"))["items"] == []

    async def test_a_paper_of_another_body_is_not_found(self, api, world, session):
        book, foreign = await open_book(api), await a_document(session, world, owner="partner")
        assert (await take(api, book, document_id=str(foreign.id))).status_code == 404

    async def test_a_paper_that_came_in_keeps_its_own_symbol(self, api, world):
        book = await open_book(api, **{**YEAR, "kind": None, "direction": "incoming"})
        known = {**PAPER, "kind": "KL", "symbol": "62-KL/TW", "issuer": {"name": "Bộ Chính trị"}}
        came = created(await api.post("/v1/documents", {**known, "number_book_id": book["id"]}, as_="lead_clerk"))
        assert (came["symbol"], came["registration"]["number"]) == ("62-KL/TW", 1)
        listed = ok(await api.get("/v1/documents?direction=incoming", as_="lead_clerk"))
        assert [it["id"] for it in listed["items"]] == [came["id"]]
