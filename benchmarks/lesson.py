"""A lesson under load: thirty pupils and a teacher on one server. ``make bench-lesson``.

Each pupil comes in by the code and goes through the sheet over HTTP and a socket, in a thread:
trains, steps, resets, corrects drawings, loses the connection. Meanwhile the teacher pauses all and
sends something. It prints what was refused, how long it takes until all runs stand still, whether
any call of a pupil makes one move, and how long what is sent takes to everybody.
"""

import base64
import json
import tempfile
import threading
import time
from typing import Any

import httpx
from websockets.sync.client import connect

from benchmarks.serving import serving
from nn_core import load_dataset

PUPILS = 30
WATCHED_SECONDS = 12
TOKEN = "the teacher of the benchmark"  # noqa: S105 - of a server that ends with it
TEACHER = {"Authorization": f"Bearer {TOKEN}"}


class Pupil(threading.Thread):
    """One pupil, who works at the sheet until the lesson is over."""

    def __init__(self, address: str, code: str, number: int) -> None:
        super().__init__(daemon=True)
        self.http = httpx.Client(base_url=address, timeout=60)
        self.socket_address = address.replace("http", "ws", 1)
        self.code, self.number = code, number
        self.run_id = ""
        self.problems: list[str] = []
        self.held = threading.Event()  # the teacher has paused all
        self.rest = threading.Event()  # do nothing: the benchmark tries this pupil's calls
        self.over = threading.Event()
        self.told: dict[str, float] = {}  # when the socket told what was sent

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Make a call; note what was refused, unless the teacher has paused all."""
        while self.rest.is_set() and not self.over.is_set():
            time.sleep(0.1)
        paused = self.held.is_set()
        answer = self.http.request(method, path, json=body)
        if answer.is_error and not (paused or self.held.is_set()):
            self.problems.append(f"{answer.status_code} {method} {path}: {answer.text[:200]}")
        return answer.json() if answer.content else None

    def run(self) -> None:
        """Go through the tasks, again and again."""
        self.call("GET", "/api/visitor")
        self.call("POST", "/api/class/join", {"code": self.code, "nickname": f"P{self.number}"})
        digits = load_dataset("digits-5k").test
        while not self.over.is_set():
            for task in range(1, 5):
                self.call("POST", "/api/class/at", {"task": task, "guess": self.number % 3})
                spec = {"seed": self.number, "epochs": None, "steps_per_second": 60}
                path = f"/api/runs?instead_of={self.run_id}" if self.run_id else "/api/runs"
                created = self.call("POST", path, spec)
                if "id" not in created:
                    continue
                self.run_id = created["id"]
                listener = threading.Thread(target=self.listen, args=(self.run_id,), daemon=True)
                listener.start()
                for place in range(3):
                    image = base64.b64encode(digits.images[10 * self.number + place].tobytes())
                    drawing = {"image": image.decode(), "label": int(digits.labels[place])}
                    path = f"/api/runs/{self.run_id}/learn"
                    self.call("POST", path, {"drawings": [drawing]})
                    time.sleep(1)
                self.call("POST", f"/api/runs/{self.run_id}/step")
                self.call("POST", f"/api/runs/{self.run_id}/resume")
                listener.join(3)
                if self.over.is_set():
                    return

    def listen(self, run: str) -> None:
        """Watch a run for a while, then lose the connection."""
        began = time.monotonic()
        try:
            with connect(f"{self.socket_address}/api/runs/{run}/live", max_size=None) as socket:
                while time.monotonic() - began < WATCHED_SECONDS and not self.over.is_set():
                    message = socket.recv(timeout=WATCHED_SECONDS)
                    if isinstance(message, str) and json.loads(message)["type"] == "class":
                        sent = json.loads(message)["sent"]
                        if sent:
                            self.told.setdefault(sent["text"], time.monotonic())
                socket.socket.close()
        except (OSError, TimeoutError):
            return
        except Exception as error:  # noqa: BLE001 - the run was replaced, and its socket closed
            if "closed" not in str(error).lower() and "close" not in str(error).lower():
                self.problems.append(str(error))


def code_of(address: str) -> str:
    """Return the lesson's code, as the wall shows it."""
    wall = address.replace("http", "ws", 1) + "/api/classroom/live"
    with connect(wall, additional_headers=TEACHER, max_size=None) as socket:
        while isinstance(message := socket.recv(), bytes):
            pass
        code: str = json.loads(message)["code"]
    return code


def try_to_move(pupil: Pupil) -> int:
    """Try every call that would make a run train; return how many steps were made."""
    path = f"/api/runs/{pupil.run_id}"
    before = pupil.http.get(path).json()["step"]
    nudge = {"index": 0, "amount": 0.1, "apply": True}
    for name, body in (("resume", None), ("step", None), ("nudge", nudge)):
        pupil.http.post(f"{path}/{name}", json=body)
    pupil.http.patch(path, json={"epochs": 10_000, "steps_per_second": None})
    begun = pupil.http.post("/api/runs", json={"epochs": None}).json()
    time.sleep(1)
    after = pupil.http.get(path).json()["step"]
    steps = int(after - before) + int(pupil.http.get(f"/api/runs/{begun['id']}").json()["step"])
    pupil.http.delete(f"/api/runs/{begun['id']}")
    return steps


def main() -> None:
    """Run the lesson, and print what was seen."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(classroom_token=TOKEN, store_dir=folder) as server,
        httpx.Client(timeout=60) as teacher,
    ):
        teacher.base_url, teacher.headers = server.url, TEACHER
        pupils = [Pupil(server.url, code_of(server.url), number) for number in range(PUPILS)]
        for pupil in pupils:
            pupil.start()
        time.sleep(30)
        for pupil in pupils:
            pupil.held.set()
        began = time.monotonic()
        teacher.post("/api/classroom/hold", json={"reason": "look here"}).raise_for_status()
        print(f"pause all: {time.monotonic() - began:.2f} s")
        for pupil in pupils:
            pupil.rest.set()
        time.sleep(5)
        moved = sum(try_to_move(pupil) for pupil in pupils[:6] if pupil.run_id)
        print(f"steps that pupils could make meanwhile: {moved}")
        lifted = teacher.post("/api/classroom/hold", json={"reason": None}).json()["runs"]
        for pupil in pupils:
            pupil.held.clear()
            pupil.rest.clear()
        print(f"runs that went on: {lifted}")
        time.sleep(10)
        began = time.monotonic()
        teacher.post("/api/classroom/send", json={"text": "now", "link": "/?lesson=2"})
        time.sleep(5)
        delays = sorted(pupil.told["now"] - began for pupil in pupils if "now" in pupil.told)
        if delays:
            print(f"sent to {len(delays)} open sockets: the last after {delays[-1]:.2f} s")
        for pupil in pupils:
            pupil.over.set()
        for pupil in pupils:
            pupil.join(60)
        problems = [problem for pupil in pupils for problem in pupil.problems]
        print(f"refused or failed: {len(problems)}", *problems[:10], sep="\n")


if __name__ == "__main__":
    main()
