"""One's own data sets: private, looked at, shared."""

import numpy as np

from tests.app.clients import Client
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, npz
from tests.servers import PATIENCE, Server


def test_uploaded_data_are_private_until_they_are_shared(client: Client, server: Server) -> None:
    added = client.post("/api/datasets?name=mine", content=npz(images=IMAGES, labels=LABELS))
    assert added.status_code == 201, added.text
    assert (added.json()["yours"], added.json()["shared"]) == (True, False)

    def names(caller: Client, query: str = "") -> list[str]:
        return [each["name"] for each in caller.get(f"/api/datasets{query}").json()]

    with Client(base_url=server.url, timeout=PATIENCE) as other:
        other.get("/api/visitor")
        assert "mine" in names(client)
        assert "mine" not in names(other, "?with=mine")
        for path in ("/preview", "/test/0"):
            assert other.get(f"/api/datasets/mine{path}").status_code == 404
        for spec in ({"dataset": "mine"}, {"extra_dataset": "mine"}):
            refused = other.post("/api/runs", json=spec)
            assert refused.status_code == 422
            (problem,) = refused.json()["detail"]
            assert problem["loc"] == ["body", *spec]
        assert "mine" not in other.post("/api/runs", json={"dataset": "nothing"}).text
        assert other.post("/api/datasets/mine/share").status_code == 403
        run = client.run(dataset="mine", hidden=[4], epochs=1, steps_per_second=0.01)
        client.command(run, "pause")
        for call in ("copy", "fork"):  # they would train on it
            assert other.post(f"/api/runs/{run}/{call}").status_code == 404
        assert other.post("/api/datasets/mine/download").status_code == 404  # it tells the names
        archive = client.get("/api/runs/export").content
        imported = other.post("/api/runs/import", content=archive)
        assert imported.status_code == 422
        assert "no data set of yours is called 'mine'" in imported.text

        shown = client.get("/api/datasets/mine/preview").json()
        assert [each["label"] for each in shown] == list(range(len(shown)))
        assert all(1 <= len(each["images"]) <= 4 for each in shown)

        assert client.post("/api/datasets/mine/share").json()["shared"]
        assert "mine" not in names(other)
        assert "mine" in names(other, "?with=mine")
        assert other.get("/api/datasets/mine/preview").status_code == 200
        assert other.delete("/api/datasets/mine").status_code == 403
        copied = other.post(f"/api/runs/{run}/copy")
        assert copied.status_code == 201
        assert other.delete(f"/api/runs/{copied.json()['id']}").status_code == 204
    assert client.delete(f"/api/runs/{run}").status_code == 204
    assert client.delete("/api/datasets/mine").status_code == 204


def test_a_look_at_large_images_of_many_classes_is_small(client: Client) -> None:
    images, labels = np.zeros((512, 128, 128), np.uint8), np.arange(512) % 256
    name = client.post("/api/datasets", content=npz(images=images, labels=labels)).json()["name"]
    preview = client.get(f"/api/datasets/{name}/preview")
    assert len(preview.content) < 2**21
    shown = preview.json()
    assert len(shown) == 256
    assert [len(each["images"]) for each in shown] == [1] * 64 + [0] * 192
    assert client.delete(f"/api/datasets/{name}").status_code == 204
