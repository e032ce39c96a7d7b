"""The reorganisation of 2025 (domain.md, section 3.10): the lead is merged, the district's Party committee is divided.

People go on for what their body became; what it held in open work is handed over, and papers keep the names of their
day.
"""

from functools import partial
from typing import Any

from app.demo.cast import HEIRS, MOVED, PARTS, PLACE, PLACES, RENAMED, SINCE
from app.demo.chapters import Ids, on, paper
from app.demo.setting import found
from app.demo.voices import Voices

MERGED, DIVIDED = "2025-03-01", "2025-07-01"
COMMUNES = ("quang_dien", "dan_dien", "phong_quang", "hoa_chau")


async def merge(voices: Voices, ids: Ids) -> Ids:
    """01/03/2025: Ban Dân vận is merged into what is from then on Ban Tuyên giáo và Dân vận."""
    await on(voices, MERGED)
    board = await voices.once("body:board", partial(found, voices, HEIRS["board"], ids, SINCE, PLACE))
    known = {**ids, "board": board}
    await _rename(voices, "board", board, MERGED)
    await _end(voices, known, "merge", MERGED, ids["lead"], [board], "1676-QĐ/TU")
    await _move_people(voices, known, "lead", "administrator", MERGED)
    await _confirm_lead(voices, known)
    return {"board": board}


async def divide(voices: Voices, ids: Ids) -> Ids:
    """01/07/2025: Huyện ủy Quảng Điền ends; its work passes to the Party committees of four communes."""
    await on(voices, DIVIDED)
    communes = {key: await _commune(voices, key, ids) for key in COMMUNES}
    known = {**ids, **communes}
    await _rename(voices, "quang_dien", communes["quang_dien"], DIVIDED)
    await _end(voices, known, "divide", DIVIDED, ids["committee"], list(communes.values()), "1675-QĐ/TU")
    await _move_people(voices, known, "office", "administrator:office", DIVIDED)
    await _hand_over(voices, known)
    return communes


async def _commune(voices: Voices, key: str, ids: Ids) -> str:
    since = SINCE if key in RENAMED else DIVIDED
    made = partial(found, voices, HEIRS[key], ids, since, PLACES.get(key))
    return str(await voices.once(f"body:{key}", made))


async def _rename(voices: Voices, key: str, body_id: str, since: str) -> None:
    name, short_name, symbol = RENAMED[key]
    named = {"name": name, "short_name": short_name, "symbol": symbol, "valid_from": since}
    await voices.make(
        "registrar", f"/v1/bodies/{body_id}/names", named, key=f"name-{key}", seen=f"/v1/bodies/{body_id}"
    )


async def _end(voices: Voices, ids: Ids, kind: str, day: str, ended: str, heirs: list[str], symbol: str) -> None:
    registry = voices.journal.done["registry"]
    decision = await paper(voices, "registrar", registry, "QĐ", symbol, day, "Quyết định sắp xếp tổ chức bộ máy")
    event: dict[str, Any] = {
        "kind": kind,
        "effective_on": day,
        "decided_by_document_id": decision,
        "predecessor_ids": [ended],
        "successor_ids": heirs,
    }
    await voices.make("registrar", "/v1/lineage-events", event, key=f"event-{kind}-{day}")


async def _move_people(voices: Voices, ids: Ids, key: str, keeper: str, since: str) -> None:
    """The registrar names the first administrator of the new body, who takes over the others; each accepts."""
    heir = ids[MOVED[key]]
    await _join(voices, "registrar", keeper, heir, ("administrator",), since, body_id=heir)
    for name, part in PARTS.items():
        if part.body == key and name != keeper:
            await _join(voices, keeper, name, heir, part.duties, since)


async def _join(
    voices: Voices, by: str, name: str, heir: str, duties: tuple[str, ...], since: str, **more: str
) -> None:
    asked = {
        "login": voices.credentials[name][0],
        "duties": [{"duty": it, "from": since} for it in duties],
        **more,
    }
    made = await voices.make(by, "/v1/memberships", asked, key=f"join-{heir}-{name}")

    async def accept() -> str:
        await voices.say(name, "POST", f"/v1/memberships/{made['id']}/acceptance")
        return str(made["id"])

    await voices.once(f"joined:{heir}:{name}", accept)
    voices.leave(name)


async def _confirm_lead(voices: Voices, ids: Ids) -> None:
    """By the successor's leader and the registrar, each with its own paper."""
    board = ids["board"]
    mine = await voices.read("lead_leader", "/v1/transfers", subject_type="campaign_lead", subject_id=ids["campaign"])
    [transfer] = mine["items"]
    registry = voices.journal.done["registry"]
    for part, issuer, symbol in (("lead_leader", board, "01-TB/BTGDVTU"), ("registrar", registry, "12/TB-VP")):
        word = await paper(voices, part, issuer, "TB", symbol, MERGED, "Tiếp nhận nhiệm vụ chủ trì giám sát")
        await _confirm(voices, part, transfer["id"], [board], word, MERGED)


async def _confirm(
    voices: Voices, part: str, transfer_id: str, heirs: list[str], document: str, day: str, **more: Any
) -> None:
    clock = {"clock": "keep", **more}
    sent = {"to_body_ids": heirs, "decided_by_document_id": document, "on": day, **clock}
    await voices.once(
        f"confirmed:{transfer_id}:{part}",
        partial(voices.move, part, f"/v1/transfers/{transfer_id}", "confirm", **sent),
    )


async def _hand_over(voices: Voices, ids: Ids) -> None:
    """One recommendation is divided among the four under a new date; the rest passes to one commune each."""
    board, quang_dien = ids["board"], ids["quang_dien"]
    decision = await paper(
        voices, "lead_clerk", board, "TB", "42-TB/BTGDVTU", DIVIDED, "Chuyển giao việc đang thực hiện"
    )
    query = {"from_body_id": ids["supervised"], "state": "proposed", "limit": 200}
    offered = (await voices.read("lead_officer", "/v1/transfers", **query))["items"]
    for transfer in offered:
        heirs, more = [quang_dien], {}
        if transfer["subject_id"] == ids["recommendation:4"]:
            heirs, more = [ids[key] for key in COMMUNES], {"clock": "restart", "due_on": "2025-12-31"}
        if transfer["subject_id"] == ids["recommendation:5"]:
            heirs = [ids["dan_dien"]]
        await _confirm(voices, "lead_officer", transfer["id"], heirs, decision, DIVIDED, **more)


CHAPTERS = (
    ("Hợp nhất Ban Dân vận, 01/03/2025 · The lead is merged", merge),
    ("Kết thúc Huyện ủy Quảng Điền, 01/07/2025 · The district's Party committee is divided", divide),
)
