"""A server that knows its names, behind a proxy that it trusts, or doesn't."""

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.access.hosts import hosts_of
from app.settings import Settings
from tests.server_process import StartProcess
from tests.server_thread import serving
from tests.servers import Server, get

BY_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that has names, and trusts a proxy that is not here."""
    with serving(
        tmp_path_factory.mktemp("named"),
        hosts="nudge.example, *.school.example,::1",
        trusted_proxies="192.0.2.1",
    ) as server:
        yield server


@pytest.mark.parametrize(
    "host", ["nudge.example", "NUDGE.example:8000", "a.school.example", "[::1]:80"]
)
def test_it_answers_to_its_names(named: Server, host: str) -> None:
    assert get(f"{named.url}/api/runs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "school.example", "nudge.example.evil.example", "127.0.0.1", "[", ""]
)
def test_and_to_no_others(named: Server, host: str) -> None:
    with httpx.Client(base_url=named.url, headers={"Host": host}) as caller:
        for path in ("/", "/api/runs", "/static/favicon.svg"):
            refused = caller.get(path)
            assert refused.status_code == 400
            assert "NUDGE_HOSTS" in refused.json()["detail"]
        # Whatever keeps the server running calls it by any address.
        assert caller.get("/api/health").status_code == 200
    with pytest.raises(InvalidStatus) as caught:
        connect(f"ws://127.0.0.1:{named.port}/api/runs/pretrained/live")
    assert caught.value.response.status_code == 400


def test_behind_tls_cookies_are_secure_and_browsers_are_told_to_stay(server: Server) -> None:
    behind = get(server.url, headers=BY_TLS)
    assert "; Secure" in behind.headers["set-cookie"]
    assert "max-age" in behind.headers["strict-transport-security"]
    plain = get(server.url)
    assert "Secure" not in plain.headers["set-cookie"]
    assert "strict-transport-security" not in plain.headers


def test_who_is_no_trusted_proxy_is_not_believed(named: Server) -> None:
    answer = get(named.url, headers={"Host": "nudge.example", **BY_TLS})
    assert "Secure" not in answer.headers["set-cookie"]
    assert "strict-transport-security" not in answer.headers


def test_a_server_that_listens_on_this_machine_only_has_its_names_only(
    start_process: StartProcess,
) -> None:
    server = start_process()
    for host, status in (
        ("127.0.0.1", 200),
        ("localhost:8000", 200),
        ("[::1]", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
    ):
        assert httpx.get(f"{server.url}/api/runs", headers={"Host": host}).status_code == status


def test_one_that_listens_on_the_network_tells_what_to_set(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert hosts_of(Settings(), "0.0.0.0") == "*"
    assert "NUDGE_HOSTS" in caplog.text
    assert hosts_of(Settings(hosts="nudge.example"), "0.0.0.0") == "nudge.example"
    assert hosts_of(Settings(hosts="*"), "127.0.0.1") == "*"
