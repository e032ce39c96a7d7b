"""Who sees exports: whoever asked for them, in the body for which they asked, until they expire."""

from sqlalchemy import and_, literal
from sqlmodel import col

from app.core.principal import Principal
from app.models.export import Export
from app.policies.visibility.base import VIEWS, Views


def exports(who: Principal) -> Views:
    own = and_(col(Export.account_id) == who.account_id, col(Export.body_id) == who.body_id)
    return [("full", and_(own, col(Export.expires_on) >= who.today, literal(bool(who.reads))))]


VIEWS[Export] = exports
