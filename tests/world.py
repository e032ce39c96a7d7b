"""The cast of the Delegation 133 story: the bodies, and one account for each part (api.md, section 11)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.ids import new_id
from app.core.principal import Duty
from app.core.tokens import Tokens
from app.domain.body import BodyKind, Level
from app.models.account import Account, Membership, MembershipDuty, SessionFamily
from app.models.body import ActsThrough, Body, BodyName

SINCE = date(2015, 1, 1)

BODIES: dict[str, tuple[str, str, BodyKind, Level, str | None]] = {
    "registry": ("Văn phòng Ủy ban Trung ương MTTQ Việt Nam", "VP MTTQVN", BodyKind.OFFICE, Level.CENTRE, None),
    "superior": ("Tỉnh ủy Thừa Thiên Huế", "Tỉnh ủy TT-Huế", BodyKind.PARTY_COMMITTEE, Level.PROVINCE, None),
    "lead": ("Ban Dân vận Tỉnh ủy Thừa Thiên Huế", "BDV Tỉnh ủy", BodyKind.MASS_MOB, Level.PROVINCE, "superior"),
    "partner": (
        "Ủy ban MTTQ Việt Nam tỉnh Thừa Thiên Huế",
        "MTTQ tỉnh",
        BodyKind.FRONT_COMMITTEE,
        Level.PROVINCE,
        None,
    ),
    "partner_b": ("Hội Nông dân tỉnh Thừa Thiên Huế", "HND tỉnh", BodyKind.SPO, Level.PROVINCE, "partner"),
    "counterpart": ("Ủy ban nhân dân tỉnh Thừa Thiên Huế", "UBND tỉnh", BodyKind.PC_COMMITTEE, Level.PROVINCE, None),
    "committee": ("Huyện ủy Quảng Điền", "Huyện ủy", BodyKind.PARTY_COMMITTEE, Level.DISTRICT, "superior"),
    "supervised": ("Ban Thường vụ Huyện ủy Quảng Điền", "BTV Huyện ủy", BodyKind.PARTY_SC, Level.DISTRICT, "committee"),
    "office": ("Văn phòng Huyện ủy Quảng Điền", "VP Huyện ủy", BodyKind.OFFICE, Level.DISTRICT, "committee"),
    "addressee_superior": (
        "Ủy ban nhân dân huyện Quảng Điền",
        "UBND huyện",
        BodyKind.PC_COMMITTEE,
        Level.DISTRICT,
        "counterpart",
    ),
    "addressee": (
        "Phòng Nội vụ huyện Quảng Điền",
        "Phòng Nội vụ",
        BodyKind.DEPARTMENT,
        Level.DISTRICT,
        "addressee_superior",
    ),
    "paper_addressee": (
        "Ủy ban nhân dân xã Quảng Thái",
        "UBND xã",
        BodyKind.PC_COMMITTEE,
        Level.COMMUNE,
        "addressee_superior",
    ),
    "verifier": (
        "Ủy ban Kiểm tra Tỉnh ủy Thừa Thiên Huế",
        "UBKT Tỉnh ủy",
        BodyKind.INSPECTION_COMMISSION,
        Level.PROVINCE,
        "superior",
    ),
    "stranger": ("Ủy ban MTTQ Việt Nam tỉnh Nghệ An", "MTTQ Nghệ An", BodyKind.FRONT_COMMITTEE, Level.PROVINCE, None),
}

PARTS: dict[str, tuple[str, tuple[Duty, ...]]] = {
    "registrar": ("registry", (Duty.REGISTRAR,)),
    "lead_leader": ("lead", (Duty.LEADER,)),
    "lead_officer": ("lead", (Duty.OFFICER,)),
    "lead_clerk": ("lead", (Duty.CLERK,)),
    "head": ("lead", (Duty.LEADER,)),
    "secretary": ("lead", (Duty.OFFICER,)),
    "administrator": ("lead", (Duty.ADMINISTRATOR,)),
    "auditor": ("lead", (Duty.AUDITOR,)),
    "member_a": ("partner", (Duty.OFFICER,)),
    "member_b": ("partner_b", (Duty.OFFICER,)),
    "partner": ("partner", (Duty.LEADER,)),
    "partner_b": ("partner_b", (Duty.LEADER,)),
    "counterpart": ("counterpart", (Duty.LEADER,)),
    "supervised": ("office", (Duty.LEADER,)),
    "addressee": ("addressee", (Duty.LEADER,)),
    "addressee_superior": ("addressee_superior", (Duty.LEADER,)),
    "verifier": ("verifier", (Duty.LEADER,)),
    "superior": ("superior", (Duty.LEADER,)),
    "stranger": ("stranger", (Duty.LEADER, Duty.CLERK)),
}


@dataclass
class World:
    """`body["lead"]`, `account["head"]`, `token("head")`; the supervised organ acts through `office`."""

    body: dict[str, UUID] = field(default_factory=dict)
    account: dict[str, UUID] = field(default_factory=dict)
    family: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def body_of(self, part: str) -> UUID:
        return self.body[PARTS[part][0]]

    def sign_in(self, tokens: Tokens) -> None:
        for part in PARTS:
            self.tokens[part] = tokens.issue(
                account_id=self.account[part], body_id=self.body_of(part), family_id=self.family[part], scope=""
            )

    def token(self, part: str) -> str:
        return self.tokens[part]


async def build_world(session: AsyncSession) -> World:
    world = World()
    for key, (name, short, kind, level, parent) in BODIES.items():
        body = Body(
            kind=kind,
            level=level,
            parent_id=world.body.get(parent or ""),
            valid_from=SINCE,
            is_registry=key == "registry",
        )
        world.body[key] = body.id
        session.add(body)
        await session.flush()
        session.add(BodyName(body_id=body.id, name=name, short_name=short, valid_from=SINCE))
    session.add(ActsThrough(organ_id=world.body["supervised"], office_id=world.body["office"], valid_from=SINCE))
    for part, (body_key, duties) in PARTS.items():
        await _enlist(session, world, part, world.body[body_key], duties)
    return world


async def _enlist(session: AsyncSession, world: World, part: str, body_id: UUID, duties: tuple[Duty, ...]) -> None:
    now = utcnow()
    account = Account(login=f"{part}@example.vn", name=part)
    membership = Membership(account_id=account.id, body_id=body_id, accepted_at=now)
    family = SessionFamily(
        id=new_id(), account_id=account.id, body_id=body_id, last_used_at=now, expires_at=now + timedelta(days=14)
    )
    session.add(account)
    await session.flush()
    session.add_all([membership, family])
    await session.flush()
    session.add_all(MembershipDuty(membership_id=membership.id, duty=duty, valid_from=SINCE) for duty in duties)
    world.account[part], world.family[part] = account.id, family.id
