"""What the page asks of its server, asked through a proxy: files, calls, a socket, the docs."""

import re

import httpx
from websockets.sync.client import connect


def assert_passed_on(address: str) -> None:
    """Assert that all of it is there below this address, and leads nowhere else."""
    with httpx.Client(timeout=60) as client:
        for path in ("/", "/runs/pretrained", "/api/docs"):
            page = client.get(f"{address}{path}")
            assert page.status_code == 200
            links = re.findall(r'(?:src|href)="([^"#][^"]*)"', page.text)
            assert links
            for link in {page.url.join(link).copy_with(fragment=None) for link in links}:
                assert str(link).startswith(f"{address}/")
                assert client.get(link).status_code == 200, link
        spec = {"epochs": 1, "train_examples": 320, "hidden": [4]}
        run = client.post(f"{address}/api/runs?paused=true", json=spec).json()["id"]
        assert client.get(f"{address}/runs/{run}").status_code == 200
        assert client.post(f"{address}/api/runs/{run}/step").json()["step"] == 1
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        live = f"{address.replace('http', 'ws', 1)}/api/runs/{run}/live"
        with connect(live, additional_headers={"Cookie": cookies}) as socket:
            assert '"hello"' in str(socket.recv())
        assert client.delete(f"{address}/api/runs/{run}").status_code == 204
