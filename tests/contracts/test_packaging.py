"""Makefile, CI, image and lock files name only what exists."""

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from app.cli import app
from app.core import embedded
from app.core.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
LOCKS = ["runtime", "dev"]


def commands() -> set[str]:
    return set(getattr(typer.main.get_command(app), "commands"))  # noqa: B009 - typed as a plain command


def locked(name: str) -> dict[str, str]:
    """Package → version."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.M))


def services() -> list[Any]:
    return [pytest.param(it, id=name) for name, it in COMPOSE["services"].items()]


def test_the_makefile_calls_existing_commands() -> None:
    called = set(re.findall(r"\$\(BIN\)/giamsat ([a-z-]+)", MAKEFILE))
    assert called >= {"demo", "lifecycles", "openapi"}
    assert called <= commands()


def test_the_image_and_its_services_start_existing_commands() -> None:
    cmd = re.search(r"^CMD (\[.*\])", DOCKERFILE, re.M)
    assert cmd
    lines = [
        json.loads(cmd[1]),
        *(it["command"] for it in COMPOSE["services"].values() if it.get("image") == "giamsat"),
    ]
    assert len(lines) == 4
    for program, command, *_ in lines:
        assert program == "giamsat"
        assert command in commands()


def test_the_image_copies_existing_paths_and_the_context_has_them() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for path in " ".join(copies).split():
        assert (ROOT / path).exists(), path
        assert path in sent, f"{path} is kept out by .dockerignore"


def test_the_image_is_not_root_and_watches_its_health() -> None:
    assert re.search(r"^USER (?!root|0)", DOCKERFILE, re.M)
    assert re.search(r"^HEALTHCHECK .*/healthz", DOCKERFILE, re.M)


def test_compose_has_no_password_of_its_own() -> None:
    """Every variable named …PASSWORD must be given: no default, no literal."""
    text = (ROOT / "compose.yaml").read_text()
    assert re.findall(r"\$\{\w*PASSWORD(?!:\?)", text) == []
    assert re.findall(r"PASSWORD: (?!\$\{)\S", text) == []


@pytest.mark.parametrize("service", services())
def test_compose_sets_only_settings_that_exist(service: dict[str, Any]) -> None:
    known = {f"GIAMSAT_{name}".upper() for name in Settings.model_fields} | {
        "DATABASE_URL",
        "METRICS_TOKEN",
        "HOST",
        "PORT",
    }
    if service.get("image") == "giamsat":
        assert set(service["environment"]) <= known


def test_compose_and_the_embedded_server_share_their_roles() -> None:
    mounted = [it.split(":")[0] for it in COMPOSE["services"]["db"]["volumes"]]
    assert any((ROOT / it) == embedded.ROLES for it in mounted)
    for name in ("migrate", "api"):
        role = embedded.OWNER if name == "migrate" else embedded.APP
        assert f"//{role}:" in COMPOSE["services"][name]["environment"]["DATABASE_URL"]


def test_ci_runs_the_checks_and_the_checks_run_the_tests_of_the_readme() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert "make check" in script.read_text()
    check = MAKEFILE.split("\ncheck:")[1].split("\n\n")[0]
    assert re.search(r"\$\(MAKE\).* test thorough$", check, re.M)
    assert "make test" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash_and_none_an_address(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert len(blocks) == len(locked(lock)) > 40
    assert [it.split("=")[0] for it in blocks if "--hash=sha256:" not in it] == []
    assert re.findall(r"://|^--(?:extra-)?index-url|^--find-links", text, re.M) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_wanted_package_is_locked(lock: str) -> None:
    wanted = re.findall(r"^([a-z0-9][a-z0-9-]*)", (ROOT / f"requirements/{lock}.in").read_text(), re.M)
    assert set(wanted) <= set(locked(lock))


def test_the_tests_run_on_the_packages_that_are_shipped() -> None:
    assert locked("runtime").items() <= locked("dev").items()


def test_the_console_script_is_the_typer_app() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"giamsat": "app.cli:app"}
    assert isinstance(app, typer.Typer)
