"""The token forms: they redirect only within this server; one makes a visitor a teacher."""

from collections.abc import Iterator

import pytest

from tests.app.clients import Client
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, npz
from tests.server_thread import serving
from tests.servers import Server, get, post

TOKEN = "only-the-teacher"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that has a classroom, and is open to everybody."""
    with serving(tmp_path_factory.mktemp("school"), classroom_token=TOKEN) as server:
        yield server


@pytest.fixture
def student(school: Server) -> Iterator[Client]:
    """Return somebody who trains there."""
    with Client(base_url=school.url) as student:
        yield student


@pytest.fixture
def teacher(school: Server) -> Iterator[Client]:
    """Return somebody who has shown the token in the form."""
    with Client(base_url=school.url) as teacher:
        shown = teacher.post("/classroom/login", data={"token": TOKEN})
        assert shown.next_request is not None
        assert shown.next_request.url == f"{school.url}/classroom"
        yield teacher


def test_a_teacher_may_pause_and_stop_any_run_and_change_none(
    student: Client, teacher: Client
) -> None:
    run = student.run(epochs=None, train_examples=320, steps_per_second=200)
    paused = teacher.command(run, "pause")
    assert (paused["status"], paused["yours"]) == ("paused", False)
    for method, path, body in (
        ("POST", "/resume", None),
        ("POST", "/step", None),
        ("PATCH", "", {"learning_rate": 0.1}),
        ("POST", "/nudge", {"index": 0, "amount": 0.1, "apply": True}),
        ("DELETE", "", None),
    ):
        refused = teacher.request(method, f"/api/runs/{run}{path}", json=body)
        assert refused.status_code == 403
    assert teacher.command(run, "stop")["status"] == "stopped"
    assert student.get(f"/api/runs/{run}").json()["yours"]


def test_a_teacher_with_the_token_in_a_header_may_as_well(student: Client, school: Server) -> None:
    run = student.run(epochs=None, train_examples=320, steps_per_second=200)
    address = f"{school.url}/api/runs/{run}/stop"
    refused = post(address, headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 403
    stopped = post(address, headers={"Authorization": f"Bearer {TOKEN}"})
    assert stopped.json()["status"] == "stopped"


def test_a_teacher_may_delete_anybodys_data(student: Client, teacher: Client) -> None:
    file = npz(images=IMAGES, labels=LABELS)
    assert student.post("/api/datasets?name=a-students", content=file).status_code == 201
    assert teacher.delete("/api/datasets/a-students").status_code == 204


def test_a_wrong_token_makes_nobody_a_teacher(student: Client) -> None:
    for token in ("wrong", "", TOKEN.upper(), f"{TOKEN} "):
        refused = student.post("/classroom/login", data={"token": token, "to": "/classroom"})
        assert refused.status_code == 401
        assert "This token is wrong." in refused.text
        assert not any("classroom" in name for name in student.cookies)


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: a=b",
        "/../evil",
        "/runs/..",
        "/./",
    ],
)
def test_the_form_leads_nowhere_else(student: Client, school: Server, to: str) -> None:
    led_on = student.post("/classroom/login", data={"token": TOKEN, "to": to})
    assert led_on.headers["location"] == "../"
    assert led_on.next_request is not None
    assert led_on.next_request.url == f"{school.url}/"


def test_a_link_leads_nowhere_else(school: Server) -> None:
    for path in ("//evil.example", "/%5Cevil.example", "/%09/evil.example"):
        led_on = get(f"{school.url}{path}?token={TOKEN}")
        assert led_on.status_code == 303
        assert led_on.headers["location"].startswith(("./", "../"))
        assert led_on.next_request is not None
        assert f"{led_on.next_request.url}".startswith(f"{school.url}/")


def test_where_nothing_asks_for_a_token_there_is_no_form(server: Server, school: Server) -> None:
    for address in (f"{server.url}/login", f"{server.url}/classroom/login", f"{school.url}/login"):
        missing = post(address, data={"token": TOKEN})
        assert missing.status_code == 404
        assert missing.json()["detail"] == "nothing here asks for a token"
