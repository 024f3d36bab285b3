/**
 * The form's behaviour, without its looks: what is typed becomes a spec, is checked, stands in the
 * address, and goes to the running network at once where that can take it.
 */

import { complaintOfDataset } from "../datasets/datasets.pure.js";
import { isSteered } from "../runs/run.pure.js";
import { ApiError, api } from "../shell/api.js";
import { queryWithStep } from "../tour/tour.pure.js";
import { queryOf, textsOfQuery } from "./address.pure.js";
import {
  differences,
  draftOf,
  FIELD_NAMES,
  LIVE_FIELDS,
  same,
  textOf,
  textsOf,
} from "./fields.pure.js";
import { completed, formOfQuery, goodRate, startTexts } from "./form.pure.js";
import { presetOf, textsOfPreset } from "./presets.pure.js";
import { smallerRate } from "./rate.pure.js";
import { errorsFromAnswer, errorsOf, isSpec } from "./validation.pure.js";

/**
 * @import { Draft, FieldName, Spec, Texts } from "./fields.pure.js"
 * @import { Form } from "./form.pure.js"
 * @import { Store } from "../shell/state.js"
 */

const TYPING_PAUSE = 250; // milliseconds

/** @param {Store} store */
export function createForm(store) {
  const { state } = store;
  const { page } = state;
  let timer = 0;
  /** @type {Promise<void> | null} */
  let sending = null;

  /** @param {Partial<Form>} changes */
  const setForm = (changes) => store.set({ form: { ...state.form, ...changes } });

  /**
   * @param {FieldName} name
   * @param {string} text
   * @param {boolean} settled false while somebody is still typing
   */
  function edit(name, text, settled) {
    const { form } = state;
    if (text !== form.texts[name]) {
      const { [name]: _, ...refused } = form.refused;
      const texts = { ...form.texts, [name]: text };
      let { autoRate } = form;
      if (name === "learning_rate") autoRate = false;
      if (autoRate && !isSteered(state.run)) texts.learning_rate = goodRate(page, texts);
      setForm({ texts, refused, autoRate });
    }
    if (settled && name === "learning_rate" && text.trim() === "") useGoodRate();
    clearTimeout(timer);
    if (settled) check();
    else timer = setTimeout(check, TYPING_PAUSE);
  }

  /** An emptied learning rate: a good one again. */
  function useGoodRate() {
    const texts = { ...state.form.texts, learning_rate: goodRate(page, state.form.texts) };
    setForm({ texts, autoRate: true });
  }

  /** What is wrong with each field. @param {Texts} texts */
  function faultsOf(texts) {
    const dataset = complaintOfDataset(state.datasets, texts.dataset.trim());
    return { ...errorsOf(texts, page.schema), ...(dataset ? { dataset } : {}) };
  }

  /** Looks once more at what is wrong: the server has other data sets now. */
  function review() {
    const { dataset: _, ...refused } = state.form.refused;
    setForm({ refused, errors: { ...faultsOf(state.form.texts), ...refused } });
  }

  /** Says what is wrong, puts the rest into the address, and sends what the run can take. */
  function check() {
    clearTimeout(timer);
    examine();
    send();
  }

  /** Says what is wrong, and puts the rest into the address. */
  function examine() {
    const { form } = state;
    setForm({ errors: { ...faultsOf(form.texts), ...form.refused } });
    history.replaceState(null, "", location.pathname + query());
  }

  /**
   * Fills the whole form with another experiment. Nothing of it is sent: the run that trains is not
   * the one that it is meant for.
   * @param {Texts} texts
   */
  function fill(texts) {
    clearTimeout(timer);
    setForm(completed(page, texts));
    examine();
  }

  /** Fills in a preset's experiment, at the pace that the reader has chosen. @param {string} name */
  function choosePreset(name) {
    const { steps_per_second } = state.form.texts;
    fill({ ...textsOfPreset(name, startTexts(page)), steps_per_second });
  }

  const chooseDefaults = () => fill(startTexts(page));

  /** Fills in a run's own setup. @param {Spec} runSpec */
  function copy(runSpec) {
    const texts = textsOf(runSpec);
    if (texts.learning_rate === goodRate(page, texts)) texts.learning_rate = "null"; // it follows optimizer and cost
    fill(texts);
  }

  /** @returns {string | null} the preset that the form is set to */
  const preset = () => presetOf(chosenTexts(), startTexts(page));

  /** The texts, with a learning rate that nobody chose left open. */
  function chosenTexts() {
    const { texts, autoRate } = state.form;
    return autoRate ? { ...texts, learning_rate: "null" } : texts;
  }

  /** @returns {string} the query of the page's address */
  function query() {
    return queryWithStep(queryOf(chosenTexts(), startTexts(page)), state.tour);
  }

  /**
   * What to train with. An untouched learning rate is left to the server.
   * @returns {Draft}
   */
  function spec() {
    const { texts, autoRate } = state.form;
    return { ...draftOf(texts), ...(autoRate ? { learning_rate: null } : {}) };
  }

  /**
   * What to train with, with the learning rate that stands in the form.
   * @returns {Spec | null} null while something in the form is wrong
   */
  function specWithRate() {
    const draft = draftOf(state.form.texts);
    return isSpec(draft, page.schema) ? draft : null;
  }

  /** What the run should change, as the contract's PATCH takes it. */
  function changes() {
    const { run, form } = state;
    if (!run) return {};
    const wanted = draftOf(form.texts);
    const names = differences(wanted, run.spec, LIVE_FIELDS).filter((name) => !form.errors[name]);
    return Object.fromEntries(names.map((name) => [name, wanted[name]]));
  }

  /** @returns {Promise<void>} done when the run has what stands in the form */
  function send() {
    sending ??= sendAll().finally(() => (sending = null));
    return sending;
  }

  async function sendAll() {
    let sent = {};
    for (;;) {
      const { run } = state;
      const body = changes();
      // What was sent and still differs is what the server makes of it.
      if (!run || !isSteered(run) || Object.keys(body).length === 0 || same(body, sent)) return;
      try {
        const changed = await api.change(run.id, body);
        if (state.run?.id === changed.id) store.set({ run: { ...state.run, spec: changed.spec } });
      } catch (error) {
        tell(error);
        return;
      }
      sent = body;
    }
  }

  /** Tells what the server refused: at its field where it names one. @param {unknown} error */
  function tell(error) {
    if (!(error instanceof ApiError)) throw error;
    const { fields, rest } = errorsFromAnswer(error.detail);
    const refused = { ...state.form.refused, ...fields };
    setForm({ refused, errors: { ...state.form.errors, ...fields } });
    if (Object.keys(fields).length) pointOut();
    if (rest.length) store.set({ problem: rest.join(" ") });
  }

  /** Asks the view to bring the first wrong field to the reader. */
  function pointOut() {
    setForm({ attempts: state.form.attempts + 1 });
  }

  /** @returns {boolean} whether the form can be trained with; if not, the reader is told */
  function ready() {
    examine();
    const good = Object.keys(state.form.errors).length === 0;
    if (good)
      clearTimeout(timer); // the caller sends what is due
    else pointOut();
    return good;
  }

  /**
   * Takes a run's spec into the form: all of it for a run that was opened by its address; for one
   * that was seen before only what has been changed elsewhere.
   * @param {Spec} runSpec
   * @param {Partial<Spec> | null} before
   */
  function adopt(runSpec, before) {
    const texts = { ...state.form.texts };
    const mine = draftOf(texts);
    for (const name of FIELD_NAMES) {
      if (!(name in runSpec) || same(mine[name], runSpec[name])) continue;
      if (before === null || same(mine[name], before[name]))
        texts[name] = textOf(name, runSpec[name]);
    }
    if (before === null) Object.assign(texts, plannedByAddress());
    const autoRate =
      before === null ? texts.learning_rate === goodRate(page, texts) : state.form.autoRate;
    setForm({ texts, autoRate, errors: faultsOf(texts) });
  }

  /** What the address asks for beyond the run that it names: a live run's own figures hold. */
  function plannedByAddress() {
    const texts = textsOfQuery(location.search);
    if (texts.learning_rate === "null") delete texts.learning_rate;
    if (isSteered(state.run)) for (const name of LIVE_FIELDS) delete texts[name];
    return texts;
  }

  /** A smaller rate than that of the run, which was too large. */
  function lowerRate() {
    const { run } = state;
    const rate = Number(run?.spec.learning_rate);
    if (run === null || run.status === "diverged") return smallerRate(rate, rate); // as its reason says
    return smallerRate(rate, Number(goodRate(page, textsOf(run.spec))));
  }

  /** Fills the form from the address. */
  function readAddress() {
    store.set({ form: formOfQuery(page, location.search) });
  }

  // A rate that nobody chose follows optimizer and cost again once no run depends on it.
  store.subscribe(["run"], () => {
    if (!state.form.autoRate || isSteered(state.run)) return;
    const rate = goodRate(page, state.form.texts);
    if (rate !== state.form.texts.learning_rate) useGoodRate();
  });

  /** The training set's size, as far as it is known. @returns {number} */
  function trainingExamples() {
    const { texts } = state.form;
    const dataset = state.datasets.find(({ name }) => name === texts.dataset);
    const chosen = Number(texts.train_examples) || Infinity;
    return Math.min(chosen, dataset?.training_examples ?? Infinity);
  }

  return {
    edit,
    check,
    send,
    review,
    spec,
    specWithRate,
    query,
    changes,
    tell,
    ready,
    adopt,
    lowerRate,
    readAddress,
    preset,
    choosePreset,
    chooseDefaults,
    copy,
    trainingExamples,
  };
}

/** @typedef {ReturnType<typeof createForm>} FormService */
