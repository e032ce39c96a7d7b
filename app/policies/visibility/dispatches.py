"""Who sees dispatches: the sender all of it, a recipient its own copy (api.md, section 2).

Who took over a campaign sees what its predecessor sent with the recommendations of that campaign.
"""

from sqlalchemy import Text, cast, false, func, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.dispatch import GONE_OUT
from app.domain.edxml import ClientScope
from app.domain.transfer import TransferRole, TransferState
from app.models.campaign import Campaign
from app.models.dispatch import AxisAccount, AxisItem, Dispatch, DispatchCopy
from app.models.recommendation import Recommendation
from app.models.transfer import Transfer
from app.policies.actions import papers
from app.policies.relations import Condition, among
from app.policies.visibility.base import VIEWS, Views, administered


def _sender(who: Principal) -> tuple[object, ...]:
    relays = ClientScope.DISPATCH_RELAY in who.scopes
    return who.bodies if relays else papers(who)


def _sent(who: Principal) -> Condition:
    return among(Dispatch.sender_body_id, _sender(who))  # type: ignore[arg-type]


def _arrived_copies(who: Principal) -> Condition:
    states = [str(it) for it in sorted(GONE_OUT)]
    return among(DispatchCopy.body_id, papers(who)) & col(DispatchCopy.state).in_(states)


def _handed_over(who: Principal) -> Condition:
    """Copies that carry recommendations of a campaign that has passed to us."""
    campaigns = (
        select(col(Transfer.subject_id))
        .join(Campaign, col(Campaign.id) == col(Transfer.subject_id))
        .where(col(Transfer.subject_type) == TransferRole.CAMPAIGN_LEAD)
        .where(col(Transfer.state) == TransferState.CONFIRMED, among(Campaign.lead_body_id, papers(who)))
    )
    carried = select(cast(Recommendation.id, Text)).where(
        col(Recommendation.campaign_id).in_(campaigns), among(Recommendation.issuer_body_id, papers(who))
    )
    return col(DispatchCopy.recommendation_ids).has_any(func.array(carried.scalar_subquery()))  # type: ignore[attr-defined, no-any-return]


def dispatches(who: Principal) -> Views:
    theirs = select(col(DispatchCopy.dispatch_id)).where(_arrived_copies(who))
    taken_over = select(col(DispatchCopy.dispatch_id)).where(_handed_over(who))
    return [("full", _sent(who) | col(Dispatch.id).in_(taken_over)), ("party", col(Dispatch.id).in_(theirs))]


def copies(who: Principal) -> Views:
    ours = select(col(Dispatch.id)).where(_sent(who))
    return [("full", col(DispatchCopy.dispatch_id).in_(ours) | _arrived_copies(who) | _handed_over(who))]


def axis_accounts(who: Principal) -> Views:
    """Set up by the administrator of the body."""
    return [("full", administered(AxisAccount.body_id, who))]


def axis_items(who: Principal) -> Views:
    return [("full", false())]


VIEWS.update({Dispatch: dispatches, DispatchCopy: copies, AxisAccount: axis_accounts, AxisItem: axis_items})
