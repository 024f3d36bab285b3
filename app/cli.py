"""The command line: ``nudge serve | train | sweep | predict | download``.

Errors are one line on stderr, with exit code 2 for a wrong call and 1 for everything else.

What only one command needs, it imports: the others start faster.
"""

import io
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.local import begin
from app.runs.engines import EngineMissingError
from app.runs.spec import CHOICES, RunSpec, SpecError, check_against
from app.runs.store_folder import StoreError
from app.settings import Settings
from nn_core import checkpoints
from nn_core.checkpoints import CheckpointError
from nn_core.datasets import DatasetError
from nn_core.image_kind import ImageKind

cli = typer.Typer(
    help="A neural network from scratch learns to read handwritten digits.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class DivergedError(Exception):
    """The training diverged; the message says when and what to try."""


SPEC = RunSpec.model_fields  # each option's default and help are those of the field


def option(field: str, help_text: str = "") -> Any:
    """Return the option for a field of the RunSpec; its help ends with the names to choose from."""
    if names := CHOICES.get(field):
        return typer.Option(help=f"{help_text} {', '.join(names)}.".lstrip())
    return typer.Option(help=help_text or SPEC[field].description)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free port.")] = 8000,
) -> None:
    """Serve the playground."""
    from app import server  # noqa: PLC0415 - the web framework

    server.serve(host, port, Settings())


@cli.command()
def train(
    *,
    dataset: Annotated[str, option("dataset", "Its name: see nudge download.")] = "digits-5k",
    hidden: Annotated[str, option("hidden", 'Neurons of each hidden layer; "" is none.')] = "16,16",
    activation: Annotated[
        str, option("activation", "Of the hidden layers: one for all, or one each, with commas:")
    ] = "sigmoid",
    output: Annotated[str, option("output")] = "sigmoid",
    cost: Annotated[str, option("cost")] = "squared-error",
    optimizer: Annotated[str, option("optimizer")] = "sgd",
    learning_rate: Annotated[
        float | None, option("learning_rate", "Default: a good one for optimizer and cost.")
    ] = None,
    momentum: Annotated[float, option("momentum")] = 0.9,
    batch_size: Annotated[str, option("batch_size")] = "32",
    epochs: Annotated[int, option("epochs", "How often to go through all examples.")] = 30,
    l1: Annotated[float, option("l1")] = 0.0,
    l2: Annotated[float, option("l2")] = 0.0,
    dropout: Annotated[float, option("dropout")] = 0.0,
    initializer: Annotated[str, option("initializer")] = "xavier",
    train_examples: Annotated[
        int | None, option("train_examples", "Only the first so many. Default: all.")
    ] = None,
    extra_dataset: Annotated[str | None, option("extra_dataset")] = None,
    label_noise: Annotated[float, option("label_noise")] = 0.0,
    seed: Annotated[int, option("seed")] = 0,
    compiled: Annotated[
        bool, typer.Option("--compiled", help="Train by compiled loops, which take numba: faster.")
    ] = False,
    save: Annotated[
        Path | None, typer.Option(help="Where to put the network: a safetensors file.")
    ] = None,
) -> None:
    """Train a network: a progress bar, then a table of epochs."""
    from app.cli_output import epochs_table, show, watch  # noqa: PLC0415 - rich

    spec = RunSpec(
        dataset=dataset,
        hidden=[_number(neurons, "hidden") for neurons in hidden.split(",") if neurons.strip()],
        activation=activation.split(",") if "," in activation else activation,
        output=output,
        cost=cost,
        optimizer=optimizer,
        learning_rate=learning_rate,
        momentum=momentum,
        batch_size="full" if batch_size == "full" else _number(batch_size, "batch size"),
        epochs=epochs,
        l1=l1,
        l2=l2,
        dropout=dropout,
        initializer=initializer,
        train_examples=train_examples,
        extra_dataset=extra_dataset,
        label_noise=label_noise,
        seed=seed,
        arithmetic="compiled" if compiled else "numpy",
    )
    settings = Settings()
    check_against(spec, settings)
    if save is not None and not save.parent.is_dir():
        raise CheckpointError(f"{save.parent}: there is no such folder to put the network in")
    network, digits, events = begin(spec, settings)
    history, end = watch(events, spec.epochs or 0)
    if history:
        show(epochs_table(history))
    if save is not None:
        metadata = {"epoch": str(end.epoch), "step": str(end.step), "spec": spec.model_dump_json()}
        save.write_bytes(checkpoints.save(network, metadata, digits.kind))
        print(f"The network is in {save}.")
    if end.status == "diverged":
        raise DivergedError(end.reason)


@cli.command()
def sweep(
    file: Annotated[Path, typer.Argument(help="JSON, as POST /api/sweeps takes it.")],
    csv: Annotated[Path | None, typer.Option(help="Where to put the results: a CSV file.")] = None,
) -> None:
    """Train many networks that differ in a few fields, one after the other: a live table."""
    from app import cli_sweep  # noqa: PLC0415 - rich, and what only sweeps need

    cli_sweep.sweep(file, csv, Settings())


@cli.command()
def predict(
    images: Annotated[list[Path], typer.Argument(help="Pictures: PNG, JPEG or WebP.")],
    network: Annotated[
        Path, typer.Option(help="A safetensors file, as train --save and the playground make it.")
    ],
) -> int:
    """Read each picture, and print what it is and the network's confidence.

    A picture that can't be read is told, and the others are read.
    """
    from app.drawing import decode_picture, read_picture  # noqa: PLC0415 - Pillow

    checkpoint = checkpoints.load_file(network)
    kind = checkpoint.kind or _assumed(network, checkpoint.network.layer_sizes[0])
    code = 0
    for path in images:
        try:
            picture = decode_picture(path.read_bytes(), Settings().max_drawing_pixels)
            reading = read_picture(checkpoint.network, kind, picture)
        except (OSError, ValueError) as error:
            words = (error.strerror if isinstance(error, OSError) else None) or str(error)
            _tell(f"{path}: {words}")
            code = 1
            continue
        print(f"{path}: {kind.name_of(reading['digit'])} ({reading['confidence']:.3f})", flush=True)
        for note in reading["notes"]:
            _tell(f"{path}: {note}")
    return code


def _assumed(path: Path, inputs: int) -> ImageKind:
    """Return the likely kind of images of a network whose file does not say, and tell it."""
    kind = ImageKind.likely(inputs)
    rows, columns = kind.shape
    what = "digits" if kind.drawing == "digits" else "pictures, read as they are,"
    if kind.has_pictures:
        _tell(f"{path} does not say what it reads: {what} of {rows}×{columns} pixels are assumed")
    return kind


@cli.command()
def download(
    name: Annotated[str | None, typer.Argument(help="A data set. Default: list them all.")] = None,
) -> None:
    """Download a data set, with a progress bar; without a name, list those there are."""
    from app.cli_output import datasets_table, progress_of, show  # noqa: PLC0415 - rich
    from nn_core.datasets.download import download as download_dataset  # noqa: PLC0415 - pooch

    settings = Settings()
    library = settings.library
    if name is None:
        show(datasets_table(library))
        for known in library.all():
            if missing := library.missing(known.name):
                print(f"{known.name}: {missing}")
        return
    info = library.info(name)
    if library.is_here(name):
        print(f"{name} is here already.")
        return
    if missing := library.missing(name):
        print(f"{missing}: it is downloaded.", file=sys.stderr)
    with progress_of(name) as update:
        download_dataset(info, library.download_dir(name), update, settings.mirror)
    print(f"{name} is in {library.download_dir(name)}.")


def _number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{name}: {text!r} is not a whole number") from None


def main() -> None:
    """Run the command; tell what went wrong in one line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that has no é gets \xe9; so do bytes in a file's name that are no text.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli(standalone_mode=False)
    except ValidationError as error:
        problem = error.errors()[0]
        field = str(problem["loc"][0]) if problem["loc"] else "the options"
        name = f"NUDGE_{field.upper()}" if error.title == "Settings" else field.replace("_", "-")
        _fail(f"{name}: {problem['msg'].removeprefix('Value error, ')}", 2)
    except SpecError as error:
        _fail(f"{error.field.replace('_', '-')}: {error}", 2)
    except typer.TyperException as error:
        _fail(f"{error.format_message()} (see nudge --help)", error.exit_code)
    except (
        CheckpointError,
        DatasetError,
        DivergedError,
        EngineMissingError,
        StoreError,
    ) as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("interrupted", 130)
    else:
        sys.exit(code or 0)


def _fail(message: str, code: int) -> None:
    _tell(message)
    sys.exit(code)


def _tell(message: str) -> None:
    """Tell the person something that is not the result: one line on stderr."""
    print(f"nudge: {' '.join(message.split())}", file=sys.stderr)


if __name__ == "__main__":
    main()
