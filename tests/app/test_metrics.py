from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.app.clients import Client, Watcher
from tests.app.drawings import drawing
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server


@pytest.fixture
def own_server(start_server: StartServer) -> Server:
    """Return a server on which nothing else counts."""
    return start_server()


@pytest.fixture
def own_client(own_server: Server) -> Iterator[Client]:
    with Client(base_url=own_server.url, timeout=PATIENCE) as client:
        yield client


def read(client: Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return each sample's value by its name and labels."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def value(client: Client, name: str, **labels: str) -> float:
    return read(client)[name, frozenset(labels.items())]


def test_runs_epochs_frames_and_viewers(own_server: Server, own_client: Client) -> None:
    assert value(own_client, "nudge_runs", status="finished") == 0  # pretrained ones don't count
    run = own_client.run(epochs=3)
    watcher = Watcher(own_server, run)
    watcher.until_status("finished")
    watcher.say('{"type": "watch", "tensors": "weights"}')
    watcher.frame()
    assert value(own_client, "nudge_runs", status="finished") == 1
    assert value(own_client, "nudge_runs", status="training") == 0
    assert value(own_client, "nudge_viewers") == 1
    assert value(own_client, "nudge_epochs_total") == 3
    assert value(own_client, "nudge_frames_sent_total") >= 1
    watcher.close()
    own_client.delete(f"/api/runs/{run}")
    assert value(own_client, "nudge_runs", status="finished") == 0
    assert value(own_client, "nudge_epochs_total") == 3  # what was done stays done


def test_who_wants_few_frames_skips_the_others(own_server: Server, own_client: Client) -> None:
    run = own_client.run(epochs=None, train_examples=320, steps_per_second=200)
    slow, fast = Watcher(own_server, run), Watcher(own_server, run)
    slow.say('{"type": "watch", "frames_per_second": 0.5}')
    fast.say('{"type": "watch", "frames_per_second": 30}')
    for _ in range(10):
        fast.frame()
    assert value(own_client, "nudge_frames_skipped_total") > 0
    slow.close()
    fast.close()


def test_requests_by_their_route_and_predictions(own_client: Client) -> None:
    for run in ("pretrained", "pretrained-large"):
        answer = own_client.post(f"/api/runs/{run}/predict", content=drawing())
        assert answer.status_code == 200
    own_client.get("/api/runs/nobody")
    own_client.get("/no/such/page")
    own_client.request("BREW", "/no/such/page")
    samples = read(own_client)
    requests = {
        labels: n for (name, labels), n in samples.items() if name == "nudge_requests_total"
    }

    def count(method: str, route: str, status: int) -> float:
        return requests[
            frozenset({"method": method, "route": route, "status": str(status)}.items())
        ]

    assert count("POST", "/api/runs/{run_id}/predict", 200) == 2
    assert count("GET", "/api/runs/{run_id}", 404) == 1
    assert count("GET", "other", 404) == 1
    assert count("other", "other", 404) == 1
    assert samples["nudge_prediction_seconds_count", frozenset()] == 2
    assert not any("nobody" in str(labels) for labels in requests)  # labels are few


def test_the_process_is_measured(own_client: Client) -> None:
    assert value(own_client, "process_resident_memory_bytes") > 2**20
    assert value(own_client, "process_open_fds") > 3
