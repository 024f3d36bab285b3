"""The library: the data sets of this machine, whether each is here, and how to load it."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nn_core.datasets import uploads
from nn_core.datasets.errors import DatasetError, NameTakenError, UnknownDatasetError
from nn_core.datasets.examples import Dataset, Examples
from nn_core.datasets.folders import files_missing, find_file, folders_for, what_is_missing
from nn_core.datasets.idx import load_idx
from nn_core.datasets.label_noise import spoil_labels
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.offered_file import Offered
from nn_core.datasets.registry import DATASETS, FILES, DatasetInfo

EMBEDDED_DIR = Path(__file__).parent / "embedded"
NAMED = 12  # classes that an error names


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
            there_are = ", ".join(DATASETS)  # uploaded ones may be private
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
            find_file(directory, file) or directory / file for file in FILES
        )
        training = _examples(training_images, training_labels, info, self.cache)
        if info.test_examples:
            test = _examples(test_images, test_labels, info, self.cache)
        else:  # a few uploaded examples, too few to keep one to test with
            test = training.first(0)
        return Dataset(name, training, test, info.input_shape, info.classes, info.kind)

    def load_to_train(
        self,
        name: str,
        train_examples: int | None = None,
        extra: str | None = None,
        label_noise: float = 0.0,
        seed: int = 0,
    ) -> Dataset:
        """Load a data set with the training set that a run is asked to have.

        That is its first ``train_examples``, or all for None, and after them all examples of the
        data set ``extra``, if there is one, as they are: those to add to digits must be digit
        images. Of all of these the share ``label_noise`` gets random labels, drawn by ``seed``. The
        test set stays as it is, and so does the kind of images.

        Raises DatasetError where ``load`` does, and where ``extra`` does not go with it.
        """
        dataset = self.load(name)
        training = dataset.training.first(train_examples)
        if extra is not None:
            self.check_extra(name, extra)
            more = self.load(extra)
            number = np.array(self._numbers_in(name, extra)).astype(np.uint8)
            training = training.and_those_of(
                *(replace(part, labels=number[part.labels]) for part in (more.training, more.test))
            )
        if label_noise:
            training = spoil_labels(training, label_noise, seed)
        return replace(dataset, training=training)

    def check_extra(self, name: str, extra: str) -> None:
        """Raise DatasetError if one data set's examples can't be added to those of another."""
        info, more = self.info(name), self.info(extra)
        if extra == name:
            raise DatasetError(f"{extra} is the data set itself: only another one can be added")
        if not self.is_here(extra):
            raise DatasetError(f"{extra} is not here: download it first{self._or_complete(extra)}")
        if more.input_shape != info.input_shape:
            shapes = " and those of ".join(
                f"{one.name} {one.input_shape[0]}×{one.input_shape[1]}" for one in (more, info)
            )
            raise DatasetError(f"the images of {shapes}: they do not go together")
        numbers = self._numbers_in(name, extra)
        if None in numbers:
            there_are = f"0 to {info.classes - 1}"
            if info.class_names:
                there_are = ", ".join(info.class_names[:NAMED]) + ", …" * (info.classes > NAMED)
            label = more.names[numbers.index(None)]
            raise DatasetError(
                f"{extra} has the label {label}; the classes of {name} are {there_are}"
            )

    def _numbers_in(self, name: str, extra: str) -> list[int | None]:
        """Return the class in the data set ``name`` that each class of ``extra`` is, if any.

        The same name is the same class. Where the names are words, a number is a class, too: 3 is
        the fourth. A class without examples may be any.
        """
        info, more = self.info(name), self.info(extra)
        if more.names == info.names[: more.classes]:
            return list(range(more.classes))
        number = {class_name: i for i, class_name in enumerate(info.names)}
        if not any(map(str.isdecimal, info.names)):
            number = {str(i): i for i in range(info.classes)} | number
        examples = self.load(extra)
        counts = np.bincount(examples.training.labels, minlength=more.classes)
        counts += np.bincount(examples.test.labels, minlength=more.classes)
        return [
            number.get(class_name) if count else 0
            for class_name, count in zip(more.names, counts.tolist(), strict=True)
        ]

    def add(
        self,
        file: Path | Sequence[Offered],
        name: str | None = None,
        filename: str | None = None,
        limits: UploadLimits = UploadLimits(),  # noqa: B008 - it can't be changed
        notes: Mapping[str, str] | None = None,
    ) -> DatasetInfo:
        """Add a file as a data set, or several that are one, whatever they are called.

        - An .npz has the arrays ``images``, of shape (images, rows, columns) or (images, pixels),
          and ``labels``; or ``x`` and ``y``, ``data`` and ``target`` and the like; or ``x_train``,
          ``y_train``, ``x_test`` and ``y_test``. Pixels are 0 to 255, or fractions from 0 to 1.
        - A CSV has a line for each image: its label and its pixels.
        - IDX files, gzipped or not, are two or four, in a zip or one by one.

        Labels are numbers or words; the classes keep their names. What has no test part is split: a
        fifth of each class is to test with, and nothing of a class with a single example. The
        ``notes`` of what is returned say what may be not as it was meant.

        ``notes`` are small files, by name, that are laid beside it in the same moment.

        Raises DatasetError: BadDataError for a file that is none of this, TooLargeError,
        NameTakenError, TooManyDatasetsError, StorageError.
        """
        # Whoever only loads data, as a worker does, starts without what reads files of any kind.
        from nn_core.datasets import adding  # noqa: PLC0415

        files = [Offered(filename or "", file)] if isinstance(file, Path) else file
        return adding.add(files, self.uploads_dir, name, filename, limits, notes or {})

    def remove(self, name: str) -> None:
        """Delete an uploaded data set; a training that has it mapped goes on.

        Raises UnknownDatasetError, NameTakenError for one that Nudge knows.
        """
        if name in DATASETS:
            raise NameTakenError(f"{name} belongs to Nudge: only uploaded data can be deleted")
        uploads.remove(self.uploads_dir, name)

    def missing(self, name: str) -> str | None:
        """Say what the data directory lacks of a data set; None if nothing, or there is none."""
        if self.data_dir is None or name not in DATASETS or self.is_here(name):
            return None
        return what_is_missing(self.data_dir, name)

    def _directory(self, name: str) -> Path | None:
        """Return the directory that has all files of this data set."""
        if name in DATASETS:
            own = folders_for(self.data_dir, name) if self.data_dir else []
            places = [EMBEDDED_DIR / name, *own, self.download_dir(name)]
        else:
            places = [self.uploads_dir / name] if uploads.NAME.fullmatch(name) else []
        for place in places:
            if not files_missing(place):
                return place
        return None

    def _where_it_is_not(self, name: str) -> str:
        """Say what is missing where, and what helps."""
        helps = f"download it (nudge download {name})"
        if self.data_dir is None:
            return f"{helps}, or put its four IDX files into a data directory; none is set"
        return helps + self._or_complete(name)

    def _or_complete(self, name: str) -> str:
        missing = self.missing(name)
        return f", or complete the data directory: {missing}" if missing else ""


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
