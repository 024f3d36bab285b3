"""The registry: the data sets that Nudge knows, and where each comes from.

The sizes and SHA-256 sums of the files that are downloaded are pinned here: nothing else is ever
taken for them, wherever it was downloaded from.
"""

from dataclasses import dataclass

from nn_core.image_kind import Drawing, ImageKind
from nn_core.paper import Ground

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
"""Each data set is four IDX files with the names that MNIST gave them, gzipped or not.

``library`` knows the other ways in which they are spelled.
"""


@dataclass(frozen=True)
class RemoteFile:
    """A file to download: what it is called, and what it must be."""

    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True)
class Source:
    """Where the files of a data set are published."""

    address: str  # of the folder that they lie in
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before any of it is loaded."""

    name: str
    title: str
    training_examples: int
    test_examples: int
    licence: str | None  # None: it was uploaded
    input_shape: tuple[int, int] = (28, 28)
    classes: int = 10
    class_names: tuple[str, ...] | None = None  # None: the classes are called 0, 1, 2, …
    source: Source | None = None  # None: there is nothing to download
    notes: tuple[str, ...] = ()  # what was noticed when it was uploaded
    drawing: Drawing = "whole"  # how a drawing becomes an image of this kind
    ground: Ground | None = "dark"  # of its images
    digest: str | None = None  # SHA-256 of the file that was uploaded; None: it was not

    @property
    def has_pictures(self) -> bool:
        """Return whether its images have rows and columns: numbers in a single row are none."""
        return self.kind.has_pictures

    @property
    def kind(self) -> ImageKind:
        """Return what kind of image its images are."""
        return ImageKind(self.input_shape, self.drawing, self.ground, self.class_names)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what each class is called."""
        return self.class_names or tuple(map(str, range(self.classes)))


def _source(address: str, *files: tuple[int, str]) -> Source:
    """Return a source from the size and the SHA-256 sum of each of the four files, in order."""
    named = zip(FILES, files, strict=True)
    return Source(address, tuple(RemoteFile(name, size, sha256) for name, (size, sha256) in named))


# The addresses, sizes and sums are those that TensorFlow Datasets 4.9 pins (its url_checksums).
DATASETS = {
    info.name: info
    for info in (
        DatasetInfo(
            "digits-5k",
            "5,000 digits of MNIST, shipped with Nudge",
            4000,
            1000,
            "CC BY-SA 3.0",
            drawing="digits",
        ),
        DatasetInfo(
            "mnist",
            "MNIST, 70,000 handwritten digits",
            60000,
            10000,
            "CC BY-SA 3.0",
            drawing="digits",
            source=_source(
                "https://storage.googleapis.com/cvdf-datasets/mnist",
                (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ),
        ),
        DatasetInfo(
            "fashion-mnist",
            "Fashion-MNIST, 70,000 pictures of clothing",
            60000,
            10000,
            "MIT",
            class_names=(
                *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
                *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
            ),
            source=_source(
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
                (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
            ),
        ),
        DatasetInfo(
            "kmnist",
            "Kuzushiji-MNIST, 70,000 cursive Japanese characters",
            60000,
            10000,
            "CC BY-SA 4.0",
            class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
            source=_source(
                "http://codh.rois.ac.jp/kmnist/dataset/kmnist",
                (18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
                (29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
                (3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
                (5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
            ),
        ),
    )
}
