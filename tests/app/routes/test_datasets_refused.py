"""Uploads that are refused: what is no data set, or too large, is told at its field."""

import json
import socket
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.clients import Client
from tests.app.routes import test_datasets
from tests.nn_core.datasets.idx_files import idx
from tests.nn_core.datasets.uploaded_files import GOOD, IMAGES, LABELS, npz, zipped
from tests.server_thread import ServerThread, StartServer
from tests.servers import PATIENCE, wait_until

own = test_datasets.own  # the same fixture


@pytest.mark.parametrize(
    ("content", "name", "location", "words"),
    [
        (b"", "mine", ["body", "file"], "empty"),
        (b"0,1,2\n1,five,3\n", "mine", ["body", "file"], "line 2, column 2: 'five'"),
        (npz(images=np.array([{}]), labels=[0]), "mine", ["body", "images"], "pickle"),
        (npz(images=IMAGES, labels=LABELS / 2), "mine", ["body", "labels"], "there is 0.5"),
        (GOOD, "Not A Name", ["query", "name"], "small letters"),
    ],
)
def test_what_is_no_data_set_is_told_at_its_field(
    own: Client, content: bytes, name: str, location: list[str], words: str
) -> None:
    answer = own.post("/api/datasets", params={"name": name}, content=content)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == location
    assert words in problem["msg"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--x--", "multipart/form-data; boundary=x", 422),
        (b"", "multipart/form-data; boundary=x", 422),
        (b"nothing of the kind", "multipart/form-data; boundary=x", 400),
        (b"nothing of the kind", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n0,1\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_a_form_without_a_file_is_told(own: Client, body: bytes, kind: str, status: int) -> None:
    answer = own.post("/api/datasets", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_what_is_too_large_is_refused(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(
        cache_dir=tmp_path,
        max_dataset_bytes=20000,
        max_body_bytes=2000,
        max_dataset_unpacked_bytes=30000,
        max_dataset_classes=4,
        max_own_datasets=1,
    )
    bomb = zipped(images=bytes(1_000_000), labels=b"")
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        post = client.post
        assert post("/api/datasets", content=bytes(20001)).status_code == 413
        assert post("/api/datasets", content=iter([bytes(9000)] * 3)).status_code == 413
        assert post("/api/datasets", files={"file": ("x.csv", bytes(20001))}).status_code == 413
        assert post("/api/runs", content=bytes(2001)).status_code == 413
        assert len(bomb) < 2000
        answer = post("/api/datasets", content=bomb)
        assert answer.status_code == 413
        assert "unpacks to 1,000,000 bytes; 30,000 are allowed" in answer.json()["detail"]
        assert "4 are allowed" in post("/api/datasets", content=GOOD).text
        few = npz(images=IMAGES, labels=LABELS % 4)
        assert post("/api/datasets?name=first", content=few).status_code == 201
        answer = post("/api/datasets?name=second", content=few)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "delete one first" in answer.json()["detail"]


def test_a_file_that_takes_long_to_read_soon_gives_its_place_up(start_server: StartServer) -> None:
    server = start_server(max_dataset_seconds=0.1, max_dataset_examples=1000)
    dust = np.zeros((1001, 1), np.uint8)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        slow = b"\n" * 20_000_000 + b"label,a\n0,oops\n"
        answer = client.post("/api/datasets", content=slow)
        assert answer.status_code == 413
        assert "more than 0.1 seconds" in answer.json()["detail"]
        for many in (
            b"0,1\n" * 5_000_000 + b"0,oops\n",
            npz(images=dust, labels=dust[:, 0]),
            npz(x_train=dust[:600], y_train=dust[:600, 0], x_test=dust[:600], y_test=dust[:600, 0]),
        ):
            answer = client.post("/api/datasets", content=many)
            assert answer.status_code == 413
            assert "more images than 1,000" in answer.json()["detail"]
        parts = {"images": idx(dust.reshape(-1, 1, 1)), "labels": idx(dust[:, 0])}
        answer = client.post("/api/datasets", files=parts)
        assert answer.status_code == 413
        assert "more images than 1,000" in answer.json()["detail"]
        assert client.post("/api/datasets", content=GOOD).status_code == 201


@pytest.mark.parametrize("announced", [True, False])
def test_who_sends_far_too_much_gets_to_read_the_answer(
    client: Client,
    announced: bool,  # noqa: FBT001
) -> None:
    """A connection that is closed at once is reset while the client still sends."""
    body = bytes(20 * 2**20)
    for _ in range(5):
        content = (
            body if announced else iter([body[i : i + 2**16] for i in range(0, len(body), 2**16)])
        )
        answer = client.post("/api/runs", content=content)
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert client.get("/api/health").status_code == 200


def test_many_large_bodies_at_once_do_not_fill_the_disk(start_server: StartServer) -> None:
    server = start_server(max_incoming_mib_per_visitor=1, max_incoming_mib_per_address=2)
    head = b"POST /api/datasets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n"
    with ExitStack() as stack:
        client = stack.enter_context(Client(base_url=server.url))
        client.get("/api/visitor")
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())

        def send(size: int) -> socket.socket:
            """Send so much of a body, and no more."""
            sock = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
            sock.sendall(head + f"Cookie: {cookie}\r\n\r\n".encode() + bytes(size))
            return stack.enter_context(closing(sock))

        first = send(600_000)
        wait_until(lambda: sizes(server) >= 600_000, "what was sent is there")
        assert send(600_000).recv(100).startswith(b"HTTP/1.1 429")
        assert client.post("/api/datasets", content=bytes(500_000)).status_code == 429
        first.close()
        wait_until(lambda: sizes(server) == 0, "what was begun is gone")
        assert client.post("/api/datasets", content=bytes(500_000)).status_code == 422


def sizes(server: ServerThread) -> int:
    """Return how much of bodies is on the disk."""
    scratch = server.app.state.store.scratch
    return sum(path.stat().st_size for path in scratch.glob("*/*"))


@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda noise, place: GOOD[:place] + noise + GOOD[place + len(noise) :],
            st.binary(min_size=1, max_size=9),
            st.integers(0, len(GOOD) - 1),
        ),
        st.text(st.sampled_from('012,\n"a.'), max_size=50).map(str.encode),
    ),
    kind=st.sampled_from(["application/zip", "text/csv", "multipart/form-data; boundary=a"]),
)
def test_nothing_that_is_posted_breaks_the_server(own: Client, body: bytes, kind: str) -> None:
    answer = own.post("/api/datasets", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (201, 400, 413, 422), answer.text
    assert json.loads(answer.content)
    if answer.status_code == 201:
        own.delete(f"/api/datasets/{answer.json()['name']}")
