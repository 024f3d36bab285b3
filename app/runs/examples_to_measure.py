"""The examples on which the server measures a run's network.

Its gradient, a nudge and the way downhill are all measured on the same ones, so that their numbers
agree: ``measured_examples``. Its mistakes are those on the test set.
"""

from app.runs.run import Run
from app.runs.same_data import require_the_same
from app.settings import Settings
from nn_core.datasets import Examples, Library

MEASURED_EXAMPLES = 1000
FEWEST_READ = 20
READING = 5  # times the work of a landscape may it be to read a test set: all but huge ones


def measured_examples(run: Run, library: Library) -> Examples:
    """Return the run's first 1,000 training examples, on which costs and slopes are measured.

    The pretrained networks were trained on MNIST, which may not be here; digits-5k is a part of
    it, and always here. Raises DatasetError.
    """
    if run.is_pretrained:
        return library.load("digits-5k").training.first(MEASURED_EXAMPLES)
    require_the_same(run.record, library)
    spec = run.spec
    first: int | None = min(spec.train_examples or MEASURED_EXAMPLES, MEASURED_EXAMPLES)
    if spec.label_noise:  # which labels are spoilt depends on how many there are
        first = spec.train_examples
    dataset = library.load_to_train(
        spec.dataset, first, spec.extra_dataset, spec.label_noise, spec.seed
    )
    return dataset.training.first(MEASURED_EXAMPLES)


def not_too_many(examples: Examples, parameters: int, settings: Settings) -> Examples:
    """Return the first of a test set to read with so many parameters, of all networks together."""
    most = READING * settings.max_experiment_work // parameters
    return examples.first(max(FEWEST_READ, most))


def test_examples(run: Run, library: Library) -> Examples:
    """Return the test set of this run. Raises DatasetError."""
    require_the_same(run.record, library)
    return library.load(run.spec.dataset).test


def test_examples_or_others(run: Run, library: Library) -> tuple[str, Examples]:
    """Return examples to compare two networks on, and the name of the data set they are from.

    They are the test set. Of a pretrained network, where MNIST is not here, they are digits-5k's:
    it has seen those, so only a difference between two networks says something.

    Raises DatasetError.
    """
    if run.is_pretrained and not library.is_here(run.spec.dataset):
        return "digits-5k", library.load("digits-5k").test
    return run.spec.dataset, test_examples(run, library)
