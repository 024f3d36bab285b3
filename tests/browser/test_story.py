"""A step, told moment by moment."""

import json
import re

from playwright.sync_api import expect

from nn_core import checkpoints
from tests.browser.playground import Playground


def begin(playground: Playground, query: str = "") -> None:
    """Open the page and make a new, untrained network."""
    playground.open(f"/?{query}", motion=True)
    playground.by("reset").click()
    playground.wait_for_status("An untrained network")
    # Its weights come a little later.
    while not playground.frames or checkpoints.read_metadata(playground.frames[-1])["step"] != "0":
        playground.wait_for_frames()


def settled_tile(playground: Playground) -> str:
    """Return the picture of the first neuron once it no longer changes."""
    before, tile = "", playground.first_tile()
    while tile != before:
        for _ in range(10):
            playground.wait_for_frames()
        before, tile = tile, playground.first_tile()
    return tile


# What is seen in the moment in which the story tells of the error: on a slow machine it is over
# before anybody could ask the page for it.
SEE_THE_ERROR = """() => {
  const status = document.querySelector("[data-testid=status]");
  const look = () => {
    if (!status.textContent.includes("The error:")) return requestAnimationFrame(look);
    const errors = [...document.querySelectorAll(".bar .error")];
    requestAnimationFrame(() => {  // once all of it is drawn
      window.atTheError = {
        tile: document.querySelector(".neuron canvas").toDataURL(),
        errors: errors.filter((error) => error.checkVisibility()).length,
      };
    });
  };
  look();
}"""


def test_a_step_is_told_from_its_digits_to_its_nudge(playground: Playground) -> None:
    begin(playground)
    weights = settled_tile(playground)
    playground.page.evaluate(SEE_THE_ERROR)
    playground.by("step").click()
    playground.see_status("Step 1: 32 digits go in. This one is a")
    expect(playground.by("story-batch").locator("canvas")).to_have_count(16)
    playground.see_status("Forward:")
    playground.see_status("The error:")
    playground.see_status("Backward:")
    playground.see_status("The nudge: 13,002 parameters move.")
    playground.wait_for_status("Paused after step 1.")
    seen = playground.page.evaluate("window.atTheError")
    assert seen == {"tile": weights, "errors": 10}  # the network is still the one before the step
    expect(playground.by("story-batch")).to_be_hidden()
    descent = json.loads(checkpoints.read_metadata(playground.frames[-1])["descent"])
    costs = f"{descent['cost']:#.3g} → {descent['after']:#.3g}"
    playground.wait_for_status(f"The cost of its 32 digits: {costs}.")
    playground.wait_for_another_tile(weights)


def test_the_first_step_of_a_new_network_is_told_but_keeps_nobody_waiting_who_draws(
    playground: Playground,
) -> None:
    playground.open(motion=True)
    playground.by("step").click()
    playground.see_status("Step 1: 32 digits go in.")
    playground.draw([(0.5, 0.2), (0.5, 0.8)])
    expect(playground.by("story-batch")).to_be_hidden()
    expect(playground.by("prediction")).to_have_text(re.compile(r"^\d$"))
    playground.wait_for_status("Paused after step 1.")


def test_a_fast_run_tells_no_stories_and_a_slow_one_does(playground: Playground) -> None:
    begin(playground, "steps_per_second=1&epochs=null")
    playground.by("train").click()
    playground.see_status("digits go in")
    playground.see_status("Backward")
    playground.by("pace").fill("40")
    playground.wait_for_status("Training: each step")
    expect(playground.by("story-batch")).to_be_hidden()
    playground.pause()
