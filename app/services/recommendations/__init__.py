"""Recommendations: drafted, issued, answered, carried out, verified. One module per part of their life."""

from app.services.recommendations.promises import claim_promise, promise, withdraw_promise

__all__ = ["claim_promise", "promise", "withdraw_promise"]
