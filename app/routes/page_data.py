"""What the templates and the scripts of a page are told of experiments."""

from app.runs.spec import CHOICES, RunSpec
from nn_core.descent import LEARNING_RATES

# What a choice is called, if not by its machine name with blanks for hyphens.
PROPER_NAMES = {
    "sgd": "SGD",
    "relu": "ReLU",
    "leaky-relu": "leaky ReLU",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "nesterov": "Nesterov",
    "xavier": "Xavier",
    "he": "He",
}
EXPERIMENTS = {
    "defaults": RunSpec().model_dump(mode="json"),
    "learning_rates": LEARNING_RATES,
    "choice_names": {
        name: PROPER_NAMES.get(name, name.replace("-", " "))
        for names in CHOICES.values()
        for name in names
    },
}
