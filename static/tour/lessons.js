/**
 * The tour's lessons, in order: what each says, what it shows, and what one can try. Each can be read
 * without touching anything. The page's address holds the number of the lesson.
 *
 * @typedef {"nextDigit" | "step" | "trainNew" | "pad"} Deed
 *
 * @typedef {object} Lesson
 * @property {string} title
 * @property {string[]} words paragraphs
 * @property {string} attempt something to do, and what one sees then
 * @property {string} target a selector of the part of the page that it is about
 * @property {InsideAt} [inside] it is about this place in Look inside, not about the playground
 * @property {Show} [show] what the playground's pictures show meanwhile
 * @property {{ name: Deed, label: string }} [deed] its button
 */

/**
 * @import { Show } from "../network/captions.pure.js"
 * @import { InsideAt } from "../shell/state.js"
 */

/** @type {Lesson[]} */
export const LESSONS = [
  {
    title: "An image is {pixels} numbers",
    words: [
      "An image has {rows} × {columns} pixels. To the network it is a list of {pixels} numbers: 0 for a dark pixel, 1 for a bright one, and what is between for greys. It sees nothing else, no lines and no loops.",
      "From these it computes {outputs} outputs, one for each answer that it can give, and the largest is its answer. Which one that is depends only on {parameters} other numbers, its parameters. Think of them as knobs. Nobody sets them by hand: they are learned, and the lessons that follow show how.",
    ],
    attempt:
      "Draw on the pad, or let the button put a test image there. See what lights up on the way to the outputs.",
    target: "#pad-panel",
    show: "activations",
    deed: { name: "nextDigit", label: "Put a test image on the pad" },
  },
  {
    title: "A neuron adds up",
    words: [
      "This is the inside: the code that runs, the network, and the numbers of one line. (If the pad was empty, a test image is on it now that this network misreads.) A neuron of the first layer has a weight for each pixel. It multiplies each pixel by its weight, adds up all {pixels} products, and adds a number of its own, its bias. The sum is its weighted input z.",
      "In the picture of the network (on a phone it is further up), the weights of the chosen neuron stand below the image: a bright pixel raises z where it is blue, and lowers it where it is orange. The line after this one turns z into the neuron’s activation, which the next layer takes in.",
    ],
    attempt:
      "Choose another neuron in the picture of the network, or with ↑ and ↓: its sum is written out, with its largest terms first. Then step on with the arrow, and see what becomes of z.",
    target: ".inside-numbers",
    inside: { panel: "line", step: "z.first" },
  },
  {
    title: "How wrong is the answer?",
    words: [
      "The way forward has arrived at the outputs. Here the right one should be 1 and all others 0.",
      "The cost C makes one number of how wrong they are. {cost} It is near 0 when the answer is right and sure, and the larger, the more wrong it is. Its formula stands here with the numbers of this image. To learn is to make the cost smaller.",
    ],
    attempt:
      "At the top, say that it is something else. The outputs stay the same, but now they are wrong in another way, and the cost is another one.",
    target: ".inside-numbers",
    inside: { panel: "line", step: "cost" },
  },
  {
    title: "The gradient: a slope for each knob",
    words: [
      "Turn one knob up by a tiny amount, and the cost changes by a tiny amount. The second divided by the first is the slope of the cost for this parameter: its partial derivative, ∂C/∂θ. All {parameters} slopes together are one vector, the gradient ∇C.",
      "Each cell here is a parameter. The picture shows −∇C, the way downhill, as the mean over many images: blue knobs should be turned up, orange ones down, and a strong colour means that the cost depends on it much. Where a pixel is dark in every image, the slope is 0: its weights change nothing.",
    ],
    attempt:
      "Click a cell, then drag the point above. The curve is the cost while this one knob is turned; the straight line is what its slope predicts. Near the start they are the same.",
    target: "#gradient-panel",
    show: "gradient",
  },
  {
    title: "Backwards: the outputs",
    words: [
      "To find {parameters} slopes, one could turn every knob and measure: {parameters} times. Backpropagation needs one way forward and one way back. It begins at the end, where the cost is.",
      "∂C/∂z of an output says how the cost changes when its weighted input z grows. Where it is negative, a larger z would make the cost smaller, so z will be pushed up; where it is positive, down.",
    ],
    attempt:
      "Choose one output after the other. Which is pushed up, which are pushed down, and which the hardest?",
    target: ".inside-numbers",
    inside: { panel: "line", step: "C_over_z.last" },
  },
  {
    title: "Backwards: a hidden neuron",
    words: [
      "Nobody says what a hidden neuron should be. But it has an effect on every neuron after it, each through one weight. So its effect on the cost is a sum: ∂C/∂z of each neuron after it, times the weight that leads there. That is its ∂C/∂a.",
      "Times the slope of its own function it becomes its ∂C/∂z, how the cost changes with its weighted input. From there the same sum goes on to the layer before. This is the chain rule, and it is all of backpropagation.",
    ],
    attempt:
      "Choose another neuron of this layer, and look for the term that decides. Step on to ∂z: where the slope of its function is 0, nothing goes further back.",
    target: ".inside-numbers",
    inside: { panel: "line", step: "C_over_activations.hidden" },
  },
  {
    title: "One knob, from the cost back to it",
    words: [
      "A weight has its effect through a chain: it changes its neuron’s z, z changes the activation, and that changes the cost. Multiply how much each changes the next, and the product is the weight’s slope: ∂C/∂W = ∂C/∂z · a.",
      "The last factor is what the weight is multiplied by; in the first layer that is a pixel. If the pixel is dark, the factor is 0, and so is the product. The weight had no part in this answer, so it is not nudged.",
    ],
    attempt:
      "Move the slider. Beside the change of the cost that the chain predicts stands the one that is measured. For a small nudge they agree; for a large one they part, because the cost is no straight line.",
    target: ".inside-numbers",
    inside: { panel: "parameter", step: "gradient.weights.first" },
  },
  {
    title: "One image, a batch, an epoch",
    words: [
      "A nudge for one image alone may spoil others. So take a batch of images, compute the gradient of each, and average. Then nudge all {parameters} parameters at once, each against its own slope: that is one step.",
      "The next step takes the next batch. When every training image has been used once, an epoch is over. They are shuffled, and the next epoch begins.",
    ],
    attempt:
      "Fetch sixteen test images, and move the slider under them: the mean forms. Images that are read well hardly count, because their gradients are small; misread ones dominate it. Then compare the costs below: “nudged along the mean”.",
    target: ".inside-numbers",
    inside: { panel: "batch", step: "parameters.theta" },
  },
  {
    title: "How far to go",
    words: [
      "The gradient gives the direction of a step. How far to go is for you to choose: in plain gradient descent each slope is multiplied by the learning rate, and the product is subtracted from its parameter.",
      "The curve is the cost of the same images after one step, for every learning rate. {point} Far to the left of the lowest place, learning is slow. Beyond it, a step goes too far. Where the curve is higher than at its start, a step makes the cost larger.",
    ],
    attempt:
      "Make a step, then others with 0.1, 1 and 10 as the learning rate. If the open network can’t be trained, the first step begins a new one; the name at the top left leads back to the first.",
    target: "#nudge-card",
    show: "weights",
    deed: { name: "step", label: "Make a step" },
  },
  {
    title: "Train, and read the curve",
    words: [
      "Training is this step, again and again. The cost falls fast at first, then slowly. Drawn step by step it is jagged, because each step has other images; a point an epoch is smooth.",
      "The dashed line is the cost of the test images, from which nothing is learned. {solid} While both lines fall, the network learns what training and test images have in common. When only the training cost falls and the other rises, it learns its training images by heart.",
    ],
    attempt:
      "Train a new network, and see the pictures of its weights take shape. Change the learning rate meanwhile. What you trained before stays under “Runs”.",
    target: "#cost-chart-figure",
    show: "weights",
    deed: { name: "trainNew", label: "Train a new network" },
  },
  {
    title: "What it gets wrong",
    words: [
      "The share that is read right is one number. This table says more: each row is what an image shows, each column what the network reads. Mistakes are not spread evenly: what looks alike is confused.",
      "Below are misread test images, those first of which the network was the most sure. Sure and wrong costs the most. The gradient of one of them says how every parameter would have to move for it to be read better.",
    ],
    attempt:
      "Choose a cell outside the frames to see its images. Then look inside one of them, with the button under it.",
    target: "#mistakes",
  },
  {
    title: "Your turn",
    words: [
      "That was all of it: forward, cost, backward, nudge, again and again. Networks with billions of parameters learn by the same four, with more layers of more kinds.",
      "Now draw. Where the network is wrong, “That’s wrong” keeps your drawing, and the next one that you train learns from it. “Experiment”, at the top, has networks that learn well and some that fail, each in its own way.",
    ],
    attempt: "Draw the same digit in three ways until it is misread, then look inside.",
    target: "#pad-panel",
    show: "activations",
    deed: { name: "pad", label: "Go to the pad" },
  },
];
