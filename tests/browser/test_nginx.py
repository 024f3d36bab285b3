"""The page behind a real nginx, under a path, configured as the README says."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.playground import SEVEN, Playground
from tests.passed_on import assert_passed_on
from tests.servers import ROOT, Server, wait_until

MAP = "map $http_upgrade $connection_upgrade { default upgrade; '' ''; }"


def location_in_readme() -> str:
    """Return the README's ``location /nudge/``."""
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"^location /nudge/ \{.*?^\}", readme, re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


# The path is taken off by the slash behind proxy_pass's address. Without that it is left on; and
# with a location that does not end in a slash, every path begins with two.
VARIANTS: dict[str, Callable[[str], str]] = {
    "as in the README": lambda text: text,
    "left on": lambda text: text.replace("8000/;", "8000;"),
    "untold": lambda text: re.sub(r".*X-Forwarded-Prefix.*\n", "", text),
    "two slashes": lambda text: text.replace("location /nudge/", "location /nudge"),
}


@pytest.fixture
def nginx(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address below which nginx serves the shared server."""
    executable = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if executable is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    location = VARIANTS[request.param](location_in_readme()).replace("8000", str(server.port))
    folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{name}_temp_path {tmp_path}/{name};" for name in folders)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log stderr;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}\n{MAP}\n"
        f"server {{\nlisten 127.0.0.1:{port};\n{location}\n}}\n}}\n"
    )
    command = [executable, "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def is_up() -> bool:
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(f"nginx ended: {process.stderr.read()}")
        with socket.socket() as trying:
            return trying.connect_ex(("127.0.0.1", port)) == 0

    wait_until(is_up, "nginx listens")
    yield f"http://127.0.0.1:{port}/nudge"
    process.terminate()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


@pytest.mark.parametrize("nginx", VARIANTS, indirect=True)
def test_all_that_a_page_asks_for_is_passed_on(nginx: str) -> None:
    assert_passed_on(nginx)


@pytest.mark.parametrize("nginx", ["as in the README"], indirect=True)
def test_the_page_works_behind_nginx(nginx: str, page: Page) -> None:
    playground = Playground(page, nginx)
    playground.open("/?epochs=null&steps_per_second=200&hidden=4&train_examples=320", charts=True)
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.train()
    assert page.url.startswith(f"{nginx}/runs/")
    playground.wait_for_epoch(2)
    playground.pause()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    playground.leave_charts_out()
    page.reload()
    playground.wait_for_status("Paused")
    assert all(address.startswith(nginx.replace("http", "ws")) for address in playground.sockets)
    page.get_by_role("link", name="nudge").first.click()
    expect(page).to_have_url(f"{nginx}/")
    page.goto(f"{nginx}/api/docs")
    expect(page.get_by_text("/api/health", exact=True)).to_be_visible()
    page.goto("about:blank")
