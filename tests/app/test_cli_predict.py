"""nudge predict: which pictures it reads, and as what."""

from pathlib import Path

import numpy as np
from PIL import Image

from nn_core import checkpoints
from nn_core.datasets import Library
from tests.app.test_cli import nudge
from tests.nn_core.datasets.uploaded_files import npz
from tests.pictures import clothes, file_of, photograph, seven, write_dataset
from tests.servers import ROOT


def test_a_picture_that_can_not_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    network = ROOT / "nn_core" / "pretrained" / "pretrained.safetensors"
    for name in ("a", "c"):
        (tmp_path / f"{name}.png").write_bytes(file_of(seven()))
    (tmp_path / "b.png").write_bytes(b"no picture")
    pictures = [tmp_path / f"{name}.png" for name in ("a", "b", "missing", "c")]
    result = nudge("predict", *pictures, "--network", network, cache_dir=tmp_path)
    assert result.returncode == 1
    read = [line.partition(": ") for line in result.stdout.splitlines()]
    assert [(name, digit[0]) for name, _, digit in read] == [
        (str(tmp_path / "a.png"), "7"),
        (str(tmp_path / "c.png"), "7"),
    ]
    assert result.stderr == (
        f"nudge: {tmp_path / 'b.png'}: this is not a PNG, JPEG or WebP image\n"
        f"nudge: {tmp_path / 'missing.png'}: No such file or directory\n"
    )


def test_what_was_done_to_a_picture_is_told(tmp_path: Path) -> None:
    network = ROOT / "nn_core" / "pretrained" / "pretrained-large.safetensors"
    (tmp_path / "photo.jpg").write_bytes(file_of(photograph("lamp"), "JPEG"))
    result = nudge("predict", tmp_path / "photo.jpg", "--network", network, cache_dir=tmp_path)
    assert result.returncode == 0
    assert ": 7 (" in result.stdout
    assert "swapped" in result.stderr
    assert "uneven" in result.stderr


def test_a_network_says_itself_what_it_reads_and_what_its_classes_are_called(
    tmp_path: Path,
) -> None:
    """Its data set is not asked: it may be gone."""
    images, labels = clothes(60)
    write_dataset(tmp_path / "data" / "fashion-mnist", images, labels, tests=10)
    network, old, picture = (tmp_path / name for name in ("n.safetensors", "old", "shirt.png"))
    trained = nudge(
        *("train", "--dataset", "fashion-mnist", "--epochs", "30", "--save", network),
        cache_dir=tmp_path,
        NUDGE_DATA_DIR=str(tmp_path / "data"),
    )
    assert trained.returncode == 0, trained.stderr
    picture.write_bytes(file_of(Image.fromarray(images[1])))
    read = nudge("predict", picture, "--network", network, cache_dir=tmp_path)
    assert read.stdout.startswith(f"{picture}: Trouser (")
    assert read.stderr == ""

    old.write_bytes(checkpoints.save(checkpoints.load_file(network).network, {}))
    read = nudge("predict", picture, "--network", old, cache_dir=tmp_path)
    assert read.returncode == 0
    assert "does not say what it reads: digits of 28×28 pixels are assumed" in read.stderr


def test_pictures_that_are_no_squares_are_read_as_they_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(40, dtype=np.uint8) % 2
    images = rng.integers(0, 60, (40, 14, 56)).astype(np.uint8)
    images[labels == 0, :, :20] += 180
    images[labels == 1, :, 36:] += 180
    (tmp_path / "wide.npz").write_bytes(npz(images=images, labels=labels))
    Library(cache_dir=tmp_path).add(tmp_path / "wide.npz", "wide")
    network = tmp_path / "n.safetensors"
    arguments = ("train", "--dataset", "wide", "--epochs", "40", "--save", network)
    assert nudge(*arguments, cache_dir=tmp_path).returncode == 0
    pictures = [tmp_path / f"{i}.png" for i in range(6)]
    for i, picture in enumerate(pictures):
        picture.write_bytes(
            file_of(Image.fromarray(images[i].repeat(1 + i % 3, 0).repeat(1 + i % 3, 1)))
        )
    read = nudge("predict", *pictures, "--network", network, cache_dir=tmp_path)
    assert [line.partition(": ")[2][0] for line in read.stdout.splitlines()] == [*"010101"]
    assert read.stderr == ""
