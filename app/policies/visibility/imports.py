"""Who sees imports: whoever asked for them, in the body for which they asked, until they expire."""

from sqlalchemy import and_, false, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.import_ import ExternalKey, Import, ImportFault, ImportRow
from app.policies.relations import ACTORS, Condition
from app.policies.visibility.base import VIEWS, Views


def _own(who: Principal) -> Condition:
    own = and_(col(Import.account_id) == who.account_id, col(Import.body_id) == who.body_id)
    return and_(own, col(Import.expires_on) >= who.today)


def imports(who: Principal) -> Views:
    return [("full", _own(who))]


def rows(who: Principal) -> Views:
    return [("full", col(ImportRow.import_id).in_(select(col(Import.id)).where(_own(who))))]


def faults(who: Principal) -> Views:
    return [("full", col(ImportFault.import_id).in_(select(col(Import.id)).where(_own(who))))]


def keys(who: Principal) -> Views:
    """Nobody reads them: they are looked up by whoever brings the same file again."""
    return [("full", false())]


VIEWS[Import] = imports
VIEWS[ImportRow] = rows
VIEWS[ImportFault] = faults
VIEWS[ExternalKey] = keys
ACTORS[Import] = lambda who: {Actor.AUTHOR: _own(who)}
