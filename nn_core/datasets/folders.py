"""Where the four files of a data set may lie in a data directory, and how they may be spelled."""

from collections.abc import Iterator
from pathlib import Path

from nn_core.datasets.registry import FILES


def folders_for(data_dir: Path, name: str) -> list[Path]:
    """Return the folders that may be this data set's, the one with most of its files first.

    Such a folder is called like the data set, give or take hyphens and large letters; so may be
    the data directory itself. PyTorch puts the files into a folder ``raw`` in it.
    """
    try:
        folders = [data_dir / name, *sorted(data_dir.iterdir())]
    except OSError:  # there is none, or we may not read it
        return []
    named = [folder for folder in dict.fromkeys(folders) if _plain(folder.name) == _plain(name)]
    if _plain(data_dir.absolute().name) == _plain(name):
        named.append(data_dir)
    places = [place for folder in named for place in (folder, folder / "raw") if place.is_dir()]
    return sorted(places, key=lambda place: len(files_missing(place)))


def files_missing(directory: Path) -> list[str]:
    """Return those of the four files that a directory has in no spelling."""
    return [file for file in FILES if find_file(directory, file) is None]


def find_file(directory: Path, file: str) -> Path | None:
    """Return one of the FILES as it is spelled there; unpacked, where it is so, too."""
    paths = (directory / name for name in _spellings(file))
    return next((path for path in paths if path.is_file()), None)


def what_is_missing(data_dir: Path, name: str) -> str:
    """Say which files of a data set, or which folder, a data directory lacks."""
    place = next(iter(folders_for(data_dir, name)), data_dir / name)
    if not place.is_dir():
        return f"there is no folder {place}"
    missing = ", ".join(file.removesuffix(".gz") for file in files_missing(place))
    return f"{place} has no {missing}"


def _spellings(file: str) -> Iterator[str]:
    """Yield the usual names of a file: also train-images.idx3-ubyte and test-images-idx3-ubyte."""
    what, kind = file.removesuffix(".gz").split("-idx")
    for packed in ("", ".gz"):
        for start in dict.fromkeys((what, what.replace("t10k", "test"))):
            for mark in "-.":
                yield f"{start}{mark}idx{kind}{packed}"


def _plain(name: str) -> str:
    """Return the letters of a name, small: FashionMNIST is fashion-mnist."""
    return "".join(filter(str.isalnum, name.lower()))
