"""Who reads what was done about an overlap: the body that did it; the other side learns it in its own report."""

from app.core.principal import Principal
from app.models.overlap import OverlapResolution
from app.policies.relations import among
from app.policies.visibility.base import VIEWS, Views


def resolutions(who: Principal) -> Views:
    return [("full", among(OverlapResolution.body_id, who.reads))]


VIEWS[OverlapResolution] = resolutions
