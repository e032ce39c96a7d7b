"""The five kinds of import."""

from app.domain.import_ import ImportKind
from app.services.imports import of_accounts, of_bodies, of_findings, of_plan_items, of_recommendations
from app.services.imports.offers import Offer

OFFERS: dict[ImportKind, Offer] = {
    ImportKind.BODIES: of_bodies.OFFER,
    ImportKind.ACCOUNTS: of_accounts.OFFER,
    ImportKind.PLAN_ITEMS: of_plan_items.OFFER,
    ImportKind.FINDINGS: of_findings.OFFER,
    ImportKind.RECOMMENDATIONS: of_recommendations.OFFER,
}
