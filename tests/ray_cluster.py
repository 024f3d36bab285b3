"""A Ray cluster of two nodes and a head, simulated on this machine, for the tests on Ray.

It is kept by a process of its own (``python -m tests.ray_cluster``), which obeys a command a line:
the tests' process never imports Ray, and does not end with a head that is killed.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.runs.engines.on_ray.cluster import ENVIRONMENT, LOCAL
from tests.servers import PATIENCE, ROOT, wait_until

NODES = ("one", "two")
# Runs that a node has room for: this machine has fewer processors, but most runs of tests wait.
PLACES = {"head": 0, "one": 60, "two": 60, "small": 1}
TOKEN = "a-token-for-the-tests-of-nudge-on-ray"


class RayCluster:
    """The cluster as the tests see it: its address, and what of it can be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        # Servers that connect to it take these from the environment.
        os.environ |= {"RAY_AUTH_TOKEN": TOKEN, **ENVIRONMENT, **LOCAL, "RAY_TMPDIR": str(folder)}
        (folder / "ray").mkdir(parents=True)
        self.start()

    def start(self, *names: str) -> None:
        """Start the head and all nodes, or only these nodes."""
        if not names:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.ray_cluster", self.address.partition(":")[2]],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                process_group=0,
            )
        self._tell("start", *names)

    def kill(self, name: str) -> None:
        """Kill a node's raylet, or the ``head``."""
        self._tell("kill", name)

    def end(self) -> None:
        """End all of it; it can be started again at the same address."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        wait_until(lambda: not self.actors(), "the actors have ended")

    def actors(self) -> list[int]:
        """Return the processes of all actors of this cluster, and of others in these tests."""
        return [
            int(folder.name)
            for folder in Path("/proc").iterdir()
            if folder.name.isdecimal()
            and b"ray::TrainingActor" in read(folder / "cmdline")
            and str(self._folder).encode() in read(folder / "environ")
        ]

    def _tell(self, *words: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line.strip() == "done", line


def read(path: Path) -> bytes:
    """Return what is in a file of a process; nothing if it has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


class Machines:
    """The cluster itself, in the process that keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cluster: Any = None
        self.nodes: dict[str, Any] = {}

    def obey(self, what: str, *names: str) -> None:
        match what:
            case "start" if not names:
                from ray.cluster_utils import Cluster  # noqa: PLC0415

                self.cluster = Cluster()
                self.add("head", gcs_server_port=self.port, include_dashboard=False)
                self.obey("start", *NODES)
            case "start":
                for name in names:
                    self.add(name)
            case "kill":
                kinds = ["gcs_server", "raylet"] if names == ("head",) else ["raylet"]
                for node in filter(None, map(self.nodes.get, names)):
                    for kind in kinds:
                        process = node.all_processes[kind][0].process
                        process.kill()
                        process.wait()

    def add(self, name: str, **options: Any) -> None:
        self.nodes[name] = self.cluster.add_node(
            num_cpus=PLACES[name],
            object_store_memory=80 * 2**20,
            node_ip_address="127.0.0.1",
            node_name=name,
            **options,
        )


def main() -> None:
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    machines = Machines(int(sys.argv[1]))
    for line in sys.stdin:
        machines.obey(*json.loads(line))
        print("done", file=out, flush=True)
    os.killpg(0, signal.SIGKILL)  # the tests are gone


if __name__ == "__main__":
    main()
