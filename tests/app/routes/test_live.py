import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load
from websockets.exceptions import ConnectionClosed

from tests.app.clients import PARAMETER_SHAPES, Client, Event, Watch, Watcher
from tests.server_thread import StartServer

ENDLESS = {"epochs": None, "train_examples": 320, "steps_per_second": 500}
GRADIENT = {f"gradient.{name}": shape for name, shape in PARAMETER_SHAPES.items()}


def shapes(frame: bytes) -> dict[str, tuple[int, ...]]:
    return {name: tensor.shape for name, tensor in load(frame).items()}


def epochs_of(events: list[Event]) -> list[int]:
    """Return the numbers of the epochs told in these events, the hello's first."""
    numbers = []
    for event in events:
        match event["type"]:
            case "hello":
                numbers += [epoch["epoch"] for epoch in event["epochs"]]
            case "epoch":
                numbers.append(event["epoch"])
    return numbers


def test_the_default_run_is_told_whole_and_in_order(client: Client, watch: Watch) -> None:
    run = client.run(steps_per_second=0.1)  # until somebody watches
    watcher = watch(run)
    hello = watcher.receive()
    assert isinstance(hello, dict)
    assert hello["type"] == "hello"
    assert hello["run"]["id"] == run
    client.patch(f"/api/runs/{run}", json={"steps_per_second": None})
    events, frames = [hello], []
    while events[-1].get("status") != "finished":
        message = watcher.receive()
        if isinstance(message, bytes):
            frames.append(message)
        else:
            events.append(message)
    assert epochs_of(events) == list(range(1, 31))
    assert events[-1] == {"type": "status", "status": "finished", "step": 3750, "reason": None}

    assert frames
    for frame in frames:
        assert shapes(frame) == PARAMETER_SHAPES | GRADIENT
        assert {tensor.dtype for tensor in load(frame).values()} == {np.dtype(np.float16)}
    # The last frame goes before the last status, and shows the network as it is now.
    last = load(frames[-1])
    for name, tensor in load(client.get(f"/api/runs/{run}/checkpoint").content).items():
        np.testing.assert_array_equal(last[name], tensor.astype(np.float16))

    figures = client.get(f"/api/runs/{run}/epochs").json()
    assert figures == hello["epochs"] + [event for event in events if event["type"] == "epoch"]
    assert set(figures[0]) == {
        "type", "epoch", "step", "cost", "accuracy", "test_cost", "test_accuracy",
        "gradient_norms", "learning_rate", "seconds", "examples_per_second", "clean_accuracy",
        "noisy_accuracy",
    }  # fmt: skip
    assert figures[-1]["cost"] < figures[0]["cost"] / 5
    assert figures[-1]["test_accuracy"] > 0.88


def test_a_frame_says_when_it_was(client: Client, watch: Watch, tmp_path: Path) -> None:
    run = client.run(epochs=2)
    client_file = tmp_path / "frame.safetensors"
    watcher = watch(run)
    watcher.until_status("finished")
    latecomer = watch(run)
    client_file.write_bytes(latecomer.frame())
    with safe_open(client_file, "numpy") as frame:
        metadata = frame.metadata()
        assert (metadata["epoch"], metadata["step"]) == ("2", "250")


def test_a_latecomer_gets_the_history_then_the_newest_frame(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    latecomer = watch(run)
    hello = latecomer.receive()
    assert isinstance(hello, dict)
    assert hello["run"]["status"] == "finished"
    assert epochs_of([hello]) == [1, 2, 3]
    assert isinstance(latecomer.receive(), bytes)


@pytest.mark.parametrize("after", [0, 1, 2, 3, 99])
def test_only_later_epochs_are_sent_again(client: Client, watch: Watch, after: int) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    hello = watch(run, f"?after={after}").receive()
    assert isinstance(hello, dict)
    assert epochs_of([hello]) == [1, 2, 3][after:]


def test_a_viewer_who_comes_back_misses_nothing(client: Client, watch: Watch) -> None:
    run = client.run(**ENDLESS)
    seen: list[int] = []
    for _ in range(5):
        watcher = watch(run, f"?after={seen[-1] if seen else 0}")
        seen += epochs_of(watcher.until("epoch"))
        watcher.close()
    assert seen == list(range(1, len(seen) + 1))


def test_a_viewer_gets_what_it_asks_for(client: Client, watch: Watch) -> None:
    watcher = watch(client.run(**ENDLESS))
    watcher.frame()

    def frame_of(tensors: str, expected: dict[str, tuple[int, ...]]) -> None:
        watcher.say(json.dumps({"type": "watch", "frames_per_second": 30, "tensors": tensors}))
        for _ in range(20):  # those that were on their way
            if shapes(watcher.frame()) == expected:
                return
        pytest.fail(f"no frame had {tensors} alone")

    frame_of("weights", PARAMETER_SHAPES)
    frame_of("gradient", GRADIENT)
    frame_of("all", PARAMETER_SHAPES | GRADIENT)


def test_no_frames_for_a_viewer_who_wants_none(client: Client, watch: Watch) -> None:
    run = client.run(**ENDLESS)
    watcher, other = watch(run), watch(run)
    watcher.say('{"type": "watch", "frames_per_second": 0}')
    watcher.say("?")  # its answer tells that the message before it was taken in
    watcher.until("error")
    other.frame()
    messages = [watcher.receive() for _ in range(30)]
    assert not any(isinstance(message, bytes) for message in messages)
    other.frame()


def test_an_unknown_run_is_told_and_closed(watch: Watch) -> None:
    watcher = watch("0" * 32)
    error = watcher.receive()
    assert isinstance(error, dict)
    assert error["type"] == "error"
    assert "no run" in error["detail"]
    with pytest.raises(ConnectionClosed) as closed:
        watcher.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


def test_viewers_are_told_when_a_run_is_deleted(client: Client, watch: Watch) -> None:
    run = client.run(**ENDLESS)
    watcher = watch(run)
    watcher.until("epoch")
    client.delete(f"/api/runs/{run}")
    watcher.until_status("stopped")
    assert "deleted" in watcher.until("error")[-1]["detail"]
    with pytest.raises(ConnectionClosed) as closed:
        watcher.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


def test_a_step_is_seen(client: Client, watch: Watch) -> None:
    run = client.run(steps_per_second=1)
    step = client.command(run, "pause")["step"]
    watcher = watch(run)
    watcher.until("hello")
    client.command(run, "step")
    assert watcher.until("progress", step=step + 1)[-1]["steps_per_epoch"] == 125


def watch_to_the_end(watcher: Watcher) -> list[int]:
    """Return the epochs that a viewer was told of until the run stopped."""
    return epochs_of(watcher.until("status", status="stopped"))


def test_only_the_newest_epochs_are_in_the_hello(start_server: StartServer) -> None:
    server = start_server(hello_epochs=5)
    with Client(base_url=server.url) as client:
        run = client.run(epochs=8, train_examples=32)
        Watcher(server, run).until_status("finished")
        hello = Watcher(server, run).receive()
        assert isinstance(hello, dict)
        assert epochs_of([hello]) == [4, 5, 6, 7, 8]
        assert len(client.get(f"/api/runs/{run}/epochs").json()) == 8
