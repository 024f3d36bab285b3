/**
 * The form's behaviour: what is typed becomes a spec, is checked, is put into the address, and is sent
 * to the run that trains if that can change it.
 */

import { complaintOfDataset, findDataset } from "../datasets/datasets.pure.js";
import { isSteered } from "../runs/run.pure.js";
import { ApiError, api } from "../shell/api.js";
import { wholeNumberOf } from "../shell/number.pure.js";
import { oneAtATime } from "../shell/requests.js";
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
import { errorsOf, isSpec } from "./validation.pure.js";

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
  const send = oneAtATime(sendChanges);

  /** @param {Partial<Form>} changes */
  const setForm = (changes) => store.set({ form: { ...state.form, ...changes } });

  /**
   * Puts a text into a field.
   * @param {FieldName} name
   * @param {string} text
   * @param {boolean} settled false while it is being typed
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

  /** An empty learning rate becomes a good one. */
  function useGoodRate() {
    const texts = { ...state.form.texts, learning_rate: goodRate(page, state.form.texts) };
    setForm({ texts, autoRate: true });
  }

  /** What is wrong with each field. @param {Texts} texts */
  function faultsOf(texts) {
    const dataset = complaintOfDataset(state.datasets, texts.dataset.trim());
    return { ...errorsOf(texts, page.schema), ...(dataset ? { dataset } : {}) };
  }

  /** Checks the form again: the server has other data sets now. */
  function review() {
    const { dataset: _, ...refused } = state.form.refused;
    setForm({ refused, errors: { ...faultsOf(state.form.texts), ...refused } });
  }

  /** Says what is wrong, puts the experiment into the address, and sends what the run can change. */
  function check() {
    clearTimeout(timer);
    examine();
    send();
  }

  /** Says what is wrong, and puts the experiment into the address. */
  function examine() {
    const { form } = state;
    setForm({ errors: { ...faultsOf(form.texts), ...form.refused } });
    history.replaceState(null, "", location.pathname + query());
  }

  /**
   * Fills the whole form with another experiment. Nothing is sent: it is meant for another run than
   * the one that is shown.
   * @param {Texts} texts
   */
  function fill(texts) {
    clearTimeout(timer);
    setForm(completed(page, texts));
    examine();
  }

  /** Fills in a preset's experiment, at the pace that is chosen now. @param {string} name */
  function choosePreset(name) {
    const { steps_per_second } = state.form.texts;
    fill({ ...textsOfPreset(name, startTexts(page)), steps_per_second });
  }

  const chooseDefaults = () => fill(startTexts(page));

  /** Fills in the setup of a run. @param {Spec} runSpec */
  function copy(runSpec) {
    const texts = textsOf(runSpec);
    if (texts.learning_rate === goodRate(page, texts)) texts.learning_rate = "null"; // it follows optimizer and cost
    fill(texts);
  }

  /** @returns {string | null} the preset that the form is set to */
  const preset = () => presetOf(chosenTexts(), startTexts(page));

  /** The texts; the learning rate is "null" if nobody chose it. */
  function chosenTexts() {
    const { texts, autoRate } = state.form;
    return autoRate ? { ...texts, learning_rate: "null" } : texts;
  }

  /** @returns {string} the query of the page's address */
  function query() {
    return queryWithStep(queryOf(chosenTexts(), startTexts(page)), state.tour);
  }

  /**
   * What to train with. A learning rate that nobody chose is left to the server.
   * @returns {Draft}
   */
  function spec() {
    const { texts, autoRate } = state.form;
    return { ...draftOf(texts), ...(autoRate ? { learning_rate: null } : {}) };
  }

  /**
   * What to train with, with the learning rate that the form shows.
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

  /** Sends what the run should change. */
  async function sendChanges() {
    const { run } = state;
    const body = changes();
    if (!run || !isSteered(run) || Object.keys(body).length === 0) return;
    try {
      const changed = await api.change(run.id, body);
      if (state.run?.id === changed.id) store.set({ run: { ...state.run, spec: changed.spec } });
    } catch (error) {
      tell(error);
    }
  }

  /** Shows what the server refused, at its field if it names one. @param {unknown} error */
  function tell(error) {
    if (!(error instanceof ApiError)) throw error;
    const { fields, rest } = error;
    const refused = { ...state.form.refused, ...fields };
    setForm({ refused, errors: { ...state.form.errors, ...fields } });
    if (Object.keys(fields).length) pointOut();
    if (rest) store.set({ problem: rest });
  }

  /** Makes the view show the first wrong field. */
  function pointOut() {
    setForm({ attempts: state.form.attempts + 1 });
  }

  /** @returns {boolean} whether the form can be trained with; if not, it says why */
  function ready() {
    examine();
    const good = Object.keys(state.form.errors).length === 0;
    if (good)
      clearTimeout(timer); // the caller sends what is due
    else pointOut();
    return good;
  }

  /**
   * Takes a run's spec into the form. Of a run that the form has known before, only what has been
   * changed elsewhere since.
   * @param {Spec} runSpec
   * @param {Partial<Spec> | null} before the spec when the form last took it; null: it never did
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

  /** What the address asks for besides the run; what a live run can change is left as it is there. */
  function plannedByAddress() {
    const texts = textsOfQuery(location.search);
    if (texts.learning_rate === "null") delete texts.learning_rate;
    if (isSteered(state.run)) for (const name of LIVE_FIELDS) delete texts[name];
    return texts;
  }

  /** @returns {number} a smaller rate than that of the run, which was too large */
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

  // Once no run trains with it, a rate that nobody chose follows optimizer and cost again.
  store.subscribe(["run"], () => {
    if (!state.form.autoRate || isSteered(state.run)) return;
    const rate = goodRate(page, state.form.texts);
    if (rate !== state.form.texts.learning_rate) useGoodRate();
  });

  /** @returns {number} the size of the training set; Infinity: not known */
  function trainingExamples() {
    const { texts } = state.form;
    const dataset = findDataset(state.datasets, texts.dataset);
    const chosen = wholeNumberOf(texts.train_examples) || Infinity;
    return Math.min(chosen, dataset?.training_examples ?? Infinity);
  }

  return {
    edit,
    useGoodRate,
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
