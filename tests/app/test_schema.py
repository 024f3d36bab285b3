"""Calls made up from the OpenAPI schema, against a real server: no 5xx, nothing undocumented.

Two checks are left out. That valid data is accepted: no schema can say which data sets a server
has, what is in a file, or how a run stands. That ``Allow`` names all methods of a path: Starlette
names those of one route, and ``/api/runs/export`` looks like a run to the next.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import BaseSchema, Case, SerializationContext, openapi
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    SimpleCheckConfig,
)

from app.main import create_app
from tests.app.clients import Client
from tests.server_thread import serving
from tests.servers import PATIENCE


def schema_with(max_examples: int, *, coverage: bool) -> BaseSchema:
    """Return the schema with so many calls made up for each operation; ``coverage``: all limits."""
    project = ProjectConfig(
        checks=ChecksConfig(
            positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False),
            allow_header_conformance=SimpleCheckConfig(enabled=False),
        ),
        request_timeout=PATIENCE,
        generation=GenerationConfig(max_examples=max_examples, deterministic=True),
        phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=coverage)),
    )
    config = SchemathesisConfig(seed=0, projects=ProjectsConfig(default=project))
    return openapi.from_dict(create_app().openapi(), config=config)


FEW = settings().max_examples // 6  # of each call
schema = schema_with(max_examples=FEW, coverage=True)
of_a_run = schema_with(max_examples=FEW, coverage=False).include(path_regex=r"\{run_id\}")


@schemathesis.serializer("application/zip")
def as_it_is(_context: SerializationContext, value: Any) -> bytes:
    """Send the made-up bytes as a zip."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Return a client of a server whose downloads go nowhere, and that holds no caller back."""
    with (
        serving(
            tmp_path_factory.mktemp("target"),
            mirror="http://127.0.0.1:9",
            max_live_runs=2,
            requests_per_second=1e6,
        ) as server,
        Client(base_url=server.url, timeout=PATIENCE) as client,
    ):
        client.get("/api/runs")  # and be somebody from now on
        yield client


@pytest.fixture(scope="module")
def runs(target: Client) -> list[str]:
    """Return a list for the run that calls are made to; those that others have made are gone."""
    for run in target.get("/api/runs").json():
        target.delete(f"/api/runs/{run['id']}")
    return []


def call(case: Case[Any], target: Client) -> None:
    """Make the call as the visitor that the client is, and check the answer."""
    case.call_and_validate(base_url=str(target.base_url), cookies=dict(target.cookies))


@schema.parametrize()
def test_any_call(case: Case[Any], target: Client) -> None:
    call(case, target)


@of_a_run.parametrize()
def test_any_call_to_a_run_of_one_s_own(case: Case[Any], target: Client, runs: list[str]) -> None:
    if not runs or target.get(f"/api/runs/{runs[-1]}").status_code == 404:
        runs.append(target.run(steps_per_second=20, epochs=None))
    case.path_parameters["run_id"] = runs[-1]
    call(case, target)
