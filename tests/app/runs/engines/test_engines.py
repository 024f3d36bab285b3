"""What is true of the engines without Ray: the default does not need it, and says what does."""

import os
import subprocess
import sys

from tests.servers import ROOT


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, "serve", "--port", "0"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ray_is_not_imported_by_a_server_that_trains_on_it() -> None:
    code = (
        "import sys, app.main, app.runs.engines.on_ray.engine; "
        "print({name.partition('.')[0] for name in sys.modules} & {'ray'})"
    )
    assert run(code).stdout == "set()\n"


def test_an_engine_that_is_not_installed_is_told_in_one_line() -> None:
    code = (
        "import app.runs.engines as e; e.find_spec = lambda _: None; import app.cli as c; c.main()"
    )
    done = run(code, NUDGE_ENGINE="ray")
    assert done.returncode == 1
    assert done.stderr.startswith("nudge: NUDGE_ENGINE=ray needs the package ray: pip install")
    assert done.stderr.count("\n") == 1


def test_memory_is_limited_without_what_the_process_has_and_maps() -> None:
    code = (
        "import mmap; from app.operating_system import limit_further_memory; "
        "had = bytearray(300 * 2**20); limit_further_memory(100 * 2**20); "
        "mapped = mmap.mmap(-1, 300 * 2**20); more = bytearray(50 * 2**20); "
        "print('so far'); bytearray(100 * 2**20)"
    )
    done = run(code)
    assert done.stdout == "so far\n"
    assert "MemoryError" in done.stderr
