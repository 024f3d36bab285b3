"""The library: the data sets of this machine, whether each is here, and how to load it."""

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from nn_core.datasets import uploads
from nn_core.datasets.errors import DatasetError, NameTakenError, UnknownDatasetError
from nn_core.datasets.examples import Dataset, Examples
from nn_core.datasets.idx import load_idx
from nn_core.datasets.registry import DATASETS, FILES, DatasetInfo

EMBEDDED_DIR = Path(__file__).parent / "embedded"


def default_cache_dir() -> Path:
    """Return where downloads and unpacked copies are kept if nobody says where.

    That is in the user's home; a user who has none gets a place among the temporary files.
    """
    try:
        return Path.home() / ".cache" / "nudge"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / f"nudge-{os.getuid()}"


def load(
    name: str = "digits-5k", data_dir: Path | None = None, cache_dir: Path | None = None
) -> Dataset:
    """Load a data set by its name.

    ``data_dir`` is a directory with a folder for each data set, named like it, with its four
    files; it is only read. ``cache_dir`` is where downloads and unpacked copies are kept; None is
    a place in your home.

    Raises DatasetError if there is no such data set, it is not here, or one of its files is broken.
    """
    return Library(data_dir, cache_dir).load(name)


def is_here(name: str, data_dir: Path | None = None, cache_dir: Path | None = None) -> bool:
    """Return whether ``load`` with the same arguments would find the files of a data set."""
    return Library(data_dir, cache_dir).is_here(name)


@dataclass(frozen=True)
class Library:
    """The data sets: those that Nudge knows, here or not, and the uploaded ones.

    ``data_dir`` and ``cache_dir`` are those of ``load``.
    """

    data_dir: Path | None = None
    cache_dir: Path | None = None

    @property
    def cache(self) -> Path:
        """Return the directory that may be written to."""
        return self.cache_dir or default_cache_dir()

    @property
    def uploads_dir(self) -> Path:
        """Return the directory of the uploaded data sets, a folder each."""
        return self.cache / "own"

    def all(self) -> list[DatasetInfo]:
        """Return all data sets, here or not."""
        return [*DATASETS.values(), *uploads.find(self.uploads_dir)]

    def info(self, name: str) -> DatasetInfo:
        """Return what is known of a data set. Raises UnknownDatasetError."""
        if name in DATASETS:
            return DATASETS[name]
        try:
            return uploads.info(self.uploads_dir, name)
        except UnknownDatasetError as error:
            there_are = ", ".join(info.name for info in self.all())
            raise UnknownDatasetError(f"{error}; there are {there_are}") from error

    def is_here(self, name: str) -> bool:
        """Return whether the files of this data set are on this machine."""
        return self._directory(name) is not None

    def download_dir(self, name: str) -> Path:
        """Return the directory that this data set is downloaded to."""
        return self.cache / name

    def load(self, name: str) -> Dataset:
        """Load a data set.

        Raises DatasetError if there is no such data set, it is not here, or one of its files is
        broken.
        """
        info = self.info(name)
        directory = self._directory(name)
        if directory is None:
            raise DatasetError(f"{name} is not here: {self._where_it_is_not(name)}")
        training_images, training_labels, test_images, test_labels = (
            _find(directory, file) for file in FILES
        )
        training = _examples(training_images, training_labels, info, self.cache)
        if info.test_examples:
            test = _examples(test_images, test_labels, info, self.cache)
        else:  # a few uploaded examples, too few to keep one to test with
            test = training.first(0)
        return Dataset(name, training, test, info.input_shape, info.classes, info.kind)

    def load_to_train(
        self, name: str, train_examples: int | None = None, extra: str | None = None
    ) -> Dataset:
        """Load a data set with the training set that a run is asked to have.

        That is its first ``train_examples``, or all for None, and after them all examples of the
        data set ``extra``, if there is one, as they are: those to add to digits must be digit
        images. The test set stays as it is, and so does the kind of images.

        Raises DatasetError where ``load`` does, and where ``extra`` does not go with it.
        """
        dataset = self.load(name)
        training = dataset.training.first(train_examples)
        if extra is not None:
            self.check_extra(name, extra)
            more = self.load(extra)
            training = training.and_those_of(more.training, more.test)
        return replace(dataset, training=training)

    def check_extra(self, name: str, extra: str) -> None:
        """Raise DatasetError if one data set's examples can't be added to those of another."""
        info, more = self.info(name), self.info(extra)
        if extra == name:
            raise DatasetError(f"{extra} is the data set itself: only another one can be added")
        if not self.is_here(extra):
            raise DatasetError(f"{extra} is not here: download it first")
        if more.input_shape != info.input_shape:
            shapes = " and those of ".join(
                f"{one.name} {one.input_shape[0]}×{one.input_shape[1]}" for one in (more, info)
            )
            raise DatasetError(f"the images of {shapes}: they do not go together")
        if more.classes > info.classes:
            raise DatasetError(
                f"{extra} has the label {more.classes - 1}; the classes of {name} are "
                f"0 to {info.classes - 1}"
            )

    def add(
        self,
        path: Path,
        name: str | None = None,
        filename: str | None = None,
        limits: uploads.UploadLimits = uploads.UploadLimits(),  # noqa: B008 - it can't be changed
    ) -> DatasetInfo:
        """Add an .npz or a CSV file as a data set, whatever the file is called.

        An .npz has the arrays ``images`` (uint8, of shape (images, rows, columns) or
        (images, pixels)) and ``labels`` (whole numbers from 0), or ``x`` and ``y``, or ``x_train``,
        ``y_train``, ``x_test`` and ``y_test``. A CSV has a line for each image: its label, then its
        pixels, 0 to 255. What has no test part is split: a fifth of each class is to test with,
        and nothing of a class with a single example.

        Raises DatasetError: BadDataError for a file that is none of this, TooLargeError,
        NameTakenError, TooManyDatasetsError, StorageError.
        """
        return uploads.add(path, self.uploads_dir, name, filename, limits)

    def remove(self, name: str) -> None:
        """Delete an uploaded data set; a training that has it mapped goes on.

        Raises UnknownDatasetError, NameTakenError for one that Nudge knows.
        """
        if name in DATASETS:
            raise NameTakenError(f"{name} belongs to Nudge: only uploaded data can be deleted")
        uploads.remove(self.uploads_dir, name)

    def _directory(self, name: str) -> Path | None:
        """Return the directory that has all files of this data set."""
        if name not in DATASETS:
            places = [self.uploads_dir / name] if uploads.NAME.fullmatch(name) else []
        elif self.data_dir is None:
            places = [EMBEDDED_DIR / name, self.download_dir(name)]
        else:
            places = [EMBEDDED_DIR / name, self.data_dir / name, self.download_dir(name)]
        for place in places:
            if all(_find(place, file).exists() for file in FILES):
                return place
        return None

    def _where_it_is_not(self, name: str) -> str:
        """Say what is missing where, and what helps."""
        helps = f"download it (nudge download {name})"
        if self.data_dir is None:
            return f"{helps}, or put its four IDX files into a data directory; none is set"
        place = self.data_dir / name
        missing = [file for file in FILES if not _find(place, file).exists()]
        return f"{helps}, or complete {place}, which has no {', '.join(missing)}"


def _find(directory: Path, file: str) -> Path:
    """Return the unpacked file if there is one, else the gzipped one."""
    unpacked = directory / file.removesuffix(".gz")
    return unpacked if unpacked.exists() else directory / file


def _examples(images_path: Path, labels_path: Path, info: DatasetInfo, cache_dir: Path) -> Examples:
    """Load a file of images and the file with their labels, and check that they fit."""
    images = load_idx(images_path, cache_dir)
    labels = load_idx(labels_path, cache_dir)
    if images.shape[1:] != info.input_shape:
        rows, columns = info.input_shape
        message = (
            f"{images_path}: its shape is {images.shape}, "
            f"not that of {rows}x{columns} images, (examples, {rows}, {columns})"
        )
        raise DatasetError(message)
    if labels.shape != (len(images),):
        raise DatasetError(
            f"{labels_path}: its shape is {labels.shape}, "
            f"not a label for each of the {len(images)} images"
        )
    if labels.max() >= info.classes:
        raise DatasetError(
            f"{labels_path}: it has the label {labels.max()}; "
            f"the classes are 0 to {info.classes - 1}"
        )
    shape = info.input_shape if info.has_pictures else None
    return Examples(images.reshape(len(images), -1), labels, info.classes, shape)
