"""Every table, imported so that the metadata is whole."""

from app.models import (  # noqa: F401
    account,
    body,
    campaign,
    deadline,
    delegation,
    document,
    engagement,
    escalation,
    finding,
    history,
    recommendation,
    report,
    sweep,
)
