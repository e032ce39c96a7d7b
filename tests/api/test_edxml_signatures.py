"""Between two installations that know each other's certificates: who signed is shown, what was changed waits."""

import io
from pathlib import Path

import pytest

from app.adapters import edxml
from app.core.clock import utcnow
from app.models.organ_alias import OrganAliasRead
from tests.adapters.test_edxml_signatures import a_message
from tests.client import created, ok
from tests.corpus import FIRST
from tests.makers_dispatches import a_paper
from tests.makers_edxml import the_aliases
from tests.signing import Pair, a_pair

pytestmark = pytest.mark.thorough

MESSAGES, ALIASES = "/v1/edxml/messages", "/v1/organ-aliases"
OURS, THEIRS = "000.00.05.A57", "000.00.07.A57"
PAIR = a_pair()


def signed(pair: Pair | None = PAIR) -> bytes:
    target = io.BytesIO()
    edxml.build(a_message(), target, pair.key if pair else None)
    return target.getvalue()


async def push(api, raw, as_="partner"):
    answer = await api.post("/v1/edxml/inbound", content=raw, as_=as_, headers={"Content-Type": "text/xml"})
    return answer.json()


async def shown(api, told, as_="partner"):
    return ok(await api.get(f"{MESSAGES}/{told['message_id']}", as_=as_))


@pytest.fixture
async def alias(api, session, world):
    """The sender's, at the registrar."""
    await the_aliases(session, world)
    return ok(await api.get(f"{ALIASES}?organ_id={OURS}", as_="registrar"))["items"][0]


async def put(api, alias, **fields):
    return await api.patch(f"{ALIASES}/{alias['id']}", fields, as_="registrar", if_match=alias["version"])


class TestTheDirectory:
    async def test_the_registrar_puts_a_certificate_to_an_organ_id(self, api, alias):
        it = OrganAliasRead.model_validate(ok(await put(api, alias, certificates=[PAIR.certificate] * 2)))
        assert [(each.subject, each.pem) for each in it.certificates] == [("CN=Ban Dân vận Tỉnh ủy", PAIR.certificate)]
        assert it.signature_required is False
        gone = ok(await put(api, {**alias, "version": it.version}, certificates=[]))
        assert gone["certificates"] == []

    @pytest.mark.parametrize(
        "pem", ["", "khong phai", PAIR.pem.decode(), PAIR.certificate * 2, PAIR.certificate.replace("MII", "AAA", 1)]
    )
    async def test_what_is_no_certificate(self, pem, api, alias):
        answer = await put(api, alias, certificates=[pem])
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/certificates/0")

    async def test_with_the_organ_id_from_the_start(self, api, world):
        made = {"organ_id": "H57.99", "body_id": str(world.body["lead"]), "certificates": [PAIR.certificate]}
        it = created(await api.post(ALIASES, {**made, "signature_required": True}, as_="registrar"))
        assert (len(it["certificates"]), it["signature_required"]) == (1, True)


class TestArriving:
    async def test_the_senders_signature_is_valid(self, api, alias):
        ok(await put(api, alias, certificates=[a_pair().certificate, PAIR.certificate], signature_required=True))
        told = await push(api, signed())
        assert told["outcome"] == "accepted"
        it = await shown(api, told)
        assert (it["signature"], it["header"]["signature"]["subject"]) == ("valid", "CN=Ban Dân vận Tỉnh ủy")
        found = ok(await api.get(f"{MESSAGES}?signature=valid", as_="partner"))["items"]
        assert [each["id"] for each in found] == [told["message_id"]]

    @pytest.mark.parametrize(
        ("raw", "flaw"),
        [
            (lambda: signed().replace(b"<edXML:Subject>", "<edXML:Subject>Bản khác: ".encode()), "content"),
            (lambda: signed(a_pair()), "untrusted"),
            (lambda: signed(a_pair(days=(-30, -1))), "expired"),
        ],
    )
    async def test_what_is_not_waits_for_a_person(self, raw, flaw, api, alias):
        ok(await put(api, alias, certificates=[PAIR.certificate]))
        told = await push(api, raw())
        assert (told["outcome"], told["code"]) == ("quarantined", "E-SIG-INVALID")
        it = await shown(api, told)
        assert (it["signature"], it["header"]["signature"]["flaw"]) == ("invalid", flaw)

    async def test_a_changed_copy_of_what_was_accepted_waits_too(self, api, alias):
        ok(await put(api, alias, certificates=[PAIR.certificate]))
        raw = signed()
        assert (await push(api, raw))["outcome"] == "accepted"
        assert (await push(api, raw))["outcome"] == "duplicate"
        changed = raw.replace(b"<ds:SignatureValue>", b"<ds:SignatureValue>A")
        assert (await push(api, changed))["code"] == "E-SIG-INVALID"

    async def test_of_a_sender_whose_certificate_nobody_knows_it_says_nothing(self, api, alias):
        told = await push(api, signed())
        assert (told["outcome"], (await shown(api, told))["signature"]) == ("accepted", "unverified")

    async def test_absent_is_taken_unless_it_is_demanded(self, api, alias):
        ok(await put(api, alias, certificates=[PAIR.certificate]))
        told = await push(api, FIRST.encode())
        assert (told["outcome"], (await shown(api, told))["signature"]) == ("accepted", "absent")

    async def test_demanded_it_waits_until_it_is_no_longer(self, api, alias):
        strict = ok(await put(api, alias, certificates=[PAIR.certificate], signature_required=True))
        told = await push(api, signed(None))
        assert (told["outcome"], told["code"]) == ("quarantined", "E-SIG-REQUIRED")
        ok(await put(api, strict, signature_required=False))
        it = await shown(api, told)
        again = {"reason": "Đã gọi điện cho nơi gửi"}
        answer = await api.post(f"{MESSAGES}/{it['id']}/replay", again, as_="partner", if_match=it["version"])
        assert ok(answer)["state"] == "accepted"

    async def test_a_new_certificate_lets_what_waits_pass(self, api, alias):
        old = ok(await put(api, alias, certificates=[PAIR.certificate]))
        new = a_pair("Ban Dân vận, khóa 2027")
        told = await push(api, signed(new))
        ok(await put(api, old, certificates=[PAIR.certificate, new.certificate]))
        it = await shown(api, told)
        again = {"reason": "Nơi gửi đã đổi khóa"}
        answer = await api.post(f"{MESSAGES}/{it['id']}/replay", again, as_="partner", if_match=it["version"])
        assert (ok(answer)["state"], answer.json()["signature"]) == ("accepted", "valid")


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIAMSAT_EDXML_KEYS", str(tmp_path))
    return tmp_path


class TestSending:
    @pytest.fixture
    async def sent(self, api, session, world, app, alias):
        """A dispatch of the lead, by the name of its message."""

        async def send() -> tuple[dict, bytes]:
            paper = await a_paper(session, world, app.state.storage)
            asked = {"document_id": str(paper.id), "recipients": [str(world.body["partner"])]}
            made = created(await api.post("/v1/dispatches", asked, as_="lead_clerk"))
            it = ok(await api.get(f"{MESSAGES}/{made['message_id']}", as_="lead_clerk"))
            return it, (await api.get(f"/v1/dispatches/{made['id']}/edxml", as_="lead_clerk")).content

        return send

    @pytest.mark.parametrize("name", ["installation.pem", f"{OURS}.pem"])
    async def test_with_the_key_of_the_body_or_of_the_installation(self, name, api, keys, sent, alias):
        (keys / name).write_bytes(PAIR.pem)
        ok(await put(api, alias, certificates=[PAIR.certificate], signature_required=True))
        it, raw = await sent()
        assert it["signature"] == "valid"
        told = await push(api, raw)
        assert (told["outcome"], (await shown(api, told))["signature"]) == ("accepted", "valid")

    async def test_a_report_of_what_became_of_it_is_signed_too(self, api, keys, alias):
        (keys / f"{THEIRS}.pem").write_bytes(PAIR.pem)
        told = await push(api, FIRST.encode())
        created(await api.post(f"{MESSAGES}/{told['message_id']}/statuses", {"status": "03"}, as_="partner"))
        [row] = ok(await api.get(f"{MESSAGES}?direction=out&kind=status", as_="partner"))["items"]
        raw = await api.get(f"{MESSAGES}/{row['id']}/raw", as_="partner")
        with edxml.read(io.BytesIO(raw.content), now=utcnow()) as reading:
            assert (row["signature"], reading.seal.state, reading.seal.subject) == (
                "valid",
                "valid",
                "CN=Ban Dân vận Tỉnh ủy",
            )

    async def test_the_key_of_another_body_is_not_used(self, keys, sent):
        (keys / f"{THEIRS}.pem").write_bytes(PAIR.pem)
        assert (await sent())[0]["signature"] == "absent"

    @pytest.mark.parametrize("pem", [b"hong", a_pair(days=(-30, -1)).pem], ids=["broken", "expired"])
    async def test_a_key_that_cannot_be_used_stops_the_paper(self, pem, api, keys, session, world, app, alias):
        (keys / "installation.pem").write_bytes(pem)
        paper = await a_paper(session, world, app.state.storage)
        asked = {"document_id": str(paper.id), "recipients": [str(world.body["partner"])]}
        answer = await api.post("/v1/dispatches", asked, as_="lead_clerk")
        assert (answer.status_code, answer.json()["code"]) == (409, "message_unsendable")
