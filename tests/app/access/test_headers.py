"""The security headers of the answers; how a browser obeys them is in tests/browser/test_policy."""

import httpx
import pytest

from tests.server_process import Server


@pytest.mark.parametrize(
    "path",
    ["/", "/runs/pretrained", "/api/docs", "/api/runs", "/static/shell/main.js", "/static/nothing"],
)
def test_every_answer_has_them(server: Server, path: str) -> None:
    headers = httpx.get(server.url + path).headers
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
