"""Petitions: received, forwarded from body to body without telling who sent them, answered, counted."""
