import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.servers import PATIENCE, ROOT


def test_a_built_wheel_has_all_it_needs_and_runs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        file.extractall(installed)
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"app", "nn_core"}
    assert "app/templates/shell/index.html" in names
    assert "app/static/shell/main.js" in names

    # Everything but Nudge itself comes from this environment: -P keeps the checkout out of it.
    script = """
import sys
sys.path.insert(0, sys.argv[1])
import app.main, nn_core
assert app.__file__.startswith(sys.argv[1]), app.__file__
assert nn_core.__file__.startswith(sys.argv[1])
import asyncio, threading, uvicorn, httpx, time
server = uvicorn.Server(uvicorn.Config(app.main.create_app(), port=0, log_level="error"))
thread = threading.Thread(target=server.run)
thread.start()
while not server.started: time.sleep(0.01)
port = server.servers[0].sockets[0].getsockname()[1]
with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
    assert client.get("/").status_code == 200
    assert client.get("/static/shell/main.js").status_code == 200
    run = client.post("/api/runs", json={"epochs": 1}).json()["id"]
    while client.get(f"/api/runs/{run}").json()["status"] != "finished": time.sleep(0.01)
server.should_exit = True
thread.join()
print("it runs")
"""
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script, str(installed)],
        cwd=tmp_path,
        env={
            **os.environ,
            "NUDGE_CACHE_DIR": str(tmp_path / "cache"),
            "NUDGE_STORE_DIR": str(tmp_path / "store"),
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.stdout.endswith("it runs\n"), ran.stderr
