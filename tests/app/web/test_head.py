"""HEAD, wherever GET works."""

import httpx
import pytest

from tests.app.clients import Client
from tests.app.log_lines import wait_for_line
from tests.server_process import ServerProcess
from tests.servers import Server, get

PATHS = [
    "/",
    "/runs/pretrained",
    "/api/docs",
    "/api/openapi.json",
    "/api/health",
    "/api/datasets",
    "/api/runs",
    "/api/runs/pretrained",
    "/api/runs/pretrained/epochs",
    "/api/runs/pretrained/epochs?format=csv",
    "/api/runs/pretrained/checkpoint",
    "/api/runs/pretrained/frame",
    "/api/visitor",
    "/metrics",
    "/favicon.ico",
    "/static/shell/main.js",
    "/static/page.css",
    "/static/vendor/plotly.min.js",
    "/nothing",
    "/api/runs/nothing",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_same_answer_without_its_body(client: Client, path: str) -> None:
    client.get("/")  # for a cookie
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    changing = {"date", "transfer-encoding", "content-length" if path == "/metrics" else ""}
    assert {**head.headers, **dict.fromkeys(changing)} == {
        **get.headers,
        **dict.fromkeys(changing),
    }


def test_the_connection_is_good_for_the_next_request(client: Client) -> None:
    for path in PATHS:
        client.head(path)
    assert client.get("/api/health").json() == {"status": "ok"}


def test_what_has_no_get_has_no_head(server: Server) -> None:
    assert httpx.head(f"{server.url}/api/runs/pretrained/pause").status_code == 405


def test_the_log_and_the_metrics_tell_heads_apart(measured: ServerProcess) -> None:
    server = measured
    httpx.head(f"{server.url}/api/runs/pretrained/checkpoint")
    line = wait_for_line(server, method="HEAD", path="/api/runs/pretrained/checkpoint")
    assert line["run"] == "pretrained"
    route = 'method="HEAD",route="/api/runs/{run_id}/checkpoint"'
    assert route in get(f"{server.url}/metrics").text
