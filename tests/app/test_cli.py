import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from safetensors.numpy import load_file

from tests.server_process import PATIENCE, ROOT


def nudge(*arguments: str | Path, cache_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "NUDGE_CACHE_DIR": str(cache_dir)},
        capture_output=True,
        text=True,
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


def test_every_hyperparameter_can_be_given(cache_dir: Path) -> None:
    trained = nudge(
        *("train", "--hidden", "8,4", "--activation", "relu,tanh", "--output", "softmax"),
        *("--cost", "cross-entropy", "--optimizer", "adam", "--learning-rate", "0.01"),
        *("--batch-size", "full", "--epochs", "2", "--l1", "1e-5", "--l2", "1e-4"),
        *("--dropout", "0.1", "--initializer", "he", "--train-examples", "100", "--seed", "3"),
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
        (["train", "--dataset", "mnist"], 2, "not on this server"),
        (["train", "--save", "no-such-folder/x.safetensors"], 1, "no-such-folder"),
        (["predict", "no-such.png", "--network", "no-such.safetensors"], 1, "no-such.safetensors"),
        (["predict", "x.png"], 2, "--network"),
        (["predict", "README.md", "--network", "README.md"], 1, "README.md: not a safetensors"),
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
    assert result.stderr == "nudge: README.md: the body is not a PNG image\n"


def test_broken_settings_are_told() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "NUDGE_MAX_RUNS": "many"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("nudge: NUDGE_MAX_RUNS:")
