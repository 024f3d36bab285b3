"""RunSpec, what a run is asked to be; RunPatch, what may change later; and their checks."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from app.settings import MOST_LAYERS, Settings
from app.strict_model import BodyModel
from nn_core.activations import ACTIVATIONS
from nn_core.arithmetic import ARITHMETICS, CompilerMissingError, require_compiler
from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.datasets import DatasetError, DatasetInfo, Library, UnknownDatasetError
from nn_core.descent import LEARNING_RATES, default_learning_rate
from nn_core.events import Hyperparameters
from nn_core.initializers import INITIALIZERS
from nn_core.network import Network
from nn_core.parameters import count_parameters
from nn_core.readable import readable
from nn_core.silencing import neuron_of, require_hidden

# The names of what can be chosen stand once, in nn_core; in the order in which they stand there.
OUTPUTS = tuple(dict.fromkeys(output for output, _cost in OUTPUTS_AND_COSTS))
COSTS = tuple(dict.fromkeys(cost for _output, cost in OUTPUTS_AND_COSTS))
CHOICES: dict[str, tuple[str, ...]] = {
    "activation": tuple(ACTIVATIONS),
    "output": OUTPUTS,
    "cost": COSTS,
    "optimizer": tuple(LEARNING_RATES),
    "initializer": tuple(INITIALIZERS),
}
if TYPE_CHECKING:  # a type checker can't read the names
    Activation = str
    Output = str
    Cost = str
    Optimizer = str
    Initializer = str
    Arithmetic = str
else:
    Activation, Output, Cost, Optimizer, Initializer = (
        Literal[names] for names in CHOICES.values()
    )
    Arithmetic = Literal[ARITHMETICS]


def storable(text: str) -> str:
    """Return a text that any database can keep: no NUL, no half a character. Raises ValueError."""
    text.encode()
    if "\0" in text:
        raise ValueError("a text can't have a NUL in it")
    return text


LearningRate = Annotated[float, Field(ge=0, le=1e6)]
Momentum = Annotated[float, Field(ge=0, lt=1)]
Penalty = Annotated[float, Field(ge=0, le=1e3)]
Dropout = Annotated[float, Field(ge=0, lt=1)]
BatchSize = Annotated[int, Field(ge=1, le=1_000_000)] | Literal["full"]
Epochs = Annotated[int, Field(ge=1, le=1_000_000)] | None
StepsPerSecond = Annotated[float, Field(ge=0.01, le=1e6)] | None
DatasetName = Annotated[str, Field(max_length=200)]
Text = Annotated[str, AfterValidator(storable)]
SilencedNeuron = Annotated[str, Field(pattern=r"^[0-9]{1,4}:[0-9]{1,4}$")]
RunName = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(readable)] | None

GOOD_RATES = "; ".join(
    f"{optimizer}: " + ", ".join(f"{rate:g} with {what}" for what, rate in rates.items())
    for optimizer, rates in LEARNING_RATES.items()
)


class RunSpec(BodyModel):
    """A network, what it is trained on, and how. Every field has a default."""

    dataset: DatasetName = Field(
        "digits-5k", description="The name of a data set: see /api/datasets."
    )
    hidden: list[Annotated[int, Field(ge=1)]] = Field(
        [16, 16],
        max_length=MOST_LAYERS,
        description="The number of neurons of each hidden layer; the server's settings bound it.",
    )
    activation: Activation | Annotated[list[Activation], Field(max_length=MOST_LAYERS)] = Field(
        "sigmoid",
        description="Of the hidden layers: one name for all, or a list with one for each.",
    )
    output: Output = Field("sigmoid", description="identity goes with squared-error only.")
    cost: Cost = "squared-error"
    optimizer: Optimizer = "sgd"
    learning_rate: LearningRate | None = Field(
        None,
        description="null is a good one for the optimizer and the cost, or for identity outputs. "
        f"{GOOD_RATES}.",
    )
    momentum: Momentum = Field(0.9, description="Of the optimizers momentum and nesterov.")
    batch_size: BatchSize = Field(
        32, description='Examples in a step; "full" (or more than there are) is all of them.'
    )
    epochs: Epochs = Field(30, description="null: until stopped.")
    l1: Penalty = Field(0.0, description="λ₁ of the penalty λ₁·Σ|w|.")
    l2: Penalty = Field(0.0, description="λ₂ of the penalty λ₂/2·Σw².")
    dropout: Dropout = Field(0.0, description="Share of hidden activations dropped in each step.")
    initializer: Initializer = "xavier"
    augment: bool = Field(
        default=False,
        description="Each training image a little turned, scaled, slanted and moved, anew each "
        "time it is trained on.",
    )
    train_examples: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Only the first so many training examples; null: all."
    )
    extra_dataset: DatasetName | None = Field(
        None,
        description="Another data set of the same shape, whose examples are all added to those to "
        "train with; null: none.",
    )
    label_noise: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0,
        description="The share of training labels that are replaced by random ones, drawn by the "
        "seed: what is learned of these is learned by heart.",
    )
    silence: list[SilencedNeuron] = Field(
        [],
        max_length=1000,
        description='Hidden neurons, each as "L:N", whose weights and bias are held at 0: the '
        "network trains without them.",
    )
    steps_per_second: StepsPerSecond = Field(None, description="The pace; null: as fast as it can.")
    arithmetic: Arithmetic = Field(
        "numpy",
        description="What makes the steps: NumPy, or loops that are compiled for the machine, "
        "which are faster and take the package numba.",
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="The same seed gives the same network.")

    @property
    def is_compiled(self) -> bool:
        """Whether compiled loops make the steps."""
        return self.arithmetic == "compiled"

    @field_validator("activation")
    @classmethod
    def _one_activation_for_each_layer(
        cls, activation: str | list[str], info: ValidationInfo
    ) -> str | list[str]:
        hidden = info.data.get("hidden", ())
        if not isinstance(activation, str) and len(activation) != len(hidden):
            message = (
                f"{len(activation)} activations for {len(hidden)} hidden layers: "
                "give one for each, or one name for all"
            )
            raise ValueError(message)
        return activation

    @field_validator("silence")
    @classmethod
    def _silenced_neurons_are_hidden_ones(
        cls, silence: list[str], info: ValidationInfo
    ) -> list[str]:
        layers = [1, *info.data.get("hidden", ()), 1]
        for text in silence:
            require_hidden(tuple(layers), *neuron_of(text))
        return list(dict.fromkeys(silence))

    @field_validator("cost")
    @classmethod
    def _cost_goes_with_output(cls, cost: str, info: ValidationInfo) -> str:
        if info.data.get("output") == "identity" and cost != "squared-error":
            raise ValueError("identity outputs go with squared-error only")
        return cost

    @model_validator(mode="after")
    def _fill_in_the_learning_rate(self) -> Self:
        if self.learning_rate is None:
            rate = default_learning_rate(self.optimizer, self.cost, self.output)
            object.__setattr__(self, "learning_rate", rate)  # the model is frozen once validated
            self.model_fields_set.discard("learning_rate")  # another optimizer has another one
        return self

    def layer_sizes(self, dataset: DatasetInfo) -> list[int]:
        """Return the neurons of each layer, from the input to the output, for this data set."""
        rows, columns = dataset.input_shape
        return [rows * columns, *self.hidden, dataset.classes]

    def network(self, dataset: DatasetInfo) -> Network:
        """Return the network that this run trains, with all parameters 0."""
        return Network(self.layer_sizes(dataset), self.activation, self.output, self.cost)

    def hyperparameters(self) -> Hyperparameters:
        """Return what ``nn_core`` calls by that name."""
        return Hyperparameters(
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            momentum=self.momentum,
            l1=self.l1,
            l2=self.l2,
            dropout=self.dropout,
            augment=self.augment,
            batch_size=self.batch_size,
            epochs=self.epochs,
        )


class RunPatch(BodyModel):
    """What may change of a run while it trains, and its name. What is left out stays."""

    learning_rate: LearningRate = 0
    momentum: Momentum = 0
    l1: Penalty = 0
    l2: Penalty = 0
    dropout: Dropout = 0
    batch_size: BatchSize = 1
    epochs: Epochs = None
    steps_per_second: StepsPerSecond = None
    name: RunName = None

    def changes(self) -> dict[str, Any]:
        """Return only what was sent."""
        return self.model_dump(exclude_unset=True)


class SpecError(ValueError):
    """A field of a RunSpec is beyond what this server allows or has."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def check_against(spec: RunSpec, settings: Settings) -> None:
    """Raise SpecError where the spec is beyond the server's settings or data."""
    try:
        dataset = settings.library.info(spec.dataset)
    except UnknownDatasetError as error:
        raise SpecError("dataset", str(error)) from error
    _check_size(spec, dataset, settings)
    check_epochs(spec.epochs, settings)
    _check_data(spec, dataset, settings.library)
    if spec.is_compiled:
        try:
            require_compiler()
        except CompilerMissingError as error:
            raise SpecError("arithmetic", str(error)) from error


def check_epochs(epochs: int | None, settings: Settings) -> None:
    """Raise SpecError for more epochs than the server's settings allow."""
    if epochs is not None and epochs > settings.max_epochs:
        raise SpecError("epochs", f"this server trains up to {settings.max_epochs:,} epochs")


def _check_size(spec: RunSpec, dataset: DatasetInfo, settings: Settings) -> None:
    """Raise SpecError for a network that is larger than the server's settings allow."""
    layers, widest = len(spec.hidden), max(spec.hidden, default=0)
    if layers > settings.max_hidden_layers:
        raise SpecError(
            "hidden", f"{layers:,} hidden layers; this server allows {settings.max_hidden_layers:,}"
        )
    if widest > settings.max_neurons:
        raise SpecError(
            "hidden", f"a layer of {widest:,} neurons; this server allows {settings.max_neurons:,}"
        )
    parameters = count_parameters(spec.layer_sizes(dataset))
    if parameters > settings.max_parameters:
        raise SpecError(
            "hidden", f"{parameters:,} parameters; this server allows {settings.max_parameters:,}"
        )


def _check_data(spec: RunSpec, dataset: DatasetInfo, library: Library) -> None:
    """Raise SpecError for data that is not here, or that can't be trained on as the spec says."""
    if not library.is_here(spec.dataset):
        missing = library.missing(spec.dataset)
        raise SpecError(
            "dataset",
            f"{spec.dataset} is not on this server yet: download it first"
            + (f", or complete the data directory: {missing}" if missing else ""),
        )
    if dataset.classes < 2 or not dataset.test_examples:  # noqa: PLR2004
        raise SpecError(
            "dataset",
            f"{spec.dataset} is too small to train on alone: that takes two classes, and an "
            "example to test with; as extra_dataset it can be added to another one",
        )
    if spec.augment and not dataset.has_pictures:
        raise SpecError("augment", f"only pictures can be augmented, and {spec.dataset} has none")
    available = dataset.training_examples
    if spec.train_examples is not None and spec.train_examples > available:
        raise SpecError("train_examples", f"{spec.dataset} has {available:,} training examples")
    if spec.extra_dataset is not None:
        try:
            library.check_extra(spec.dataset, spec.extra_dataset)
        except DatasetError as error:
            raise SpecError("extra_dataset", str(error)) from error
