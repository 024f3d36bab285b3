"""The page keeps to the policy that its headers set: Chromium has nothing to report."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.playground import SEVEN, Playground
from tests.servers import Server

REPORT = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (violation) => {
    violations.push(`${violation.effectiveDirective}: ${violation.blockedURI}`);
  });
"""


def violations(page: Page) -> list[str]:
    """Return what Chromium has reported in this page."""
    page.wait_for_timeout(0)  # a report is a task of its own, after what it is about
    reported: list[str] = page.evaluate(
        "() => new Promise((resolve) => setTimeout(() => resolve(violations)))"
    )
    return reported


def test_the_whole_page_keeps_to_it(playground: Playground) -> None:
    page = playground.page
    page.add_init_script(REPORT)
    playground.open("/?epochs=40&train_examples=320", charts=True)
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.train()
    page.wait_for_selector("#cost-chart .main-svg")
    playground.by("cost-chart").hover()
    playground.by("log-scale").click()
    playground.by("step").click()
    playground.by("train").click()
    page.locator("#pace").press("End")
    playground.wait_for_status("Finished")
    playground.by("weight-tile").first.hover()
    playground.by("nudge-index").fill("7421")
    page.locator("#closer").scroll_into_view_if_needed()
    page.wait_for_selector("[data-testid=confusion] td")
    page.locator("#figures summary").click()
    for opened, dialog in (("help", "help-dialog"), ("as-code", "code-dialog")):
        if opened == "as-code":
            playground.open_more()
        playground.by(opened).click()
        expect(playground.by(dialog)).to_be_visible()
        page.keyboard.press("Escape")
    playground.by("tour").click()
    expect(playground.by("tour-card")).to_be_visible()
    assert violations(page) == []


def test_the_apis_page_keeps_to_it(page: Page, server: Server) -> None:
    page.add_init_script(REPORT)
    page.goto(f"{server.url}/api/docs")
    expect(page.get_by_text("/api/runs/{run_id}/predict")).to_be_visible()
    page.locator(".opblock-summary-control", has_text="/api/health").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute", exact=True).click()
    expect(page.locator(".live-responses-table tbody .response-col_status")).to_contain_text("200")
    page.locator(".opblock-summary-control", has_text="/api/runs").first.click()
    assert violations(page) == []


INJECTED = {
    "script-src-elem: inline": """
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.body.append(script);
    """,
    "style-src-elem: inline": """
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      document.body.append(style);
    """,
    "style-src-attr: inline": "document.body.setAttribute('style', 'display: none')",
    "script-src-attr: inline": "document.body.setAttribute('onclick', 'window.injected = true')",
    "script-src: eval": "setTimeout(() => { try { Function('1')() } catch {} })",
    "img-src: https://evil.example/secret.png": "new Image().src = 'https://evil.example/secret.png'",
    "connect-src: https://evil.example/": "fetch('https://evil.example/').catch(() => {})",
    "connect-src: wss://evil.example/": "new WebSocket('wss://evil.example/')",
    "base-uri: https://evil.example/": """
      const base = document.createElement("base");
      base.href = "https://evil.example/";
      document.head.append(base);
    """,
}


@pytest.mark.parametrize("expected_problems", [["Content Security Policy", "https://evil.example"]])
@pytest.mark.parametrize("path", ["/", "/api/docs"])
def test_what_somebody_slips_into_a_page_is_stopped_and_reported(
    page: Page, server: Server, path: str
) -> None:
    page.add_init_script(REPORT)
    page.goto(server.url + path)
    for report, injected in INJECTED.items():
        page.evaluate(f"() => {{ {injected} }}")
        Playground(page, server.url).wait_until("report => violations.includes(report)", report)
    assert page.evaluate("window.injected") is None
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
