import re

import pytest

from tests.app.clients import Client

HOOKS = [
    "draw-pad", "clear-pad", "prediction", "train", "pause", "step", "reset", "learning-rate",
    "batch-size", "epoch", "cost-chart", "accuracy-chart", "gradient-chart", "network",
]  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/runs/pretrained", "/runs/pretrained/inside", "/api/docs"])
def test_a_page_loads_nothing_from_another_host(client: Client, path: str) -> None:
    page = client.get(path)
    addresses = re.findall(r"""(?:src|href)=["']([^"'#][^"']*)""", page.text)
    assert addresses
    for address in addresses:
        there = page.url.join(address)
        assert (there.host, there.port) == (page.url.host, page.url.port), address
        assert client.get(there).status_code == 200, address


@pytest.mark.parametrize("path", ["/", "/runs/pretrained"])
@pytest.mark.parametrize("hook", HOOKS)
def test_the_served_page_has_its_hooks(client: Client, path: str, hook: str) -> None:
    assert f'data-testid="{hook}"' in client.get(path).text


@pytest.mark.parametrize("path", ["/", "/api/docs"])
def test_nothing_in_a_page_is_inline(client: Client, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or 'type="application/json"' in attributes


def test_a_runs_name_in_the_address_can_not_become_code(client: Client) -> None:
    html = client.get("/runs/%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert "<script>alert" not in html


def test_the_schema_states_defaults_and_bounds(client: Client) -> None:
    schema = client.get("/api/openapi.json").json()["components"]["schemas"]["RunSpec"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["epochs"]["default"] == 30
    assert "sgd: 1 with squared-error" in schema["properties"]["learning_rate"]["description"]
