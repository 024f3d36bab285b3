"""Addresses from outside are read strictly, or not at all."""

import pytest

from app.addresses import Host, Origin, frame_ancestor, path_prefix


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("", ""),
        ("/", ""),
        ("//", ""),
        ("/nudge", "/nudge"),
        ("/nudge/", "/nudge"),
        ("nudge", "/nudge"),
        (" //user//x/proxy/8000// ", "/user/x/proxy/8000"),
        ("/user/a%40b.org/v1.2_x~y", "/user/a%40b.org/v1.2_x~y"),
        ("//evil.example", "/evil.example"),  # a path on the same host
    ],
)
def test_a_path(text: str, prefix: str) -> None:
    assert path_prefix(text) == prefix


@pytest.mark.parametrize(
    "text",
    [
        '/"><script>',
        "/a'b",
        "/a b",
        "/a;b",
        "/a?b",
        "/a#b",
        "/a\\b",
        "/\\evil.example",
        "/..",
        "/a/../b",
        "/./a",
        "/%2e%2e/a",
        "/a%2fb",
        "/a%5cb",
        "/a%0d%0aSet-Cookie:x",
        "/a%00",
        "/a%3bb",
        "/a%",
        "/a%zz",
        "/%ff",
        "/a\r\nb",
        "/ä",
        "/" + 600 * "a",
    ],
)
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match=r"path|decode"):
        path_prefix(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Nudge.Example", Host("nudge.example")),
        ("nudge.example.:8000", Host("nudge.example", 8000)),
        ("127.0.0.1:80", Host("127.0.0.1", 80)),
        ("[::1]", Host("::1")),
        ("[0:0:0:0:0:0:0:1]:8000", Host("::1", 8000)),
        ("my_service:1", Host("my_service", 1)),
    ],
)
def test_a_host(text: str, host: Host) -> None:
    assert Host.parse(text) == host
    assert Host.parse(str(host)) == host


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..b", "a b", "a@b", "a/b", "[", "[::1", "[::g]", "a:b", "a:99999", "ä.de", "::1"],
)
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Host.parse(text)


def test_an_origin_is_at_a_host_whose_port_may_go_without_saying() -> None:
    origin = Origin.parse("HTTPS://Nudge.example")
    assert str(origin) == "https://nudge.example"
    assert origin.is_at(Host("nudge.example"))
    assert origin.is_at(Host("nudge.example", 443))
    assert not origin.is_at(Host("nudge.example", 80))
    assert not origin.is_at(Host("other.example"))


@pytest.mark.parametrize(
    "text", ["null", "", "file://a", "https://a/b", "https://u@a", "https://", "a"]
)
def test_what_is_no_origin(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Origin.parse(text)


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://Moodle.example.org/", "https://moodle.example.org"),
        ("https://*.school.example:8443", "https://*.school.example:8443"),
        ("moodle.example.org:*", "moodle.example.org:*"),
        ("self", "'self'"),
    ],
)
def test_a_site_that_may_embed(text: str, site: str) -> None:
    assert frame_ancestor(text) == site


@pytest.mark.parametrize(
    "text",
    ["*", "https://", "https://*", "https:", "data:", "https://a/b", "a;script-src", "'none'"],
)
def test_what_is_no_site(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        frame_ancestor(text)
