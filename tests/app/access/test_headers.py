"""The security headers of the answers; how a browser obeys them is in tests/browser/test_policy."""

import pytest

from tests.server_thread import StartServer
from tests.servers import Server, get, post


@pytest.mark.parametrize(
    "path",
    ["/", "/runs/pretrained", "/api/docs", "/api/runs", "/static/shell/main.js", "/static/nothing"],
)
def test_every_answer_has_them(server: Server, path: str) -> None:
    headers = get(server.url + path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    styles = policy["style-src"].split()
    assert styles[0] == "'self'"
    assert all(style.startswith("'sha256-") for style in styles[1:])


def test_a_named_site_may_show_our_pages_in_a_frame(start_server: StartServer) -> None:
    server = start_server(frame_ancestors="https://moodle.example.org/, https://*.school.example")
    for path in ("/", "/api/docs"):
        page = get(server.url + path)
        assert "x-frame-options" not in page.headers
        policy = page.headers["content-security-policy"]
        sites = "https://moodle.example.org https://*.school.example"
        assert policy.endswith(f"frame-ancestors {sites}")
    # In such a frame a browser sends a cookie only if it is said to be meant so, over TLS.
    by_tls = get(server.url, headers={"X-Forwarded-Proto": "https"})
    assert by_tls.headers["set-cookie"].endswith("SameSite=None; Secure; Partitioned")
    assert get(server.url).headers["set-cookie"].endswith("SameSite=Lax")
    # The page in the frame is ours, but one of the site around it isn't.
    theirs = {"Origin": "https://moodle.example.org"}
    assert post(f"{server.url}/api/runs", headers=theirs).status_code == 403


def test_nobody_else_may(server: Server) -> None:
    page = get(server.url)
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")
