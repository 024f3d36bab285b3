/**
 * Checks the form's values against the server's JSON schema, and says in words what is wrong. The
 * server checks them, too; this only says it sooner.
 */

import { FIELD_NAMES, isFieldName, items, valueOfText } from "./fields.pure.js";

/** @import { Draft, Errors, Spec, Texts } from "./fields.pure.js" */

/**
 * @typedef {object} Schema the parts of a JSON schema that are used here
 * @property {string} [$ref]
 * @property {Record<string, Schema>} [$defs]
 * @property {Record<string, Schema>} [properties]
 * @property {Schema[]} [allOf]
 * @property {Schema[]} [anyOf]
 * @property {Schema[]} [oneOf]
 * @property {unknown} [const]
 * @property {unknown[]} [enum]
 * @property {string} [type]
 * @property {Schema} [items]
 * @property {number} [minItems]
 * @property {number} [maxItems]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [exclusiveMinimum]
 * @property {number} [exclusiveMaximum]
 */

/**
 * What is wrong with each field, by name. A field without an error is absent.
 * @param {Texts} texts
 * @param {Schema} schema of a RunSpec
 * @returns {Errors}
 */
export function errorsOf(texts, schema) {
  /** @type {Errors} */
  const errors = {};
  for (const name of FIELD_NAMES) {
    const property = schema.properties?.[name];
    const error = property && complaint(valueOfText(name, texts[name]), property, schema);
    if (error) errors[name] = error;
  }
  const cost = texts.cost.trim();
  if (texts.output === "identity" && cost !== "squared-error" && !errors.output && !errors.cost) {
    errors.output = "An identity output goes with the squared error only.";
  }
  const activations = valueOfText("activation", texts.activation);
  if (Array.isArray(activations) && activations.length !== items(texts.hidden).length) {
    errors.activation ??= "A list needs one activation for each hidden layer.";
  }
  return errors;
}

/**
 * Whether the server would accept these values.
 * @param {Draft} values
 * @param {Schema} schema of a RunSpec
 * @returns {values is Spec}
 */
export function isSpec(values, schema) {
  return FIELD_NAMES.every((name) => {
    const property = schema.properties?.[name];
    return !property || complaint(values[name], property, schema) === null;
  });
}

/**
 * @param {unknown} value
 * @param {Schema} property
 * @param {Schema} root
 * @returns {string | null} what is wrong, or null
 */
export function complaint(value, property, root) {
  const schema = resolve(property, root);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return complaintOfVariants(value, variants, root);
  if (schema.const !== undefined) return value === schema.const ? null : `Must be ${schema.const}.`;
  if (schema.enum) return schema.enum.includes(value) ? null : `Must be ${listed(schema.enum)}.`;
  if (schema.type === "null") return value === null ? null : "Must be empty.";
  if (schema.type === "array") return complaintOfArray(value, schema, root);
  if (schema.type === "integer" || schema.type === "number")
    return complaintOfNumber(value, schema);
  if (schema.type === "string") return typeof value === "string" ? null : "Must be a name.";
  if (schema.type === "boolean")
    return typeof value === "boolean" ? null : "Must be true or false.";
  return null;
}

/** @param {Schema} property @param {Schema} root @returns {Schema} */
function resolve(property, root) {
  let schema = property;
  if (schema.allOf?.length === 1) schema = { ...schema.allOf[0], ...schema, allOf: undefined };
  if (!schema.$ref) return schema;
  const name = schema.$ref.split("/").at(-1) ?? "";
  return root.$defs?.[name] ?? {};
}

/** @param {unknown} value @param {Schema[]} variants @param {Schema} root */
function complaintOfVariants(value, variants, root) {
  const complaints = [];
  for (const variant of variants) {
    const error = complaint(value, variant, root);
    if (error === null) return null;
    const { type } = resolve(variant, root);
    const ofItsKind =
      (Array.isArray(value) && type === "array") ||
      (typeof value === "number" && (type === "number" || type === "integer")) ||
      (typeof value === "string" && (type === "string" || resolve(variant, root).enum));
    if (ofItsKind) return error;
    if (type !== "null") complaints.push(error);
  }
  const sentence = complaints.map((text) => text.replace(/\.$/, "")).join(", or ");
  return `${sentence.replace(/, or M/g, ", or m")}.`;
}

/** @param {unknown} value @param {Schema} schema @param {Schema} root */
function complaintOfArray(value, schema, root) {
  if (!Array.isArray(value)) return "Must be a list, with commas between.";
  if (value.length > (schema.maxItems ?? Infinity)) return `At most ${schema.maxItems} of them.`;
  if (value.length < (schema.minItems ?? 0)) return `At least ${schema.minItems} of them.`;
  for (const item of value) {
    const error = complaint(item, schema.items ?? {}, root);
    if (error) return `${item}: ${error[0].toLowerCase()}${error.slice(1)}`;
  }
  return null;
}

/** @param {unknown} value @param {Schema} schema */
function complaintOfNumber(value, schema) {
  const whole = schema.type === "integer";
  if (typeof value !== "number" || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    return whole ? "Must be a whole number." : "Must be a number.";
  }
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && value < minimum) return `Must be at least ${minimum}.`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return `Must be greater than ${exclusiveMinimum}.`;
  }
  if (maximum !== undefined && value > maximum) return `Must be at most ${maximum}.`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    return `Must be less than ${exclusiveMaximum}.`;
  }
  return null;
}

/** @param {unknown[]} names */
function listed(names) {
  if (names.length < 2) return String(names[0]);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/**
 * The fields that a 422 answer complains about, with its words for each.
 * @param {unknown} detail the answer's `detail`
 * @returns {{ fields: Errors, rest: string[] }}
 */
export function errorsFromAnswer(detail) {
  /** @type {Errors} */
  const fields = {};
  /** @type {string[]} */
  const rest = [];
  if (typeof detail === "string") rest.push(detail);
  for (const error of Array.isArray(detail) ? detail : []) {
    const words = String(error?.msg ?? "This is not a value that can be used.");
    /** @type {unknown[]} */
    const parts = Array.isArray(error?.loc) ? error.loc : [];
    const name = parts.map(String).find(isFieldName);
    if (name === undefined) rest.push(words);
    else fields[name] ??= words;
  }
  return { fields, rest };
}
