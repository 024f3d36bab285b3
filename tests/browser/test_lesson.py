"""A lesson in a browser: a task of the sheet, present mode, the teacher's page and a pupil's."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.app.clients import ENDLESS, Client
from tests.browser.playground import Playground
from tests.browser.test_accessibility import assert_accessible
from tests.server_thread import serving
from tests.servers import PATIENCE, Server

TOKEN = "the teacher's own words"

WORDS_BELOW = """least => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("script, .unseen, .skip-link, .brand, noscript")) continue;
    const { height, width } = element.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom;
    if (height > 1 && width > 1 && size && size < least - 0.1) found.push([words, size]);
  }
  return found;
}"""  # the words in sight that are smaller than so many pixels, with their size


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server with a classroom."""
    with serving(tmp_path_factory.mktemp("school"), classroom_token=TOKEN) as server:
        yield server


@pytest.fixture
def teacher(school: Server) -> Iterator[Client]:
    """Return the teacher, over HTTP."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with Client(base_url=school.url, timeout=PATIENCE, headers=headers) as teacher:
        yield teacher


def test_a_task_asks_before_the_run_starts(playground: Playground) -> None:
    playground.open("/?lesson=2")
    expect(playground.by("lesson")).to_contain_text("Task 2 of 4")
    expect(playground.by("learning-rate")).to_have_value("1000")
    expect(playground.by("preset")).to_be_hidden()  # it is called divergence
    expect(playground.by("reads-right")).to_be_hidden()
    assert_accessible(playground.page, "a task", '[data-testid="lesson"]')
    playground.by("train").click()
    expect(playground.by("status")).to_contain_text("Answer the task's question first")
    playground.by("lesson-answers").get_by_label("grow beyond all bounds").check()
    expect(playground.by("reads-right")).to_be_visible()
    playground.page.set_viewport_size({"width": 390, "height": 844})
    playground.by("lesson-change").click()
    expect(playground.by("learning-rate")).to_be_focused()
    expect(playground.by("learning-rate")).to_be_in_viewport()
    playground.page.set_viewport_size({"width": 1440, "height": 900})
    playground.by("lesson-notes").fill("It flew away.")
    playground.train_without_waiting()
    playground.wait_for_status("iverged")
    expect(playground.by("lesson-notes")).to_have_value("It flew away.")
    playground.page.reload()  # at the run's own address by now
    expect(playground.by("lesson-notes")).to_have_value("It flew away.")
    expect(playground.by("lesson-answers").get_by_label("grow beyond all bounds")).to_be_checked()
    expect(playground.by("lesson-next")).to_have_attribute("href", re.compile("lesson=3"))


def test_present_is_large_and_steered_by_keys(playground: Playground) -> None:
    page = playground.page
    page.set_viewport_size({"width": 1280, "height": 720})
    playground.open("/?present")
    expect(playground.by("learning-rate")).to_be_hidden()
    expect(playground.by("cost-chart")).to_be_visible()
    expect(playground.by("draw-pad")).to_be_visible()
    expect(playground.by("prediction")).to_be_visible()
    small = page.evaluate(WORDS_BELOW, 24)
    assert small == []
    assert_accessible(page, "present")
    page.keyboard.press("p")
    expect(playground.by("learning-rate")).to_be_visible()
    page.keyboard.press("p")
    expect(playground.by("learning-rate")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(playground.by("learning-rate")).to_be_visible()


def assert_presented(wall: Page) -> None:
    """Present the wall: it is large, without controls, and Escape leads back."""
    wall.get_by_test_id("present").click()
    expect(wall.get_by_test_id("pause-all")).to_be_hidden()
    expect(wall.get_by_test_id("tile").locator(".who")).to_have_text("Ada")
    small = wall.evaluate(WORDS_BELOW, 24)
    assert small == []
    wall.keyboard.press("Escape")
    expect(wall.get_by_test_id("pause-all")).to_be_visible()


def test_a_pupil_comes_in_and_hears_the_teacher(
    page: Page, school: Server, teacher: Client, expected_problems: list[str]
) -> None:
    expected_problems.append("409")
    page.goto(f"{school.url}/class?code=wrong")
    page.get_by_test_id("nickname").fill("Ada")
    page.get_by_test_id("join").click()
    expect(page.get_by_test_id("wrong-code")).to_contain_text("not the lesson's code")
    expect(page.get_by_test_id("code")).to_be_focused()
    assert_accessible(page, "coming in")
    wall = page.context.browser.new_page()  # type: ignore[union-attr]
    wall.set_extra_http_headers({"Authorization": f"Bearer {TOKEN}"})
    wall.goto(f"{school.url}/classroom?token={TOKEN.replace(' ', '%20')}")
    code = wall.get_by_test_id("lesson-code")
    expect(code).to_have_text(re.compile("[a-z]{5}"))
    page.get_by_test_id("code").fill(code.inner_text())
    page.get_by_test_id("join").click()
    playground = Playground(page, school.url)
    expect(playground.by("weight-tile").first).to_be_visible()
    playground.by("train").click()
    expect(wall.get_by_test_id("tile")).to_contain_text("Ada")
    expect(wall.get_by_test_id("tasks")).to_have_text("1 pupil is here")

    wall.get_by_test_id("reason").fill("eyes to the front")
    wall.get_by_test_id("pause-all").click()
    expect(playground.by("held")).to_contain_text("eyes to the front")
    expect(playground.by("train")).to_be_enabled()
    playground.by("train").click()
    expect(playground.by("status")).to_contain_text("Your teacher has paused all runs: eyes")
    expect(wall.get_by_test_id("pause-all")).to_have_text("Let all go on")
    wall.get_by_test_id("pause-all").click()
    expect(playground.by("told")).to_be_hidden()
    expect(playground.by("status")).not_to_contain_text("paused all runs")

    wall.get_by_test_id("send-text").fill("Now try this")
    wall.get_by_test_id("send-preset").select_option("divergence")
    wall.get_by_test_id("send").click()
    expect(playground.by("sent")).to_contain_text("Now try this")
    expect(playground.by("sent-link")).to_have_attribute("href", re.compile("learning_rate=1000"))
    assert_accessible(page, "told by the teacher", '[data-testid="told"]')
    assert_accessible(wall, "the lesson on the wall")
    expect(wall.get_by_test_id("unreachable")).to_contain_text("--host 0.0.0.0")
    assert_presented(wall)

    other = teacher.run(**ENDLESS)
    mine = page.url
    teacher.post("/api/classroom/show", json={"run": other, "look": True})
    expect(page).to_have_url(re.compile(other))
    teacher.post("/api/classroom/show", json={"run": None})
    expect(page).to_have_url(re.compile(mine.partition("?")[0]))

    assert_lesson_ends(playground, wall)
    wall.close()


def assert_lesson_ends(playground: Playground, wall: Page) -> None:
    """Be at a task, which the wall tells of, until the lesson is over."""
    playground.open("/?lesson=1")
    expect(playground.field("seed")).not_to_have_value("0")  # each pupil's network is another one
    expect(wall.get_by_test_id("tasks")).to_have_text("1 pupil is here, 1 at task 1")
    playground.by("lesson-answers").get_by_label("about 9").check()
    wall.get_by_test_id("reveal").click()
    expect(wall.get_by_test_id("guesses")).to_contain_text("about 9: 1")
    wall.on("dialog", lambda asks: asks.accept())
    wall.get_by_test_id("end-lesson").click()
    expect(playground.by("sent")).to_contain_text("The lesson is over")


def test_the_run_that_the_teacher_shows(page: Page, school: Server, teacher: Client) -> None:
    def show(run: str | None) -> None:
        assert teacher.post("/api/classroom/show", json={"run": run}).is_success

    playground = Playground(page, school.url)
    playground.open("/?epochs=null&steps_per_second=200&hidden=4&train_examples=320&seed=3")
    playground.train()
    own = page.url.partition("?")[0]
    playground.pause()
    banner = playground.by("teacher-banner")
    expect(banner).to_be_hidden()
    show("pretrained-large")
    expect(banner).to_contain_text("Your teacher is showing a run.")
    playground.by("teacher-dismiss").click()
    expect(banner).to_be_hidden()
    show("pretrained")
    expect(banner).to_be_visible()
    show("pretrained-large")
    expect(playground.by("teacher-watch")).to_have_attribute("href", re.compile("large$"))
    playground.by("teacher-watch").click()
    page.wait_for_url("**/runs/pretrained-large")
    expect(banner).to_contain_text("This is the run that your teacher is showing.")
    playground.by("teacher-back").click()
    page.wait_for_url(own)
    expect(banner).to_be_hidden()
    expect(playground.field("seed")).to_have_value("3")
    show("pretrained")
    expect(banner).to_be_visible()
    show(None)
    expect(banner).to_be_hidden()


def test_the_sheet_has_four_tasks(page: Page, school: Server) -> None:
    page.goto(f"{school.url}/sheet")
    expect(page.get_by_test_id("sheet").locator("section")).to_have_count(4)
    answer = page.get_by_text("from 0.5 on none does")
    expect(answer).to_be_visible()
    page.emulate_media(media="print")
    expect(answer).to_be_hidden()
    page.emulate_media(media="screen")
    assert_accessible(page, "the sheet")
