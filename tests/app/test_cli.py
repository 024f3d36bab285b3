import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from math import prod
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
from PIL import Image, ImageDraw
from safetensors.numpy import load_file
from threadpoolctl import threadpool_limits

from app.cli import cli, main
from app.runs.spec import SpecError
from nn_core.datasets import Library
from nn_core.datasets.registry import FILES
from tests.mirror import Mirror
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, npz
from tests.pictures import file_of, seven
from tests.servers import PATIENCE, ROOT


class Told(NamedTuple):
    """What a command has told."""

    returncode: int
    stdout: str
    stderr: str


def nudge(*arguments: str | Path, cache_dir: Path, **environment: str) -> Told:
    """Run the command in this process, in an environment of its own."""
    compiled = os.environ["NUMBA_CACHE_DIR"]  # compiled once for all tests: see conftest.py
    environment |= {"PATH": "/usr/bin:/bin", "NUDGE_CACHE_DIR": str(cache_dir)}
    environment |= {"NUMBA_CACHE_DIR": compiled}
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2)]
    with (
        patch.dict(os.environ, environment, clear=True),
        patch("sys.argv", ["nudge", *map(str, arguments)]),
        redirect_stdout(streams[0]),
        redirect_stderr(streams[1]),
        chdir(ROOT),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    for stream in streams:
        stream.seek(0)
    return Told(int(ended.value.code or 0), *(stream.read() for stream in streams))


def nudge_as_a_process(
    *arguments: str | bytes | Path, code: str = "from app.cli import main; main()", **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(os.fsencode, arguments)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **env},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def test_train_then_predict(tmp_path: Path, cache_dir: Path) -> None:
    file = tmp_path / "digits.safetensors"
    trained = nudge("train", "--epochs", "10", "--save", file, cache_dir=cache_dir)
    assert trained.returncode == 0, trained.stderr
    rows = [line.split() for line in trained.stdout.splitlines()]
    assert [row[0] for row in rows[:11]] == ["epoch", *map(str, range(1, 11))]
    assert float(rows[10][1]) < float(rows[1][1])  # the cost
    assert load_file(file)["weights.0"].shape == (16, 784)

    image = Image.new("L", (100, 100))
    ImageDraw.Draw(image).line((50, 10, 50, 90), 255, 8)
    image.save(tmp_path / "one.png")
    read = nudge("predict", tmp_path / "one.png", "--network", file, cache_dir=cache_dir)
    assert read.returncode == 0, read.stderr
    assert f"{tmp_path / 'one.png'}: 1 (" in read.stdout


@pytest.mark.usefixtures("compiled_loops")
def test_every_hyperparameter_can_be_given(cache_dir: Path) -> None:
    trained = nudge(
        *("train", "--hidden", "8,4", "--activation", "relu,tanh", "--output", "softmax"),
        *("--cost", "cross-entropy", "--optimizer", "adam", "--learning-rate", "0.01"),
        *("--batch-size", "full", "--epochs", "2", "--l1", "1e-5", "--l2", "1e-4"),
        *("--dropout", "0.1", "--initializer", "he", "--train-examples", "100", "--seed", "3"),
        "--compiled",
        cache_dir=cache_dir,
    )
    assert trained.returncode == 0, trained.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "Missing command"),
        (["learn"], 2, "learn"),
        (["train", "--optimizer", "adagrad"], 2, "optimizer"),
        (["train", "--learning-rate", "nan"], 2, "learning-rate"),
        (["train", "--learning-rate", "fast"], 2, "--learning-rate"),
        (["train", "--hidden", "16,many"], 2, "many"),
        (["train", "--hidden", "0"], 2, "hidden"),
        (["train", "--epochs", "-1"], 2, "epochs"),
        (["train", "--dataset", "mnist"], 2, "not on this server yet"),
        (["train", "--save", "no-such-folder/x.safetensors"], 1, "no-such-folder"),
        (["predict", "no-such.png", "--network", "no-such.safetensors"], 1, "no-such.safetensors"),
        (["predict", "x.png"], 2, "--network"),
        (["predict", "README.md", "--network", "README.md"], 1, "README.md: not a safetensors"),
        (["download", "letters"], 1, "'letters'; there are digits-5k, mnist"),
        (["serve", "--port", "99999"], 2, "65535"),
        (
            ["train", "--learning-rate", "1000", "--activation", "identity",
             "--output", "softmax", "--cost", "cross-entropy"],
            1,
            "smaller learning rate",
        ),
    ],
)  # fmt: skip
def test_an_error_is_one_line_and_an_exit_code(
    cache_dir: Path, arguments: list[str], code: int, words: str
) -> None:
    result = nudge(*arguments, cache_dir=cache_dir)
    assert result.returncode == code, result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("nudge: ")
    assert words in last
    assert "Traceback" not in result.stderr


def test_a_picture_that_is_none_is_named(tmp_path: Path, cache_dir: Path) -> None:
    network = tmp_path / "n.safetensors"
    assert nudge("train", "--epochs", "1", "--save", network, cache_dir=cache_dir).returncode == 0
    result = nudge("predict", "README.md", "--network", network, cache_dir=cache_dir)
    assert result.returncode == 1
    assert result.stderr == "nudge: README.md: this is not a PNG, JPEG or WebP image\n"


def test_broken_settings_are_told(cache_dir: Path) -> None:
    result = nudge("serve", "--port", "0", cache_dir=cache_dir, NUDGE_MAX_RUNS="many")
    assert result.returncode == 2
    assert result.stderr.startswith("nudge: NUDGE_MAX_RUNS:")


def test_download_without_a_name_lists_the_data_sets(cache_dir: Path) -> None:
    listed = nudge("download", cache_dir=cache_dir, COLUMNS="120")
    assert listed.returncode == 0, listed.stderr
    rows = {line.split()[0]: line.rstrip() for line in listed.stdout.splitlines()}
    assert rows["digits-5k"].endswith("yes")
    assert rows["mnist"].endswith("no: 12 MB")
    assert "CC BY-SA 4.0" in rows["kmnist"]


def test_what_the_data_directory_lacks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for file in ("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images-idx3-ubyte.gz"):
        (folder / file).touch()
    monkeypatch.setenv("NUDGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NUDGE_CACHE_DIR", str(tmp_path / "cache"))
    lacks = f"{folder} has no t10k-labels-idx1-ubyte"
    cli(["download"], standalone_mode=False)
    listed = capsys.readouterr().out.splitlines()
    assert f"mnist: {lacks}" in listed
    assert f"kmnist: there is no folder {tmp_path / 'data' / 'kmnist'}" in listed
    with pytest.raises(SpecError, match=f"download it first, or complete .*: {lacks}"):
        cli(["train", "--dataset", "mnist"], standalone_mode=False)


def test_what_is_here_is_not_downloaded(cache_dir: Path) -> None:
    assert nudge("download", "digits-5k", cache_dir=cache_dir).stdout == (
        "digits-5k is here already.\n"
    )


def test_download_then_train(tmp_path: Path, mnist_data_dir: Path) -> None:
    files = {f"mnist/{name}": (mnist_data_dir / "mnist" / name).read_bytes() for name in FILES}
    with Mirror(files) as mirror:
        downloaded = nudge("download", "mnist", cache_dir=tmp_path, NUDGE_MIRROR=mirror.address)
    assert downloaded.returncode == 0, downloaded.stderr
    assert f"mnist is in {tmp_path / 'mnist'}" in downloaded.stdout.replace("\n", "")
    arguments = ("train", "--dataset", "mnist", "--train-examples", "100", "--epochs", "1")
    assert nudge(*arguments, cache_dir=tmp_path).returncode == 0


def test_a_download_that_fails_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with Mirror({f"kmnist/{FILES[0]}": b"cut"}) as mirror:
        mirror.cut_after = 1
        result = nudge("download", "kmnist", cache_dir=tmp_path, NUDGE_MIRROR=mirror.address)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("nudge: kmnist can't be downloaded")
    assert f"{mirror.address}/kmnist/{FILES[0]} broke off" in last
    assert "NUDGE_DATA_DIR/kmnist" in last
    assert "Traceback" not in result.stderr


def test_data_of_ones_own_is_trained_with_and_read_at_its_shape(tmp_path: Path) -> None:
    file, network, image = (tmp_path / name for name in ("x.npz", "n.safetensors", "i.png"))
    Image.new("L", (40, 40)).save(image)  # nothing is drawn, which is told once it is scaled
    for shape, words in (
        ((50, 4, 4), "the drawing is empty"),
        ((50, 24), "does not read pictures"),
    ):
        name = f"mine-{len(shape)}"
        file.write_bytes(npz(images=IMAGES.ravel()[: prod(shape)].reshape(shape), labels=LABELS))
        Library(cache_dir=tmp_path).add(file, name)
        arguments = ("train", "--dataset", name, "--epochs", "1", "--save", network)
        assert nudge(*arguments, cache_dir=tmp_path).returncode == 0
        read = nudge("predict", image, "--network", network, cache_dir=tmp_path)
        assert read.returncode == 1
        assert words in read.stderr


@pytest.mark.parametrize(
    "terminal",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda terminal: ",".join(terminal.values()),
)
def test_no_terminal_breaks_what_is_told(tmp_path: Path, terminal: dict[str, str]) -> None:
    network, picture = tmp_path / "é→.safetensors", tmp_path / "sieben→é.png"
    picture.write_bytes(file_of(seven()))
    calls: list[tuple[tuple[str | Path, ...], int]] = [
        (("train", "--epochs", "1", "--train-examples", "100", "--save", network), 0),
        (("predict", picture, "--network", network), 0),
        (("predict", tmp_path / "é.png", "--network", network), 1),
        (("train", "--dataset", "數"), 2),
        (("train", "--help"), 0),
        (("download", "ü"), 1),
    ]
    spoken = [word for arguments, _ in calls for word in (*arguments, "then")]
    result = nudge_as_a_process(
        *spoken, code=ONE_AFTER_THE_OTHER, NUDGE_CACHE_DIR=str(tmp_path), **terminal
    )
    assert b"Traceback" not in result.stderr, result.stderr
    assert result.stdout.split()[-len(calls) :] == [b"%d" % code for _, code in calls]
    assert result.returncode == 0, result.stderr
    assert network.exists()


ONE_AFTER_THE_OTHER = """
import sys
from app.cli import main
words, codes = sys.argv[1:], []
while words:
    end = words.index("then")
    sys.argv[1:] = words[:end]
    del words[:end + 1]
    try:
        main()
    except SystemExit as ended:
        codes.append(ended.code)
print(*codes)
"""


def test_a_name_that_is_no_text_breaks_nothing(tmp_path: Path) -> None:
    picture = os.fsencode(tmp_path) + b"/\xff.png"
    Path(os.fsdecode(picture)).write_bytes(file_of(seven()))
    network = ROOT / "nn_core" / "pretrained" / "pretrained.safetensors"
    result = nudge_as_a_process("predict", picture, "--network", network)
    assert result.returncode == 0, result.stderr
    assert b": 7 (" in result.stdout


def test_the_same_seed_gives_the_same_file_whatever_the_threads(tmp_path: Path) -> None:
    files = []
    for threads in (1, 4):
        file = tmp_path / str(threads)
        with threadpool_limits(threads, user_api="blas"):
            trained = nudge(
                *("train", "--hidden", "256,128", "--batch-size", "full", "--epochs", "2"),
                *("--save", file),
                cache_dir=tmp_path,
            )
        assert trained.returncode == 0, trained.stderr
        files.append(file.read_bytes())
    assert files[0] == files[1]
