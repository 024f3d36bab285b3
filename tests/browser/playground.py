"""The page as a person uses it: helpers for what one does on it and sees."""

import base64
import io
import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocket, expect

HANG = 120_000  # milliseconds until something that never comes is given up

TOUCHED = """if (location.protocol.startsWith("http"))
  try { sessionStorage.setItem("nudge.touched", "true"); } catch {}"""

Stroke = Sequence[tuple[float, float]]

# Digits as strokes, in shares of the pad's side.
ONE: Stroke = [(0.5, 0.2), (0.5, 0.5), (0.5, 0.8)]
SEVEN: Stroke = [(0.28, 0.25), (0.5, 0.25), (0.72, 0.25), (0.62, 0.45), (0.53, 0.65), (0.46, 0.82)]
ZERO: Stroke = [
    (0.5, 0.2),
    (0.36, 0.26),
    (0.29, 0.42),
    (0.29, 0.58),
    (0.36, 0.74),
    (0.5, 0.8),
    (0.64, 0.74),
    (0.71, 0.58),
    (0.71, 0.42),
    (0.64, 0.26),
    (0.5, 0.2),
]


class Playground:
    """One open page, and everything that went over its sockets."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.events: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        self.sent: list[dict[str, Any]] = []
        self.sockets: list[str] = []
        self._scripts = ExitStack()  # what each load begins with
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)
        socket.on("framereceived", self._receive)
        socket.on("framesent", lambda message: self.sent.append(json.loads(message)))

    def _receive(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self.events.append(json.loads(message))
        else:
            self.frames.append(message)

    def open(
        self,
        path: str = "/",
        *,
        charts: bool = False,
        ghost: bool = False,
        motion: bool = False,
    ) -> None:
        """Go to a page and wait until it knows the network that it shows.

        Without charts the page never gets the idle time in which it would load Plotly, whose bundle
        takes a second to evaluate. (To intercept the request would switch off the browser's cache.)
        Without a ghost it writes no digits by itself, as if somebody had touched it before. Without
        motion nothing takes longer than it must, as for a person who wants none.
        """
        if not motion and not ghost:
            self.page.emulate_media(reduced_motion="reduce")
        self._scripts.close()  # those of the page that was open before
        if not ghost:
            self._scripts.enter_context(self.page.add_init_script(TOUCHED))
        if not charts:
            self.leave_charts_out()
        self.page.goto(self.url + path)
        expect(self.by("weight-tile").first).to_be_attached()

    def leave_charts_out(self) -> None:
        """Have no charts from the next load on, until another page is opened with them."""
        no_idle_time = "window.requestIdleCallback = () => 0"
        self._scripts.enter_context(self.page.add_init_script(no_idle_time))

    def by(self, testid: str) -> Locator:
        """Return the element with this hook."""
        return self.page.get_by_test_id(testid)

    def field(self, name: str) -> Locator:
        """Return the form's field for this hyperparameter, and open the box that it is in."""
        field = self.page.locator(f"#field-{name}")
        if self.page.locator("#more", has=field).count():
            self.open_more()
        return field

    def go_to(self, tab: str) -> None:
        """Open one of a phone's tabs; on a wider screen everything is in sight."""
        if self.by(f"tab-{tab}").is_visible():
            self.by(f"tab-{tab}").click()

    def open_more(self) -> None:
        """Open the box with more settings."""
        if self.page.locator("#more:not([open])").count():
            self.by("more").click()

    def train(self) -> None:
        """Press the large button and wait until it trains, which a short run may be past."""
        self.train_without_waiting()
        expect(self.by("pause")).to_be_enabled()

    def train_without_waiting(self) -> None:
        """Press the large button on the start page; a short run may have ended by then."""
        self.by("train").click()
        self.page.wait_for_url(re.compile("/runs/"))

    def pause(self) -> None:
        """Press pause and wait until it holds."""
        self.by("pause").click()
        expect(self.by("train")).to_be_enabled()

    def epoch(self) -> int:
        """Return the number of epochs that the page shows."""
        return int(self.by("epoch").inner_text())

    def wait_for_epoch(self, epoch: int) -> None:
        """Wait until so many epochs are complete."""
        self.wait_until("n => Number(document.querySelector('#epoch').textContent) >= n", epoch)

    def wait_for_status(self, words: str) -> None:
        """Wait until the page says this of the run."""
        expect(self.by("status")).to_contain_text(words)

    def see_status(self, words: str) -> None:
        """Wait until the page says this of the run, even if only for a moment."""
        status = "document.querySelector('[data-testid=status]').textContent"
        self.wait_until(f"words => {status}.includes(words)", words)

    def wait_until(self, condition: str, argument: object = None) -> None:
        """Wait until a JavaScript condition holds in the page: an expression, or a function.

        (Playwright's own way makes code of text in the page, which its policy forbids.)
        """
        looking = f"""async ([argument, patience]) => {{
          for (const start = Date.now(); Date.now() - start < patience; ) {{
            const found = {condition};
            if (typeof found === "function" ? await found(argument) : found) return true;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }}
          return false;
        }}"""
        assert self.page.evaluate(looking, [argument, HANG]), f"not within {HANG} ms: {condition}"

    def wait_for_frames(self) -> None:
        """Wait until what was to be drawn is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def epochs_heard(self) -> list[dict[str, Any]]:
        """Return the figures of all epochs that came over the sockets, in the order they came.

        Those of the pretrained networks, which came with them, are left out.
        """
        heard = []
        for event in self.events:
            if event["type"] == "hello" and not event["run"]["pretrained"]:
                heard.extend(event["epochs"])
            elif event["type"] == "epoch":
                heard.append(event)
        return heard

    def wait_for_epoch_event(self, **figures: object) -> dict[str, Any]:
        """Wait until the figures of an epoch that has these among them have come."""

        def found() -> list[dict[str, Any]]:
            wanted = figures.items()
            return [e for e in self.epochs_heard() if all(e[name] == x for name, x in wanted)]

        while not found():
            self.wait_for_epoch(self.epoch() + 1)
        return found()[0]

    def draw(self, *strokes: Stroke) -> None:
        """Draw with the mouse."""
        for stroke in strokes:
            points = self.on_pad(stroke)
            self.page.mouse.move(*points[0])
            self.page.mouse.down()
            for point in points[1:]:
                self.page.mouse.move(*point)
            self.page.mouse.up()

    def on_pad(self, stroke: Stroke) -> list[tuple[float, float]]:
        """Return where the points of a stroke are on the screen."""
        pad = self.by("draw-pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]

    def picture(self, locator: Locator) -> str:
        """Return a canvas's picture, as text that differs when the picture does."""
        picture: str = locator.evaluate("canvas => canvas.toDataURL()")
        return picture

    def shades(self, locator: Locator) -> NDArray[np.float64]:
        """Return how light each pixel of a canvas is, row by row: 0 is the pad's black, 1 white."""
        png = base64.b64decode(self.picture(locator).partition(",")[2])
        red = np.asarray(Image.open(io.BytesIO(png)).getchannel("R"), float)
        return ((red - 10) / (245 - 10)).ravel()

    def server_reads(self, run: str) -> dict[str, Any]:
        """Return what the server reads on the pad, of which the page sends a second network's."""
        reader = self.by("reader")
        reader.select_option("")
        with self.page.expect_request("**/predict?*") as asked:
            reader.select_option("pretrained-large")
        png = asked.value.post_data_buffer
        assert png is not None
        answer = self.page.request.post(
            f"{self.url}/api/runs/{run}/predict?pad=true",
            data=png,
            headers={"Content-Type": "image/png"},
        )
        reading: dict[str, Any] = answer.json()
        return reading

    def first_tile(self) -> str:
        """Return the picture of the first neuron's weights, or of their nudge."""
        return self.picture(self.by("weight-tile").first.locator("canvas"))

    def wait_for_another_tile(self, before: str) -> None:
        """Wait until the picture of the first neuron is another one."""
        self.wait_until(
            "before => document.querySelector('.neuron canvas').toDataURL() !== before", before
        )

    def query(self) -> str:
        """Return the query of the page's address."""
        return self.page.url.partition("?")[2]
