/**
 * The sheet's four tasks: what each sets up, what is guessed before the run starts, and what to
 * expect of it. The sheet at /sheet has the same numbers.
 *
 * @typedef {object} Task
 * @property {number} number
 * @property {string} title
 * @property {string} query of the page's address that sets it up
 * @property {string} question answered before the run starts
 * @property {string[]} answers
 * @property {string} go what to do once it is answered
 * @property {string} write what to write down
 * @property {boolean} [changesRate] whether one goes on by changing the learning rate
 */

/** @type {Task[]} */
export const TASKS = [
  {
    number: 1,
    title: "a network learns",
    query: "",
    question:
      "The network begins with random weights. How many of ten test digits will it read right after 30 epochs?",
    answers: ["about 1", "about 5", "about 9", "all 10"],
    go: "Now train, and see.",
    write: "Which digits does it confuse? Why those?",
  },
  {
    number: 2,
    title: "the size of a step",
    query: "?activation=identity&output=softmax&cost=cross-entropy&learning_rate=1000&epochs=10",
    question: "The learning rate is 1,000 instead of 0.1. What will the cost do?",
    answers: ["fall faster", "fall more slowly", "stay as it is", "grow beyond all bounds"],
    go: "Now train, and see.",
    write: "What happened, and at which step? Find the largest rate that still works.",
    changesRate: true,
  },
  {
    number: 3,
    title: "only two hundred digits",
    query:
      "?hidden=128&activation=relu&output=softmax&cost=cross-entropy&optimizer=adam&initializer=he&train_examples=200&epochs=100",
    question: "A large network sees only 200 digits. What will become of its accuracy?",
    answers: [
      "good on both training and test digits",
      "perfect on training digits, worse on test digits",
      "poor on both",
    ],
    go: "Now train, and see.",
    write: "Where do the two lines part, and what does that mean?",
  },
  {
    number: 4,
    title: "your own handwriting",
    query: "",
    question: "Draw ten digits. How many will the network read right before you have corrected it?",
    answers: ["0 to 3", "4 to 6", "7 to 9", "all 10"],
    go: "Now draw, and see.",
    write:
      "Correct those that it misread. How many does it read right now, and what may it have forgotten?",
  },
];

/**
 * The query that sets a page up: that of the task, if it names one. Each pupil has another seed.
 * @param {string} query
 * @param {number | null} pupil
 */
export function setupOf(query, pupil) {
  const task = taskOf(query);
  return task ? `${task.query || "?"}&seed=${pupil ?? 0}` : query;
}

/** The task that a query names. @param {string} query @returns {Task | null} */
export function taskOf(query) {
  const number = Number(new URLSearchParams(query).get("lesson"));
  return TASKS.find((task) => task.number === number) ?? null;
}
