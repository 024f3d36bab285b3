"""Frames by HTTP, for those who can't have the socket."""

import time

import pytest
from safetensors.numpy import load

from tests.app.clients import Client, Watch
from tests.servers import PATIENCE


@pytest.mark.parametrize("tensors", ["weights", "gradient", "all"])
def test_it_is_what_the_socket_sends(client: Client, watch: Watch, tensors: str) -> None:
    run = client.run(epochs=1, train_examples=320)
    watcher = watch(run)
    watcher.until_status("finished")
    watcher.close()
    again = watch(run)
    frame = again.frame()
    if tensors != "all":
        again.say(f'{{"type": "watch", "tensors": "{tensors}"}}')
        frame = again.frame()
    answer = client.get(f"/api/runs/{run}/frame?tensors={tensors}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.content == frame
    known = {"If-None-Match": answer.headers["etag"]}
    same = client.get(f"/api/runs/{run}/frame?tensors={tensors}", headers=known)
    assert (same.status_code, same.content) == (304, b"")
    for other in {"weights", "gradient", "all"} - {tensors}:
        assert client.get(f"/api/runs/{run}/frame?tensors={other}", headers=known).content


def test_all_is_what_it_answers_without_being_told(client: Client) -> None:
    whole = client.get("/api/runs/pretrained/frame")
    assert whole.content == client.get("/api/runs/pretrained/frame?tensors=all").content
    assert client.get("/api/runs/pretrained/frame?tensors=some").status_code == 422
    assert client.get("/api/runs/nothing/frame").status_code == 404


def test_asking_is_demand_for_frames(client: Client) -> None:
    """Nobody else watches: frames are made because they are asked for."""
    run = client.run(epochs=None, train_examples=320, steps_per_second=50)
    seen: dict[str, int] = {}
    deadline = time.monotonic() + PATIENCE
    etag = ""
    while len(seen) < 5:
        assert time.monotonic() < deadline
        answer = client.get(f"/api/runs/{run}/frame", headers={"If-None-Match": etag})
        if answer.status_code == 200:
            etag = answer.headers["etag"]
            seen[etag] = len(load(answer.content))
        else:
            assert answer.status_code in (204, 304)
        time.sleep(0.1)
    assert set(seen.values()) == {12}  # six tensors, and six of the gradient
