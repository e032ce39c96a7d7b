"""What a person wants to be told by e-mail, and where to."""

from sqlalchemy.dialects.postgresql import insert

from app.models.mail import NotificationPreference, PreferencesRead, PreferencesSet
from app.policies.visibility import scoped
from app.services.unit_of_work import UnitOfWork


async def read(uow: UnitOfWork) -> PreferencesRead:
    own = scoped(NotificationPreference, uow.who)
    it = (await uow.session.execute(own)).scalars().one_or_none()
    if it is None:
        return PreferencesRead(email=None, digest=True, notices=True)
    return PreferencesRead(email=it.email, digest=it.digest, notices=it.notices)


async def replace(uow: UnitOfWork, payload: PreferencesSet) -> PreferencesRead:
    values = payload.model_dump()
    made = insert(NotificationPreference).values(account_id=uow.who.account_id, **values)
    await uow.session.execute(made.on_conflict_do_update(index_elements=["account_id"], set_=values))
    uow.note("notification_preference.update", "account", uow.who.account_id)
    return PreferencesRead(**values)
