"""A lesson under load: thirty pupils and a teacher on one server. ``make bench-lesson``.

Most pupils come in by the code and go through the sheet over HTTP and a socket, in a thread each:
train, step, reset, correct drawings, lose the connection. Three do so in Chromium. Meanwhile the
teacher pauses all and sends something. It prints what was refused, how long it takes until all runs
stand still, whether any call of a pupil makes one move, and how long what is sent takes to
everybody; then, with sixty runs that train, the frames of the wall beside an empty page's.
"""

import base64
import json
import os
import statistics
import tempfile
import threading
import time
from typing import Any
from urllib.parse import quote

import httpx
from playwright.sync_api import Browser
from websockets.sync.client import connect

from app.operating_system import IDLE
from benchmarks.chromium import chromium, wait_until
from benchmarks.lesson_in_chromium import PupilInChromium, wall_frames
from benchmarks.serving import serving
from nn_core import load_dataset

PUPILS = 27
IN_CHROMIUM = 3
ON_THE_WALL = 60
WORDS = "Look at task two"
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
    """Run the lesson and then the wall, and print what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        with serving(classroom_token=TOKEN, store_dir=f"{folder}/lesson") as server:
            # The pupils' machines are others than the server's: here they get what it leaves.
            priority = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, 0, IDLE)
            with chromium() as browser:
                give_lesson(browser, server.url)
            os.setpriority(os.PRIO_PROCESS, 0, priority)
        settings = {"max_live_runs": ON_THE_WALL, "max_live_runs_per_address": ON_THE_WALL}
        with (
            serving(classroom_token=TOKEN, store_dir=f"{folder}/wall", **settings) as server,
            chromium() as browser,
        ):
            watch_wall(browser, server.url)


def give_lesson(browser: Browser, address: str) -> None:
    """Let all go through the sheet, while the teacher pauses all and sends something."""
    code = code_of(address)
    pupils = [Pupil(address, code, number) for number in range(PUPILS)]
    for pupil in pupils:
        pupil.start()
    names = [f"C{number}" for number in range(IN_CHROMIUM)]
    in_chromium = [PupilInChromium(browser, address, code, name) for name in names]
    for task in range(1, 5):
        for each in in_chromium:
            each.do(task)
    with httpx.Client(base_url=address, headers=TEACHER, timeout=60) as teacher:
        pause_all(teacher, pupils)
        time.sleep(10)
        send_to_all(teacher, pupils, in_chromium)
    for pupil in pupils:
        pupil.over.set()
    for pupil in pupils:
        pupil.join(60)
    problems = [problem for pupil in pupils for problem in pupil.problems]
    problems += [problem for each in in_chromium for problem in each.problems]
    print(f"refused or failed: {len(problems)}", *problems[:10], sep="\n")


def pause_all(teacher: httpx.Client, pupils: list[Pupil]) -> None:
    """Pause all runs, let pupils try to make theirs move, and let all go on."""
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


def send_to_all(
    teacher: httpx.Client, pupils: list[Pupil], in_chromium: list[PupilInChromium]
) -> None:
    """Send words and a link; print when the last socket and the last page have them."""
    for each in in_chromium:
        each.watch_for(WORDS)
    began, began_at = time.monotonic(), time.time()
    teacher.post("/api/classroom/send", json={"text": WORDS, "link": "/?lesson=2"})
    delays = [each.told_after(began_at) for each in in_chromium]
    print(f"sent to {len(delays)} pages: the last shows it after {max(delays):.2f} s")
    time.sleep(5)
    told = [pupil.told[WORDS] - began for pupil in pupils if WORDS in pupil.told]
    print(f"sent to {len(told)} open sockets: the last after {max(told, default=0):.2f} s")


def watch_wall(browser: Browser, address: str) -> None:
    """Let as many runs train as a large class has, and count the wall's frames."""
    wall = browser.new_page(viewport={"width": 1920, "height": 1080})
    wall.goto(f"{address}/classroom?token={quote(TOKEN)}")
    for number in range(ON_THE_WALL):
        with httpx.Client(base_url=address, timeout=60) as pupil:
            spec = {"seed": number, "epochs": None, "steps_per_second": 20}
            pupil.post("/api/runs", json=spec).raise_for_status()
    tiles = "many => document.querySelectorAll('[data-testid=tile]').length >= many"
    wait_until(wall, tiles, ON_THE_WALL)
    ratios = wall_frames(browser, wall)
    print(
        f"the wall with {ON_THE_WALL} runs that train: {statistics.median(ratios):.2f} of an "
        "empty page's frames"
    )


if __name__ == "__main__":
    main()
