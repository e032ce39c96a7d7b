"""The process that only hands out tests to others runs none: it need not spend seconds on importing what they use."""

from importlib import import_module

import pytest


def pytest_configure(config: pytest.Config) -> None:
    hands_out = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not hands_out:
        config.pluginmanager.register(import_module("tests.fixtures"))
