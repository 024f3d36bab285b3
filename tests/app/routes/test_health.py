import asyncio

import httpx

from app.main import create_app
from app.settings import Settings
from tests.app.clients import Client


def test_it_can_serve(client: Client) -> None:
    response = client.get("/api/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_it_says_why_it_can_not() -> None:
    class BrokenStore:
        def problems(self) -> list[str]:
            return ["the database can't be written: no space left on device", "and more"]

    async def ask() -> httpx.Response:
        app = create_app(Settings())
        app.state.store = BrokenStore()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/api/health")

    response = asyncio.run(ask())
    assert response.status_code == 503
    assert "no space left on device; and more" in response.json()["detail"]
