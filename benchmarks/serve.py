"""One variant as one process: `python -m benchmarks.serve product|bare|conventional PORT URL FOLDER`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr

from app.core import log
from app.core.settings import Settings
from app.main import create_app
from benchmarks import bare, conventional


def product(url: str, folder: Path) -> Any:
    """As `giamsat serve` makes it, with its log lines."""
    settings = Settings(database_url=SecretStr(url), data_dir=folder)
    log.configure(settings.log_level)
    return create_app(settings)


POOL = Settings().pool_size
VARIANTS: dict[str, Callable[[str, Path], Any]] = {
    "product": product,
    "bare": lambda url, folder: bare.application(url, POOL),
    "conventional": lambda url, folder: conventional.application(url, POOL),
}

if __name__ == "__main__":
    name, port, url, folder = sys.argv[1:]
    server = VARIANTS[name](url, Path(folder))
    options: dict[str, Any] = {"loop": "uvloop", "http": "httptools", "log_config": None, "access_log": False}
    uvicorn.run(server, host="127.0.0.1", port=int(port), server_header=False, **options)
