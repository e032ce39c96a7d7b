"""The roles that bodies hold in open work, room by room. Each module here registers those of its room in `ROLES`:

    ROLES[TransferRole.PETITION_HOLDER] = Role(
        model=Petition,
        held=holders(R.PETITION_HOLDER, Petition.id, Petition.holder_id, Petition.holder_id).where(open_),
        hand_over=_petition,
    )

That is all a room does: events then propose the role when a body ends, tasks ask for the word of each side, the record
shows the step in its history as `transfer`, and everybody of it is told. `hand_over` moves the column of the role:

    async def _petition(uow, it, petition, word, on) -> None:
        petition.holder_id = word.to_body_ids[0]

Who confirms is in app.domain.transfer: the successor's leader and the registrar for what a body answers for itself
(LEAD_ROLES), the present lead for the rest.
"""

from importlib import import_module
from pkgutil import iter_modules

from app.services.transfers.roles.role import ROLES, Role, holders

__all__ = ["ROLES", "Role", "holders"]

for _room in iter_modules(__path__):
    import_module(f"{__name__}.{_room.name}")
