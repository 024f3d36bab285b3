"""No text is cut, nothing overlaps or scrolls sideways, on any screen that people have."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.playground import Playground

FAULTS = Path(__file__).with_name("faults.js").read_text()

# 1,440 pixels at a zoom of 200 % are 720 of the page's.
SIZES = [(1280, 720), (1366, 768), (1440, 900), (1536, 864), (1920, 1080), (720, 450), (1024, 768),
         (390, 844)]  # fmt: skip


def resize(playground: Playground, width: int, height: int) -> None:
    """Give the window another size, and wait until everything is in its place."""
    playground.page.set_viewport_size({"width": width, "height": height})
    playground.wait_for_frames()
    playground.wait_for_frames()


def faults(playground: Playground) -> list[str]:
    """Return what is wrong with the texts that can be seen: on a phone those of all tabs."""
    if not playground.by("tab-draw").is_visible():
        return list(playground.page.evaluate(FAULTS))
    found = []
    for tab in ("network", "curves", "draw"):
        playground.by(f"tab-{tab}").click()
        playground.wait_for_frames()
        found += [f"{tab}: {fault}" for fault in playground.page.evaluate(FAULTS)]
    return found


def on_all_screens(playground: Playground, state: str) -> list[str]:
    """Return what is wrong in this state on each size of the screen."""
    found = []
    for size in SIZES:
        resize(playground, *size)
        found += [f"{state}, {size}: {fault}" for fault in faults(playground)]
    resize(playground, 1440, 900)
    return found


def test_all_texts_can_be_read_on_all_screens(playground: Playground) -> None:
    playground.open(charts=True)
    playground.wait_until("window.Plotly")
    wrong = on_all_screens(playground, "opened")
    playground.by("weight-tile").nth(5).click()
    expect(playground.by("slope-words")).to_contain_text("∂C/∂θ")
    wrong += on_all_screens(playground, "nudged")
    playground.by("slope-all").click()
    playground.by("inspector").get_by_role("button", name="Close").click()
    playground.field("hidden").fill("300, 16")
    playground.field("epochs").fill("2")
    playground.page.keyboard.press("Escape")
    playground.page.locator("#pace").press("End")
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    expect(playground.page.locator("#gradient-length")).to_contain_text("1,000 digits")
    wrong += on_all_screens(playground, "trained")
    assert wrong == []


def test_the_settings_can_be_read_on_all_screens_and_faults_are_found(
    playground: Playground,
) -> None:
    playground.open()
    wrong = {}
    for size in SIZES:
        resize(playground, *size)
        if playground.by("tab-network").is_visible():
            playground.by("tab-network").click()
        playground.open_more()
        in_box = [fault for fault in playground.page.evaluate(FAULTS) if "overlap" not in fault]
        if in_box:
            wrong[size] = in_box
        playground.page.keyboard.press("Escape")
    assert wrong == {}

    resize(playground, 1440, 900)
    assert playground.page.evaluate(FAULTS) == []
    playground.page.evaluate(
        """() => { document.querySelector("#status-run").parentElement.style =
          "white-space: nowrap; overflow: hidden; width: 80px" }"""
    )
    assert any("cut sideways" in fault for fault in playground.page.evaluate(FAULTS))
    playground.page.evaluate(
        """() => { document.querySelector("#status-run").parentElement.style =
          "position: relative; top: 24px" }"""
    )
    assert any("overlap" in fault for fault in playground.page.evaluate(FAULTS))


def test_other_colours_and_another_density_redraw_everything(playground: Playground) -> None:
    playground.open()
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light, tile = playground.page.evaluate(ground), playground.first_tile()
    playground.page.emulate_media(color_scheme="dark")
    playground.wait_for_another_tile(tile)
    assert playground.page.evaluate(ground) != light
    session = playground.page.context.new_cdp_session(playground.page)
    widths = "[...document.querySelectorAll('#edges, #gradient-canvas')].map((one) => one.width)"
    single = playground.page.evaluate(widths)
    other = {"width": 1440, "height": 901, "mobile": False, "deviceScaleFactor": 2}
    session.send("Emulation.setDeviceMetricsOverride", other)
    playground.wait_until(
        f"(before) => {widths}.every((width, i) => width > 1.9 * before[i])", single
    )
