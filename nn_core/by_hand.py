"""How a neural network learns, by hand: one example, one layer at a time. Read this first.

The network has layers of neurons. A neuron takes the activations a of the layer before, weighs each
one with a weight, adds its bias, and squashes the sum z between 0 and 1: that is its activation.
The first layer's inputs are the pixels of a digit image; the last layer has an output for each
digit. Which digit the network reads depends on its weights and biases only, 13,002 numbers for
784 pixels, two layers of 16 neurons, and 10 outputs.

Learning is gradient descent. The cost says how wrong the outputs are. The gradient of the cost says
for each of the 13,002 parameters how sensitive the cost is to it: whether a small nudge of it makes
the cost larger or smaller, and how much. So nudge each of them a little the other way, and repeat.

Backpropagation finds the gradient: start with how the cost changes with the outputs and walk
back, layer by layer.

``parameters.weights[layer]`` is a matrix of shape (neurons of the layer, neurons of the layer
before), ``parameters.biases[layer]`` a vector of shape (neurons,). All are views of one vector
``parameters.theta``, called θ, which has all 13,002 numbers: whoever writes into them, with
``[:] =``, writes into θ. A gradient is laid out in the same way. (``parameters.py`` does that; it
can be read later.)

Here everything is a vector or a matrix of one example, and nothing is fast. ``network.py`` computes
the same numbers for a whole batch of examples at once. Watch this one train:

    python -m nn_core.by_hand

The text tells of sigmoids and squared errors. Other functions and another cost can be chosen, by
name: they stand at the end.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nn_core.datasets import load
from nn_core.initializers import xavier
from nn_core.parameters import FloatArray, Parameters


@np.errstate(over="ignore")  # e^1000 is infinity here, and 1 / (1 + infinity) is 0, as it should be
def sigmoid(z: FloatArray) -> FloatArray:
    """Squash each weighted input z between 0 and 1."""
    return 1 / (1 + np.exp(-z))


def sigmoid_derivative(z: FloatArray) -> FloatArray:
    """How much the activation changes when z does: σ′(z) = σ(z) · (1 − σ(z)) = σ(z) · σ(−z).

    By the chain rule σ′(z) = e^−z / (1 + e^−z)², and e^−z / (1 + e^−z) = 1 − σ(z) = σ(−z).
    """
    return sigmoid(z) * sigmoid(-z)


class Choices(NamedTuple):
    """What can be chosen of a network, by name."""

    activation: str | Sequence[str] = "sigmoid"  # the hidden layers' function, or one for each
    output: str = "sigmoid"  # the last layer's function: sigmoid, softmax or identity
    cost: str = "squared-error"  # or cross-entropy, not with identity

    def functions(self, layers: int) -> list[str]:
        """Return the name of each layer's function."""
        hidden = self.activation
        if isinstance(hidden, str):
            hidden = [hidden] * (layers - 1)
        return [*hidden, self.output]


SIGMOIDS = Choices()


def forward_one_example(
    parameters: Parameters, x: FloatArray, choices: Choices = SIGMOIDS
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Send the pixels x, shape (784,), through the network.

    Return the weighted inputs z of each layer, and the activations of each layer, x itself first.
    Both have shape (neurons,).
    """
    weighted_inputs: list[FloatArray] = []
    activations: list[FloatArray] = [x]
    for layer, function in enumerate(choices.functions(len(parameters.weights))):
        z = parameters.weights[layer] @ activations[layer] + parameters.biases[layer]
        activations_this_layer = FUNCTIONS[function](z)  # the sigmoid, if nothing else is chosen
        weighted_inputs.append(z)
        activations.append(activations_this_layer)
    return weighted_inputs, activations


def cost_one_example(y_pred: FloatArray, y_true: FloatArray) -> float:
    """How wrong the outputs ``y_pred`` are, shape (10,): the sum of their squared errors.

    ``y_true`` is *one-hot*: 1 for the digit that the image shows, 0 for the nine others.
    """
    return float(np.sum((y_pred - y_true) ** 2))


def gradient_one_example(
    parameters: Parameters, x: FloatArray, y_true: FloatArray, choices: Choices = SIGMOIDS
) -> tuple[float, Parameters]:
    """The cost of this example, and how sensitive it is to each weight and each bias.

    Each line below is one application of the chain rule. ``C_over_z`` is the partial derivative
    of the cost C with respect to z, written ∂C/∂z, and so on.
    """
    weighted_inputs, activations = forward_one_example(parameters, x, choices)
    y_pred = activations[-1]

    # How wrong are the outputs, and how does that change with them? C = Σ (a − y)², and each output
    # has one term of the sum, so by 2(a − y).
    C_over_activations: FloatArray
    if choices.cost == "squared-error":
        cost = cost_one_example(y_pred, y_true)
        C_over_activations = 2 * (y_pred - y_true)
    else:
        cost = cross_entropy_one_example(choices.output, weighted_inputs[-1], y_true)
        C_over_activations = cross_entropy_derivative(choices.output, y_pred, y_true)

    gradient = parameters.zeros_like()  # one element for each parameter, all 0 so far
    functions = choices.functions(len(parameters.weights))

    # From the last layer back to the first:
    for layer in reversed(range(len(functions))):
        z = weighted_inputs[layer]
        activations_previous_layer = activations[layer]  # activations[0] is x

        if choices.cost == "cross-entropy" and layer == len(functions) - 1:
            # This cost is made to cancel the derivative of the outputs' function: for sigmoids
            # ∂C/∂a = (a − y) / (a (1 − a)) and ∂a/∂z = a (1 − a). The error itself is left.
            C_over_z = y_pred - y_true
        elif functions[layer] == "softmax":
            # Each output comes from every z of the layer, and the effects add up.
            C_over_z = C_over_activations @ softmax_derivative(y_pred)
        else:
            # The activations come from z by the sigmoid, each from its own z.
            C_over_z = C_over_activations * DERIVATIVES[functions[layer]](z)

        # z = weights @ activations_previous_layer + biases. So a weight's influence on z is as
        # large as the activation that it weighs: bright pixels, large changes.
        # A column times a row gives a matrix: a number for each weight.
        C_over_weights = np.outer(C_over_z, activations_previous_layer)

        # A bias is simply added to z, so ∂z/∂b = 1.
        C_over_biases = C_over_z

        # An activation of the previous layer influences every z of this one, each by one weight,
        # and the effects add up: ∂C/∂aₖ = Σⱼ ∂C/∂zⱼ · Wⱼₖ, a row times a matrix. We can't change
        # activations directly, so pass it on: it is what the layer before starts from.
        C_over_activations = C_over_z @ parameters.weights[layer]

        gradient.weights[layer][:] = C_over_weights
        gradient.biases[layer][:] = C_over_biases
    return cost, gradient


def nudge(parameters: Parameters, gradient: Parameters, learning_rate: float) -> None:
    """Change each parameter a little, so that the cost becomes smaller: this is how it learns."""
    parameters.theta -= learning_rate * gradient.theta


def gradient_descent_step(
    parameters: Parameters,
    images: FloatArray,
    truths: FloatArray,
    learning_rate: float,
    choices: Choices = SIGMOIDS,
) -> float:
    """Nudge all parameters a little downhill; return the mean cost before the nudge.

    ``images`` has a row of pixels for each example, ``truths`` a one-hot row.
    """
    # The gradient: a vector with 13,002 elements, one for each parameter, averaged over the
    # examples. Its negative points where the cost falls fastest.
    gradient = parameters.zeros_like()
    cost = 0.0
    for x, y_true in zip(images, truths, strict=True):
        cost_of_one, gradient_of_one = gradient_one_example(parameters, x, y_true, choices)
        gradient.theta += gradient_of_one.theta / len(images)
        cost += cost_of_one / len(images)

    nudge(parameters, gradient, learning_rate)
    return cost


def read_digit(parameters: Parameters, x: FloatArray, choices: Choices = SIGMOIDS) -> int:
    """Which digit the network reads in these pixels: the one whose output is the largest."""
    _, activations = forward_one_example(parameters, x, choices)
    return int(np.argmax(activations[-1]))


# The choices: what else than the sigmoid and the squared error there is.


def softmax(z: FloatArray) -> FloatArray:
    """Turn the last layer's z into probabilities: e^zᵢ / Σⱼ e^zⱼ, positive, and their sum is 1.

    To subtract the largest z changes nothing, because it cancels, and no e^z is too large then.
    """
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


def softmax_derivative(a: FloatArray) -> FloatArray:
    """How each output a changes with each z: ∂aᵢ/∂zⱼ = aᵢ (1 − aᵢ) if i = j, else −aᵢ aⱼ."""
    return np.diag(a) - np.outer(a, a)


FUNCTIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu": lambda z: np.maximum(z, 0.01 * z),
    "identity": lambda z: 1 * z,
    "softmax": softmax,  # only the last layer
}
DERIVATIVES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": sigmoid_derivative,
    "tanh": lambda z: 4 * sigmoid_derivative(2 * z),  # because tanh(z) = 2σ(2z) − 1
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky-relu": lambda z: np.where(z > 0, 1.0, 0.01),
    "identity": np.ones_like,
}


def cross_entropy_one_example(output: str, z: FloatArray, y_true: FloatArray) -> float:
    """The other cost: −ln of the probability that the outputs a give to what is true.

    Softmax gives one to each digit: C = −Σ y ln a. Each sigmoid answers yes or no for its own
    digit: C = −Σ (y ln a + (1 − y) ln(1 − a)). Both are written here in the last layer's z. That
    is the same, and exact even where a is so close to 0 or 1 that it is rounded to it.
    """
    if output == "softmax":
        return float(np.logaddexp.reduce(z) - y_true @ z)  # ln(Σ e^z) − Σ y z
    return float(np.sum(np.logaddexp(0, z) - y_true * z))  # Σ (ln(1 + e^z) − y z)


def cross_entropy_derivative(output: str, y_pred: FloatArray, y_true: FloatArray) -> FloatArray:
    """How the cross-entropy changes with the outputs: ∂C/∂a, by the formulas above.

    It tells where the way back begins. The next station, ∂C/∂z = a − y, is not computed from it:
    where an output is rounded to 0 or 1, this is too large to be exact.
    """
    if output == "softmax":
        return -y_true / never_0(y_pred)
    return (1 - y_true) / never_0(1 - y_pred) - y_true / never_0(y_pred)


def never_0(a: FloatArray) -> FloatArray:
    """Return a, but the smallest number to divide by where a is rounded to 0."""
    return np.maximum(a, np.finfo(a.dtype).tiny)


def main() -> None:
    """Train the network on a few hundred digits, and print what happens."""
    examples, batch_size, epochs, learning_rate = 500, 10, 20, 1.0
    digits = load("digits-5k")
    images, truths = digits.training.batch(np.arange(examples))
    test_images, _ = digits.test.batch(np.arange(examples))
    test_digits = digits.test.labels[:examples]

    rng = np.random.default_rng(seed=0)
    parameters = Parameters([784, 16, 16, 10])
    xavier(parameters, rng)
    print(f"784 pixels, 16 and 16 neurons, 10 outputs: {parameters.theta.size:,} parameters.")
    print(f"Training on {examples} digits, {batch_size} for each gradient descent step.")
    for epoch in range(1, epochs + 1):
        order = rng.permutation(examples)
        costs = []
        for first in range(0, examples, batch_size):
            batch = order[first : first + batch_size]
            costs.append(
                gradient_descent_step(parameters, images[batch], truths[batch], learning_rate)
            )
        read = np.array([read_digit(parameters, x) for x in test_images])
        right = np.mean(read == test_digits)
        print(f"epoch {epoch:2}: cost {np.mean(costs):.3f}, reads {right:.1%} of unseen digits")


if __name__ == "__main__":
    main()
