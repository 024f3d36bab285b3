"""How fast the page is, in a real Chromium: ``make bench-page``.

While a run of full MNIST trains at full speed: the animation frames per second of the page that
watches it, beside those of an empty page with one animated canvas, by turns; the long tasks once
Plotly has drawn its first charts; the time from the pen to the painted reading. And before it,
while nothing trains: the first contentful paint, and the bytes of the page without Plotly.
"""

import statistics

from playwright.sync_api import Browser, Page
from rich.console import Console

from benchmarks.chromium import chromium, points_on_pad, wait_until
from benchmarks.serving import serving

LOADS = 5
PAIRS = 4
SECONDS = 5  # of each turn
STROKES = 4
MOVES = 25  # of the pen, in each stroke

EMPTY = """<!doctype html><title>empty</title><canvas width="600" height="400"></canvas><script>
const context = document.querySelector("canvas").getContext("2d");
requestAnimationFrame(function draw(time) {
  context.clearRect(0, 0, 600, 400);
  context.fillRect(300 + 250 * Math.cos(time / 500), 200, 40, 40);
  requestAnimationFrame(draw);
});
</script>"""

FRAMES = """milliseconds => new Promise((resolve) => {
  let frames = 0;
  const begun = performance.now();
  requestAnimationFrame(function count(time) {
    frames += 1;
    if (time - begun < milliseconds) requestAnimationFrame(count);
    else resolve((1000 * frames) / (time - begun));
  });
})"""

WATCH_LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  }).observe({ type: "longtask" });
}"""

# From a move of the pen to the frame in which its reading is painted, with the picture of what the
# network sees. A task that is posted in a frame runs after that frame has been painted.
WATCH_READINGS = """() => {
  window.latencies = [];
  let moved = null;
  const pad = document.querySelector("[data-testid=draw-pad]");
  const follow = ({ buttons, timeStamp }) => buttons && (moved ??= timeStamp);
  pad.addEventListener("pointermove", follow, { capture: true });
  const image = document.querySelector("[data-testid=scene-image]").getContext("2d");
  const put = image.putImageData;
  image.putImageData = (...picture) => {
    put.apply(image, picture);
    if (moved === null) return;
    const from = moved;
    moved = null;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => latencies.push(performance.now() - from);
    port2.postMessage(null);
  };
}"""


def first_load(browser: Browser, url: str) -> tuple[float, float]:
    """Return the milliseconds to the first contentful paint, and the KiB before any interaction."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on(
        "Network.requestWillBeSent",
        lambda e: addresses.update({e["requestId"]: e["request"]["url"]}),
    )
    network.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(url)
    page.wait_for_selector("[data-testid=weight-tile]")
    page.wait_for_load_state("networkidle")
    paint: float = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    context.close()
    return paint, sum(size for key, size in sizes.items() if "plotly" not in addresses[key]) / 1024


def share_of_frames(page: Page, empty: Page, console: Console) -> float:
    """Return which share of an empty page's animation frames a page has, by turns: the median."""
    shares = []
    for _ in range(PAIRS):
        empty.bring_to_front()
        most = empty.evaluate(FRAMES, 1000 * SECONDS)
        page.bring_to_front()
        page.wait_for_timeout(500)
        frames = page.evaluate(FRAMES, 1000 * SECONDS)
        shares.append(frames / most)
        console.print(f"animation frames per second: {frames:.1f}, an empty page {most:.1f}")
    return statistics.median(shares)


def latencies(page: Page) -> list[float]:
    """Draw, a move of the pen at a time; return the milliseconds until each reading was painted."""
    page.evaluate(WATCH_READINGS)
    points = points_on_pad(page)
    for _ in range(STROKES):
        page.get_by_test_id("clear-pad").evaluate("button => button.click()")
        page.mouse.move(*points[0])
        page.mouse.down()
        for i in range(1, MOVES + 1):
            before: int = page.evaluate("latencies.length")
            leg, share = divmod(3 * i / (MOVES + 1), 1)
            (x0, y0), (x1, y1) = points[int(leg)], points[int(leg) + 1]
            page.mouse.move(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
            wait_until(page, "before => latencies.length > before", before)
        page.mouse.up()
    measured: list[float] = page.evaluate("latencies")
    return measured


def main() -> None:
    """Print the figures."""
    console = Console()
    with serving() as server, chromium() as browser:
        loads = [first_load(browser, server.url) for _ in range(LOADS)]
        paint, size = (statistics.median(figures) for figures in zip(*loads, strict=True))
        console.print(
            f"first contentful paint: {paint:.0f} ms; before any interaction {size:.0f} KiB"
        )

        dataset = (
            "mnist"
            if any(
                d["name"] == "mnist" and d["available"]
                for d in server.request("GET", "/api/datasets")
            )
            else "digits-5k"
        )
        run = server.train(dataset=dataset, epochs=1000)
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.set_content(EMPTY)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{server.url}/runs/{run}")
        wait_until(page, "document.querySelectorAll('.plot .main-svg').length >= 3")
        page.wait_for_timeout(2000)
        page.evaluate(WATCH_LONG_TASKS)
        share = share_of_frames(page, empty, console)
        console.print(f"of the empty page's: {share:.2f}")
        empty.close()
        measured = latencies(page)
        console.print(
            f"pen to painted reading: median {statistics.median(measured):.0f} ms, "
            f"95th percentile {statistics.quantiles(measured, n=20)[-1]:.0f} ms of {len(measured)}"
        )
        tasks: list[float] = page.evaluate("longTasks")
        console.print(f"long tasks: {len(tasks)}, the longest {max(tasks, default=0):.0f} ms")


if __name__ == "__main__":
    main()
