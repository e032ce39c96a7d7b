"""Notifications as e-mail, for those who want them."""
