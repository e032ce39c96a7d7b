"""Webhooks: an administrator keeps them, messages become deliveries for them, the worker sends these."""
