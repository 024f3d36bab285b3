"""Pages, scripts and sheets on the wire: packed, with versions, and light."""

import gzip
import re
from pathlib import Path

import httpx
import pytest
from rcssmin import cssmin

from app.web.static_files import VersionedStaticFiles
from tests.app.clients import Client
from tests.servers import ROOT


def test_plotly_is_served_packed_to_those_who_can_unpack_it(client: Client) -> None:
    address = "/static/vendor/plotly.min.js"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert plain.headers["content-type"].startswith("text/javascript")
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as response:
        packed = b"".join(response.iter_raw())
    assert len(packed) < len(plain.content) / 2
    assert gzip.decompress(packed) == plain.content


def sent(client: Client, address: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Ask as a browser does; return the answer, and its body as it comes over the wire."""
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip", **headers}) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("address", ["/", "/static/page.css", "/static/shell/main.js"])
def test_pages_and_static_files_are_packed(client: Client, address: str) -> None:
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    response, body = sent(client, address)
    assert response.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["vary"]
    assert len(body) < len(plain.content) / 1.5
    assert gzip.decompress(body) == plain.content


@pytest.mark.parametrize("address", ["/static/page.css", "/static/shell/main.js"])
def test_what_a_browser_has_already_is_not_sent_again(client: Client, address: str) -> None:
    response, _ = sent(client, address)
    known = {"If-None-Match": response.headers["etag"]}
    again, body = sent(client, address, **known)
    assert (again.status_code, body) == (304, b"")


def test_the_page_has_every_sheet(client: Client) -> None:
    page = client.get("/static/page.css").text
    for path in (ROOT / "static").rglob("*.css"):
        folders = ("classroom", "login", "inside", "why", "surgery", "landscape", "docs", "sweep")
        loaded_apart = path.parent.name in folders
        assert (cssmin(path.read_text()) in page) is not loaded_apart, path


def test_a_script_has_all_its_texts(client: Client) -> None:
    """What takes the blanks out takes them out of a text within a text, too: there are none."""
    nested = re.compile(r"\$\{[^}`]*`[^`]*\s[^`]*`")
    for path in (ROOT / "static").rglob("*.js"):
        texts = nested.findall(path.read_text())
        served = client.get(f"/static/{path.relative_to(ROOT / 'static').as_posix()}").text
        assert [text for text in texts if text not in served] == [], path


def test_a_view_that_is_opened_later_is_loaded_later(client: Client) -> None:
    assert "/inside/" not in client.get("/").text.partition("</head>")[0]
    opened = client.get("/runs/pretrained/inside").text.partition("</head>")[0]
    assert "/inside/inside.view.js" in opened


@pytest.mark.parametrize("address", ["/api/runs/pretrained/checkpoint", "/api/openapi.json"])
def test_the_api_is_not_packed(client: Client, address: str) -> None:
    response, _ = sent(client, address)
    assert response.status_code == 200
    assert "content-encoding" not in response.headers


def test_the_page_is_light(client: Client) -> None:
    """All that it loads before somebody does something; Plotly comes later, by itself."""
    page, html = sent(client, "/")
    assert page.status_code == 200
    addresses = set(
        re.findall(r"""(?:src|href)=["']\.(/static/[^"']+)""", gzip.decompress(html).decode())
    )
    assert {"shell/main.js", "page.css"} <= {
        address.removeprefix("/static/").partition("/")[2] for address in addresses
    }
    assert not any("plotly" in address for address in addresses)
    loaded = [html, *(sent(client, address)[1] for address in addresses)]
    assert sum(map(len, loaded)) < 150 * 1024


def test_scripts_come_without_their_comments(client: Client) -> None:
    for path in (ROOT / "static").rglob("*.js"):
        served = client.get(f"/static/{path.relative_to(ROOT / 'static')}").text
        written = path.read_text()
        assert len(served) < 0.95 * len(written), path
        assert "@param" not in served, path
        for name in re.findall(r"export (?:async )?(?:function|const) (\w+)", written):
            assert name in served, path


def test_what_the_page_names_may_be_kept_for_good_and_other_versions_not(client: Client) -> None:
    named = re.findall(r'"\./static/(v-\w+)/([^"]+)"', client.get("/").text)
    assert {name for _, name in named} >= {"shell/main.js", "page.css"}
    for version, name in named:
        lasting = client.get(f"/static/{version}/{name}")
        assert "immutable" in lasting.headers["cache-control"]
        for other in ("v-0123456789abcdef/", ""):
            current = client.get(f"/static/{other}{name}")
            assert current.content == lasting.content
            assert "cache-control" not in current.headers


def test_a_file_that_changes_has_another_version(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    script = tmp_path / "js" / "main.js"
    script.write_text("1;")
    folder = VersionedStaticFiles(tmp_path)
    version = folder.version()
    assert version == folder.version() == VersionedStaticFiles(tmp_path).version()
    assert folder.headers_of(version)
    script.write_text("1; 2;")
    assert folder.version() != version
    assert not folder.headers_of(version)


def test_only_what_is_ours_is_served(client: Client) -> None:
    strange = ("/static/%00", f"/static/{'a' * 5000}")
    above = ("/static/../app/main.py", "/static/vendor/swagger-ui/..%2Fx")
    for path in ("/static/nothing", *above, *strange):
        assert client.get(httpx.URL(client.base_url, raw_path=path.encode())).status_code == 404
