"""Downloads of data sets over real HTTP."""

import socket
from pathlib import Path

from nn_core.datasets.registry import FILES
from tests.app.clients import Client, Watcher
from tests.app.routes import test_datasets
from tests.app.routes.test_datasets import described, until_the_download_ends
from tests.mirror import Mirror
from tests.server_thread import ServerThread, StartServer
from tests.servers import PATIENCE

empty_server = test_datasets.empty_server  # the same fixture
mirror = test_datasets.mirror  # the same fixture


def test_the_list_tells_what_is_here_and_what_a_download_costs(client: Client) -> None:
    digits, fashion = described(client, "digits-5k"), described(client, "fashion-mnist")
    assert digits is not None
    assert fashion is not None
    assert (digits["available"], digits["download_bytes"], digits["download"]) == (True, None, None)
    assert digits["class_names"] is None
    assert not fashion["available"]
    assert fashion["download_bytes"] == 30_878_645
    assert fashion["download"] is None
    assert fashion["class_names"][9] == "Ankle boot"
    assert fashion["licence"] == "MIT"


def test_a_data_set_is_downloaded_and_trained_with(
    empty_server: tuple[Client, ServerThread], mirror: Mirror, mnist_data_dir: Path
) -> None:
    client, server = empty_server
    mirror.files = {
        f"mnist/{name}": (mnist_data_dir / "mnist" / name).read_bytes() for name in FILES
    }
    mirror.hold_after = 5_000_000
    refused = client.post("/api/runs", json={"dataset": "mnist"})
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "dataset"]
    assert "download it first" in refused.json()["detail"][0]["msg"]

    begun = client.post("/api/datasets/mnist/download")
    assert begun.status_code == 202
    assert begun.json()["download"]["status"] == "downloading"
    assert mirror.holding.acquire(timeout=PATIENCE)
    assert client.post("/api/datasets/mnist/download").status_code == 202  # the same one
    while described(client, "mnist")["download"]["bytes"] < 4_900_000:  # type: ignore[index]
        pass
    under_way = described(client, "mnist")
    assert under_way is not None
    assert not under_way["available"]
    assert under_way["download"]["total_bytes"] == under_way["download_bytes"] == 11_594_722
    mirror.go_on.set()
    here = until_the_download_ends(client, "mnist")
    assert (here["available"], here["download"], here["download_bytes"]) == (True, None, None)
    assert mirror.requests == [f"mnist/{name}" for name in FILES]
    assert client.post("/api/datasets/mnist/download").status_code == 200

    run = client.run(dataset="mnist", epochs=1, train_examples=1000)
    Watcher(server, run).until_status("finished")


def test_a_download_that_fails_says_why_and_can_be_repeated(
    empty_server: tuple[Client, ServerThread], mirror: Mirror
) -> None:
    client, _ = empty_server
    mirror.files = {f"kmnist/{FILES[0]}": b"not the file"}
    assert client.post("/api/datasets/kmnist/download").status_code == 202
    failed = until_the_download_ends(client, "kmnist")
    assert failed["download"]["status"] == "failed"
    assert "SHA-256" in failed["download"]["detail"]
    mirror.files.clear()
    assert client.post("/api/datasets/kmnist/download").status_code == 202
    assert "404" in until_the_download_ends(client, "kmnist")["download"]["detail"]


def test_without_a_network_the_download_says_so(start_server: StartServer, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        server = start_server(cache_dir=tmp_path, mirror=address)
        with Client(base_url=server.url, timeout=PATIENCE) as client:
            client.post("/api/datasets/mnist/download")
            detail = until_the_download_ends(client, "mnist")["download"]["detail"]
    assert "can't be reached" in detail
    assert "NUDGE_DATA_DIR/mnist" in detail


def test_a_server_that_stops_leaves_no_half_file(
    empty_server: tuple[Client, ServerThread], mirror: Mirror, tmp_path: Path
) -> None:
    client, server = empty_server
    mirror.files = {f"mnist/{FILES[0]}": bytes(9_000_000)}
    mirror.hold_after = 1_000_000
    client.post("/api/datasets/mnist/download")
    assert mirror.holding.acquire(timeout=PATIENCE)
    server.stop()  # while the download waits
    assert not list((tmp_path / "mnist").glob("*.gz"))


def test_what_there_is_not_can_not_be_downloaded(client: Client) -> None:
    assert client.post("/api/datasets/letters/download").status_code == 404
    assert client.post("/api/datasets/digits-5k/download").status_code == 200
