"""The outside world behind plain functions and dataclasses."""
