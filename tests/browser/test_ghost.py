"""Until somebody touches the page, it writes digits on the pad and reads them."""

from playwright.sync_api import expect

from tests.browser.playground import ONE, Playground


def has_one_stroke(playground: Playground) -> None:
    """Assert that to take one back leaves none."""
    playground.by("undo").click()
    expect(playground.by("undo")).to_be_disabled()
    expect(playground.by("prediction")).to_be_empty()


def test_the_opened_page_writes_and_reads_digit_after_digit(playground: Playground) -> None:
    asked: list[str] = []
    playground.page.on("request", lambda request: asked.append(request.url))
    playground.open(ghost=True)
    answer = playground.by("prediction")
    for digit in ("3", "7", "2"):
        expect(answer).to_have_text(digit)
        expect(answer).to_have_attribute("aria-live", "off")
        playground.wait_until("Number(document.querySelector('.output span').textContent) >= 0")
    assert not any("/api/runs/" in url and "/predict" in url for url in asked)


def test_a_person_who_draws_has_the_pad_alone(playground: Playground) -> None:
    playground.open(ghost=True)
    expect(playground.by("prediction")).to_have_text("3")
    playground.draw(ONE)
    expect(playground.by("prediction")).to_have_text("1")
    expect(playground.by("prediction")).to_have_attribute("aria-live", "polite")
    has_one_stroke(playground)


def test_whatever_is_touched_it_stops_with_a_whole_digit_and_makes_room_later(
    playground: Playground,
) -> None:
    playground.open(ghost=True)
    expect(playground.by("undo")).to_be_enabled()  # it has begun
    playground.page.keyboard.press("Tab")
    expect(playground.by("prediction")).to_have_text("3")
    before = playground.picture(playground.by("draw-pad"))
    playground.by("show-activations").check(force=True)
    playground.wait_for_frames()
    assert playground.picture(playground.by("draw-pad")) == before
    playground.draw(ONE)
    expect(playground.by("prediction")).to_have_text("1")
    has_one_stroke(playground)
    playground.page.reload()
    expect(playground.by("weight-tile").first).to_be_visible()
    playground.wait_for_frames()
    expect(playground.by("prediction")).to_be_empty()
    playground.open("/runs/pretrained/inside", ghost=True)
    expect(playground.by("inside-said")).to_contain_text("Step 1 of")
    expect(playground.by("truth")).to_contain_text("read as")  # not a digit of the ghost's


def test_where_no_motion_is_wanted_one_digit_stands_there(playground: Playground) -> None:
    playground.page.emulate_media(reduced_motion="reduce")
    playground.open(ghost=True)
    expect(playground.by("prediction")).to_have_text("3")
    before = playground.picture(playground.by("draw-pad"))
    playground.wait_for_frames()
    assert playground.picture(playground.by("draw-pad")) == before


def test_a_page_that_trains_or_guides_is_left_alone(playground: Playground) -> None:
    playground.open("/?tour=1", ghost=True)
    playground.wait_for_frames()
    expect(playground.by("prediction")).to_be_empty()
