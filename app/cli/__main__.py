"""`python -m app.cli` is `giamsat`, for processes that start each other."""

from app.cli import app

app()
