"""Under any path, by whatever name, and whoever says so only if they are trusted."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

import httpx
import pytest
from pydantic import ValidationError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.settings import Settings
from tests.app.log_lines import lines, wait_for_line
from tests.server_process import ServerProcess
from tests.server_thread import StartServer, serving
from tests.servers import Server, get, post

HUB = "/user/x/proxy/8000"


def told(prefix: str) -> dict[str, str]:
    return {"X-Forwarded-Prefix": prefix}


def links(page: httpx.Response) -> list[str]:
    """Return what a page links to, of its hundred scripts only one."""
    found = re.findall(r'(?:src|href|action)="([^"#][^"]*)"', page.text)
    return [link for link in found if ".pure.js" not in link and ".view.js" not in link][:12]


def cookie_path(answer: httpx.Response) -> str:
    cookies = SimpleCookie(", ".join(answer.headers.get_list("set-cookie")))
    (path,) = {cookie["path"] for cookie in cookies.values()}
    return path


@pytest.mark.parametrize("path", ["/", "/runs/pretrained", "/runs/pretrained/", "/api/docs"])
@pytest.mark.parametrize(
    ("header", "prefix", "left_on"),
    [
        (HUB, HUB, ""),
        (HUB, HUB, HUB),
        (f"{HUB}/", HUB, "/"),
        ("nudge", "/nudge", "//nudge"),
        ("//nudge//", "/nudge", "/"),
        ("/hub, /nudge", "/hub/nudge", ""),
        ("/hub,/nudge/", "/hub/nudge", "/nudge"),
        ("/hub, , /nudge", "/hub/nudge", "/hub/nudge"),
        ("/a%40b", "/a%40b", "/a@b"),
        ("/classroom", "/classroom", ""),
    ],
)
def test_under_a_path_that_a_proxy_tells(
    server: Server, path: str, header: str, prefix: str, left_on: str
) -> None:
    """Whether the proxy takes its path off or leaves all or a part of it on."""
    page = get(f"{server.url}{left_on}{path}", headers=told(header))
    assert page.status_code == 200
    assert cookie_path(page) == prefix
    found = links(page)
    assert found
    for link in found:
        assert link.startswith(f"{prefix}/"), link
        asked = get(f"{server.url}{link.removeprefix(prefix)}", headers=told(header))
        assert asked.status_code == 200, link
    assert f'"root": "{prefix}/"' in page.text


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that has a classroom, too."""
    with serving(tmp_path_factory.mktemp("school"), classroom_token="only-the-teacher") as server:
        yield server


@pytest.mark.parametrize(
    "path", ["/", "/runs/pretrained", "/runs/pretrained/", "/api/docs", "/classroom"]
)
def test_under_a_path_that_nobody_tells(school: Server, path: str) -> None:
    page = get(f"{school.url}{path}")
    for link in links(page):
        seen = httpx.URL(f"https://school.example/nudge{path}").join(link)
        assert seen.path.startswith("/nudge/"), link
        there = school.url + seen.path.removeprefix("/nudge")
        assert get(there).status_code in (200, 405), link


@pytest.mark.parametrize(
    "header",
    ['/"><script>alert(1)</script>', "/a;Domain=evil.example", "/..", "/a, /%0d%0ab", "/a b"],
)
def test_a_path_that_could_be_anything_else_is_ignored(server: Server, header: str) -> None:
    page = get(server.url, headers=told(header))
    assert page.status_code == 200
    assert cookie_path(page) == "/"
    assert all(link.startswith("./") for link in links(page))


@pytest.fixture(scope="module")
def aloof(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Return a server with names, whose proxy is not here."""
    server = ServerProcess(
        0,
        {
            "store_dir": tmp_path_factory.mktemp("aloof"),
            "trusted_proxies": "192.0.2.1",
            "hosts": "nudge.example, *.school.example:8000, [::1]",
        },
    )
    yield server
    server.end()


def test_who_is_not_trusted_is_not_believed(aloof: ServerProcess) -> None:
    host = {"Host": "nudge.example"}
    page = get(aloof.url, headers=told("/nudge") | host)
    assert cookie_path(page) == "/"
    assert "/nudge/" not in page.text
    assert get(f"{aloof.url}/nudge/", headers=told("/nudge") | host).status_code == 404
    forwarded = {"Host": "127.0.0.1", "X-Forwarded-Host": "nudge.example"}
    assert get(aloof.url, headers=forwarded).status_code == 400
    refused = wait_for_line(aloof, event="refused", host="127.0.0.1")
    assert refused["forwarded_host"] == "nudge.example"
    assert refused["allow"] == "NUDGE_HOSTS=127.0.0.1 or NUDGE_TRUSTED_PROXIES=127.0.0.1"
    as_if = {**host, "X-Forwarded-Host": "evil.example", "Origin": "https://evil.example"}
    assert post(f"{aloof.url}/api/runs", headers=as_if).status_code == 403


@pytest.mark.parametrize(
    "host", ["NUDGE.example:1", "a.school.example", "[::1]:8000", "nudge.example."]
)
def test_a_name_covers_its_port_and_may_be_written_in_any_way(
    aloof: ServerProcess, host: str
) -> None:
    assert get(f"{aloof.url}/api/runs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("nudge.example:8443", "https://nudge.example:8443"),
        ("nudge.example", "https://nudge.example:8443"),  # a proxy has lost the port
        ("nudge.example:8000", "https://nudge.example"),  # a proxy has added its own
        ("nudge.example:443", "https://nudge.example"),
        ("nudge.example", "https://NUDGE.example:443"),
        ("[::1]:80", "http://[0:0:0:0:0:0:0:1]"),
    ],
)
def test_our_own_pages_pass_whatever_a_proxy_does_to_the_port(
    aloof: ServerProcess, host: str, origin: str
) -> None:
    headers = {"Host": host, "Origin": origin}
    assert post(f"{aloof.url}/api/runs/x/stop", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "origin",
    ["http://nudge.example:1", "https://a.nudge.example", "https://evil.example", "null"],
)
def test_other_pages_do_not(aloof: ServerProcess, origin: str) -> None:
    headers = {"Host": "nudge.example:8443", "Origin": origin}
    assert post(f"{aloof.url}/api/runs/x/stop", headers=headers).status_code == 403
    refused = wait_for_line(aloof, event="refused", origin=origin, host="nudge.example:8443")
    assert refused["allow"] == f"NUDGE_PUBLIC_ORIGIN={origin}"


def test_a_public_origin_is_ours_although_no_proxy_tells(
    start_server: StartServer,
) -> None:
    server = start_server(public_origin="https://Tunnel.example:8443/", hosts="localhost,127.0.0.1")
    ours = {"Origin": "https://tunnel.example:8443"}
    assert post(f"{server.url}/api/runs/x/stop", headers=ours).status_code == 404
    address = f"ws://127.0.0.1:{server.port}/api/runs/pretrained/live"
    with connect(address, additional_headers=ours) as socket:
        assert "hello" in str(socket.recv())
    for origin in ("https://tunnel.example", "http://tunnel.example:8443", "https://evil.example"):
        theirs = {"Origin": origin}
        assert post(f"{server.url}/api/runs/x/stop", headers=theirs).status_code == 403
        with pytest.raises(InvalidStatus):
            connect(address, additional_headers=theirs)
    named = get(server.url, headers={"Host": "tunnel.example:8443"})
    assert named.status_code == 200
    assert "; Secure" in named.headers["set-cookie"]
    assert "Secure" not in get(server.url).headers["set-cookie"]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that trusts the proxy on this machine, and has a name."""
    with serving(tmp_path_factory.mktemp("behind"), hosts="nudge.example") as server:
        yield server


@pytest.mark.parametrize(
    "forwarded",
    [
        {"X-Forwarded-Host": "nudge.example"},
        {"X-Forwarded-Host": "Nudge.Example:443"},
        {"X-Forwarded-Host": "nudge.example, 10.0.0.7:8000"},
        {"X-Forwarded-Host": "nudge.example,localhost"},
        {"X-Forwarded-Host": "nudge.example", "X-Forwarded-Port": "443"},
    ],
)
def test_a_trusted_proxy_tells_the_name(behind: Server, forwarded: dict[str, str]) -> None:
    headers = {"Host": "localhost:8000", "Origin": "https://nudge.example", **forwarded}
    assert post(f"{behind.url}/api/runs/x/stop", headers=headers).status_code == 404
    address = f"ws://127.0.0.1:{behind.port}/api/runs/pretrained/live"
    more = {name: value for name, value in headers.items() if name != "Host"}
    with connect(address, additional_headers=more) as socket:
        assert "hello" in str(socket.recv())


@pytest.mark.parametrize(
    ("host", "forwarded"),
    [
        ("evil.example", "nudge.example"),  # a name that somebody pointed at us, and a header
        ("nudge.example", "evil.example"),
        ("localhost", "nudge.example, evil.example"),
        ("localhost", "localhost"),
        ("localhost", "evil.example\t, nudge.example"),
    ],
)
def test_no_other_name_gets_in_with_it(behind: Server, host: str, forwarded: str) -> None:
    headers = {"Host": host, "X-Forwarded-Host": forwarded}
    assert get(f"{behind.url}/api/runs", headers=headers).status_code == 400


@pytest.mark.parametrize("value", ["https", "HTTPS", "https, http", "https,https", "wss"])
def test_the_first_proxy_saw_by_what_scheme_the_visitor_came(server: Server, value: str) -> None:
    page = get(server.url, headers={"X-Forwarded-Proto": value})
    assert "; Secure" in page.headers["set-cookie"]
    assert "strict-transport-security" in page.headers


def test_signing_in_leads_on_under_the_path(start_server: StartServer) -> None:
    server = start_server(access_token="open-sesame", root_path="nudge/")
    for left_on in ("", "/nudge"):
        form = get(f"{server.url}{left_on}/runs/pretrained?epochs=3")
        assert form.status_code == 401
        assert 'action="/nudge/login"' in form.text
        assert 'value="/runs/pretrained?epochs=3"' in form.text
        entered = {"token": "open-sesame", "to": "/runs/pretrained?epochs=3"}
        led_on = post(f"{server.url}{left_on}/login", data=entered)
        assert led_on.headers["location"] == "/nudge/runs/pretrained?epochs=3"
        assert cookie_path(led_on) == "/nudge"
        linked = get(f"{server.url}{left_on}/?token=open-sesame")
        assert linked.headers["location"] == "/nudge/"
        assert get(f"{server.url}{left_on}/static/login/login.css").status_code == 200
        assert get(f"{server.url}{left_on}/api/health").status_code == 200


@pytest.mark.parametrize("slash", ["/api//runs", "//api/runs", "/api/runs/", "/api/runs//"])
def test_slashes_more_or_less_make_no_difference(server: Server, slash: str) -> None:
    answer = get(server.url + slash)
    assert answer.status_code == 200
    assert answer.json()[0]["id"] == "pretrained"


def test_the_schema_says_where_the_server_is(server: Server) -> None:
    schema = get(f"{server.url}/api/openapi.json", headers=told("/nudge")).json()
    assert schema["servers"] == [{"url": "/nudge"}]
    assert "servers" not in get(f"{server.url}/api/openapi.json").json()


@pytest.mark.parametrize(
    ("name", "value"),
    [("root_path", "/a b"), ("public_origin", "nudge.example"), ("frame_ancestors", "*")],
)
def test_what_a_server_is_told_wrongly_it_says_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NUDGE_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_the_log_has_no_control_characters(aloof: ServerProcess) -> None:
    headers = {"Host": "evil.example", "Origin": "https://\x80\xff evil"}
    get(aloof.url, headers=[(k.encode(), v.encode("latin1")) for k, v in headers.items()])
    line = wait_for_line(aloof, event="refused", origin="https://?? evil")
    assert line["host"] == "evil.example"
    assert lines(aloof)
