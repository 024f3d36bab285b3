"""Ray's driver: ``python -m app.runs.engines.on_ray.driver``, a process that the server starts.

It carries the server's calls to the actors. Without an address it starts a cluster of this machine,
which ends with it. It ends when stdin closes, and when the cluster's head goes away.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import ActorDiedError, ActorUnavailableError, RayError

from app.runs.engines.on_ray import wire
from app.runs.engines.on_ray.actor import CALLS_AT_ONCE, TrainingActor
from app.runs.engines.on_ray.wire import Envelope

OBJECT_STORE_BYTES = 128 * 2**20  # what is sent is small, and soon forgotten
STAY_SECONDS = 5.0  # between two words to an actor
AGAIN_SECONDS = 0.5  # until a call that was lost is repeated
HEAD_SECONDS = 1.0  # between two looks at whether the head is there
HEAD_MISSED = 3  # such looks in a row, after which it is gone


class Driver:
    """The actors of one server, by the numbers that it gives them."""

    def __init__(self, out: int) -> None:
        self._out = os.fdopen(out, "wb")
        self._actor_class = ray.remote(TrainingActor).options(
            num_cpus=1, max_concurrency=CALLS_AT_ONCE, max_restarts=0, max_task_retries=0
        )
        self._actors: dict[int, Any] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, envelope: Envelope) -> None:
        """Write to the server, which reads all the time."""
        self._out.write(envelope.encode())
        self._out.flush()

    def begin(self, call: Envelope) -> None:
        """Carry out a call, beside all others."""
        task = asyncio.create_task(self._answer(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, call: Envelope) -> None:
        try:
            answer = await self._carry_out(call)
        except ActorDiedError as error:
            outcome, reason = why(error)
            answer = Envelope(call.number, outcome, [reason])
        except (RayError, KeyError, ValueError) as error:
            answer = Envelope(call.number, "ended", [f"its process is gone: {first_line(error)}"])
        self.tell(answer)

    async def _carry_out(self, call: Envelope) -> Envelope:
        number = call.values[0] if call.values else 0
        match call.name, call.values:
            case "create", [_]:
                actor = self._actors[number] = self._actor_class.remote()
                try:
                    pid, node = await actor.where.remote()
                except ActorDiedError as error:
                    print(error, file=sys.stderr)  # it may be a node without Nudge, or another
                    raise
                self._keep(number, actor)
                return Envelope(call.number, "done", [pid, await asyncio.to_thread(name_of, node)])
            case "put", [_, place]:
                await repeated(lambda: self._actors[number].put.remote(place, call.payload))
                return Envelope(call.number, "done", [])
            case "take", [_, after]:
                taken = await repeated(lambda: self._actors[number].take.remote(after))
                return Envelope(call.number, "done", [taken.last, taken.is_all], taken.data)
            case "stay", [_]:
                await self._actors[number].stay.remote()
                return Envelope(call.number, "done", [])
            case "kill", [_]:
                if number in self._actors:
                    ray.kill(self._actors.pop(number))
                return Envelope(call.number, "done", [])
            case "room", []:
                free, all_ = await asyncio.to_thread(places)
                return Envelope(call.number, "done", [free, all_])
        raise ValueError(call.name)

    def _keep(self, number: int, actor: Any) -> None:
        task = asyncio.create_task(self._tell_to_stay(number, actor))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell_to_stay(self, number: int, actor: Any) -> None:
        """Tell an actor again and again that it is wanted, as long as it is."""
        while number in self._actors:
            try:
                await actor.stay.remote()
            except ActorDiedError:
                return
            except RayError:
                pass
            await asyncio.sleep(STAY_SECONDS)


async def repeated(call: Any) -> Any:
    """Return what a call returns; one that got lost on its way is repeated."""
    while True:
        try:
            return await call()
        except ActorUnavailableError:  # its node may be lost: Ray finds out, and tells
            await asyncio.sleep(AGAIN_SECONDS)


def why(error: ActorDiedError) -> tuple[wire.Outcome, str]:
    """Return whether an actor ended or was lost with its node, and say it."""
    told = " ".join(str(error).split())
    if "its node has died" in told or "node was terminated" in told or "owner has died" in told:
        return "lost", "its node went away"
    if "memory" in told and "OutOfMemory" in told:
        return "ended", "its process was ended, for its node had too little memory"
    return "ended", "its process ended unexpectedly"


def first_line(error: Exception) -> str:
    """Return an error's first line."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


def name_of(node: str) -> str:
    """Return a node's name: the one it was given, or that of its machine."""
    for known in ray.nodes():
        if known["NodeID"] == node:
            is_given = known["NodeName"] != known["NodeManagerAddress"]
            return str(known["NodeName"] if is_given else known["NodeManagerHostname"])
    return node[:8]


def places() -> tuple[int, int]:
    """Return how many more runs the cluster has room for, and for how many in all."""
    free = ray.available_resources().get("CPU", 0)
    return int(free), int(ray.cluster_resources().get("CPU", 0))


def start_locally(places: int, folder: Path) -> None:
    """Start a cluster of this machine, which listens on the loopback address only."""
    if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
        shutil.rmtree(folder, ignore_errors=True)  # of a driver that was killed
    folder.mkdir(mode=0o700)  # Ray opens what it makes in it to everybody
    ray.init(
        num_cpus=places,
        include_dashboard=False,
        log_to_driver=False,
        configure_logging=False,
        object_store_memory=OBJECT_STORE_BYTES,
        _temp_dir=str(folder / "ray"),
    )


def connect(address: str) -> None:
    """Connect to a cluster; a machine that is not in it joins it, with no room for runs."""
    host, _, port = address.rpartition(":")
    while not is_open(host, int(port)):
        time.sleep(HEAD_SECONDS)
    if not is_member(address):
        join(address)
    ray.init(address=address, log_to_driver=False, configure_logging=False)
    threading.Thread(target=end_with, args=(host, int(port)), daemon=True).start()


def is_member(address: str) -> bool:
    """Return whether this machine is a node of the cluster: a driver needs one beside it.

    Ray itself would not say, but end the driver.
    """
    head = f"--gcs-address={address}".encode()
    lines = (read(folder / "cmdline") for folder in Path("/proc").glob("[0-9]*"))
    return any(b"raylet" in line and head in line.split(b"\0") for line in lines)


def read(path: Path) -> bytes:
    """Return what is in a file of a process; nothing if it has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def join(address: str) -> None:
    """Make this machine a node that has no room for runs; it ends with this process."""
    store = f"--object-store-memory={OBJECT_STORE_BYTES}"
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", f"--address={address}"]
    done = subprocess.run(  # noqa: S603 - Ray's own command
        [*command, "--num-cpus=0", store], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise ConnectionError(f"ray start: {done.stderr.strip() or done.stdout.strip()}")


def is_open(host: str, port: int) -> bool:
    """Return whether something listens there."""
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


def end_with(host: str, port: int) -> None:
    """End this process once the head is gone; Ray itself would wait a minute for it."""
    missed = 0
    while missed < HEAD_MISSED:
        time.sleep(HEAD_SECONDS)
        missed = 0 if is_open(host, port) else missed + 1
    end()


def end() -> None:
    """End this process, and all that it has started, at once."""
    os.killpg(0, signal.SIGKILL)


async def serve(out: int, calls: "asyncio.Queue[Envelope]") -> None:
    """Carry out what the server calls for."""
    driver = Driver(out)
    driver.tell(Envelope(0, "up", []))
    while True:
        driver.begin(await calls.get())


def main() -> None:
    """Start or find the cluster that the environment names, and carry out the server's calls."""
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what Ray prints can't garble the answers
    loop = asyncio.new_event_loop()
    calls: asyncio.Queue[Envelope] = asyncio.Queue()

    def read_calls() -> None:
        while (call := wire.read(sys.stdin.buffer)) is not None:
            loop.call_soon_threadsafe(calls.put_nowait, call)
        end()  # at once: the server is gone

    threading.Thread(target=read_calls, daemon=True).start()
    address, places, folder = sys.argv[1:]
    try:
        if address:
            connect(address)
        else:
            start_locally(int(places), Path(folder))
        loop.run_until_complete(serve(out, calls))
    except Exception as error:  # noqa: BLE001 - whatever it is, the server is told
        os.write(out, Envelope(0, "trouble", [first_line(error)]).encode())
    end()


if __name__ == "__main__":
    main()
