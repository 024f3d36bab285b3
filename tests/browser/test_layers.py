"""The hidden layers, changed in the picture of the network."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.playground import Playground


def spec_of(playground: Playground) -> Any:
    """Return the spec of the run that the address names."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    return playground.page.request.get(f"{playground.url}/api/runs/{run}").json()["spec"]


def hidden(playground: Playground) -> Any:
    """Return its hidden layers."""
    return spec_of(playground)["hidden"]


def test_a_neuron_more_is_a_new_network_at_once_with_the_settings_of_the_form(
    playground: Playground,
) -> None:
    playground.open()
    playground.by("layer-widen").first.click()
    expect(playground.by("weight-tile")).to_have_count(20)
    playground.wait_for_status("An untrained network")
    assert hidden(playground) == [20, 16]
    # The pretrained network's activation is another one: it learns with the form's settings.
    assert spec_of(playground)["activation"] == "sigmoid"
    expect(playground.by("layer-widen").first).to_be_focused()
    playground.page.keyboard.press("Shift+Tab")
    expect(playground.by("layer-narrow").first).to_be_focused()
    playground.page.keyboard.press("Enter")
    expect(playground.by("weight-tile")).to_have_count(16)


def test_layers_come_and_go_in_the_picture(playground: Playground) -> None:
    playground.open()
    playground.page.get_by_label("Add a layer after layer 2").click()
    expect(playground.by("layer-remove")).to_have_count(3)
    assert hidden(playground) == [16, 16, 16]
    playground.page.locator("#scene").get_by_label("Remove layer 1").click()
    expect(playground.by("layer-remove")).to_have_count(2)
    playground.page.get_by_label("Add a layer after the image").click()
    expect(playground.by("layer-remove")).to_have_count(3)
    for left in (2, 1, 0):
        playground.by("layer-remove").first.click()
        expect(playground.by("layer-remove")).to_have_count(left)
    assert hidden(playground) == []


def test_several_clicks_make_one_network(playground: Playground) -> None:
    playground.open()
    made: list[str] = []
    playground.page.on("request", lambda it: made.append(it.url) if it.method == "POST" else None)
    widen = playground.by("layer-widen").nth(1)
    widen.click(click_count=3, delay=10)
    expect(playground.page.get_by_label("Layer 2 #28", exact=True)).to_have_count(1)
    assert hidden(playground) == [16, 28]
    assert len([url for url in made if "/api/runs?" in url]) == 1


def test_the_network_that_is_shown_is_the_one_that_changes(playground: Playground) -> None:
    """Another network's layers are its own, whatever stands in the form."""
    playground.open("/runs/pretrained-large?hidden=4")
    playground.by("layer-remove").first.click()
    expect(playground.by("layer-remove")).to_have_count(1)
    assert hidden(playground) == [128]
