"""Who sees a body's templates: whoever reads its records. Papers made of them are seen like their records."""

from app.core.principal import Principal
from app.models.template import PaperTemplate
from app.policies.relations import among
from app.policies.visibility.base import CARRIERS, VIEWS, Views


def templates(who: Principal) -> Views:
    return [("full", among(PaperTemplate.body_id, who.reads))]


VIEWS[PaperTemplate] = templates
CARRIERS["paper_template"] = PaperTemplate
