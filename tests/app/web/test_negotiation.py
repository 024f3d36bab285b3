import pytest
from starlette.datastructures import Headers

from app.web.negotiation import accepts_gzip, has_already


@pytest.mark.parametrize(
    "value",
    [
        "gzip",
        "GZIP",
        "x-gzip",
        "br, gzip",
        "gzip;q=0.001",
        "gzip ; Q=1.000",
        "*",
        "br;q=0, *;q=0.1",
    ],
)
def test_gzip_is_accepted(value: str) -> None:
    assert accepts_gzip(Headers({"accept-encoding": value}))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "identity",
        "br",
        "gzip;q=0",
        "gzip; q=0.000",
        "gzip;q = 0",
        "*;q=0",
        "gzip;q=0, *",
        "*, gzip;q=0.0",
        "gzip;q=none",
        "notgzip",
    ],
)
def test_gzip_is_not_accepted(value: str) -> None:
    assert not accepts_gzip(Headers({"accept-encoding": value}))


def test_several_headers_are_one_list() -> None:
    lines = [(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip;q=0")]
    assert not accepts_gzip(Headers(raw=lines))
    assert accepts_gzip(Headers(raw=[*lines[:1], (b"accept-encoding", b"gzip")]))
    assert not accepts_gzip(Headers())


@pytest.mark.parametrize("value", ['"a"', 'W/"a"', '"b", "a"', "*"])
def test_a_version_that_is_there_already(value: str) -> None:
    assert has_already(Headers({"if-none-match": value}), '"a"')


@pytest.mark.parametrize("value", ["", '"b"', "a", '"ab"'])
def test_a_version_that_is_not(value: str) -> None:
    assert not has_already(Headers({"if-none-match": value}), '"a"')
