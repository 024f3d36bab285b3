/**
 * Checks a value against its part of the server's JSON schema, in words. What slips through, the
 * server tells; these words only come sooner.
 */

import { FIELDS, valueOf } from "./fields.pure.js";

/** @typedef {Record<string, any>} Schema */

/**
 * What is wrong with each field, by name; a field in order is absent.
 * @param {import("./fields.pure.js").Texts} texts
 * @param {Schema} schema of a RunSpec
 * @returns {Record<string, string>}
 */
export function errorsOf(texts, schema) {
  const errors = {};
  for (const name of Object.keys(FIELDS)) {
    const property = schema.properties?.[name];
    const error = property && complaint(valueOf(name, texts[name]), property, schema);
    if (error) errors[name] = error;
  }
  const cost = texts.cost.trim();
  if (texts.output === "identity" && cost !== "squared-error" && !errors.output && !errors.cost) {
    errors.output = "An identity output goes with the squared error only.";
  }
  const activations = valueOf("activation", texts.activation);
  const hidden = valueOf("hidden", texts.hidden);
  if (Array.isArray(activations) && activations.length !== /** @type {any[]} */ (hidden).length) {
    errors.activation ??= "A list needs one activation for each hidden layer.";
  }
  return errors;
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
  if (schema.type === "integer" || schema.type === "number") return complaintOfNumber(value, schema);
  if (schema.type === "string") return typeof value === "string" ? null : "Must be a name.";
  if (schema.type === "boolean") return typeof value === "boolean" ? null : "Must be true or false.";
  return null;
}

/** @param {Schema} property @param {Schema} root @returns {Schema} */
function resolve(property, root) {
  let schema = property;
  if (schema.allOf?.length === 1) schema = { ...schema.allOf[0], ...schema, allOf: undefined };
  if (!schema.$ref) return schema;
  return root.$defs?.[schema.$ref.split("/").at(-1)] ?? {};
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
 * The field that a 422 answer speaks of, and its words.
 * @param {unknown} detail the answer's `detail`
 * @returns {{ fields: Record<string, string>, rest: string[] }}
 */
export function errorsFromAnswer(detail) {
  const fields = {};
  const rest = [];
  if (typeof detail === "string") rest.push(detail);
  for (const error of Array.isArray(detail) ? detail : []) {
    const words = String(error?.msg ?? "This is not a value that can be used.");
    const name = (Array.isArray(error?.loc) ? error.loc : []).find((part) => part in FIELDS);
    if (name === undefined) rest.push(words);
    else fields[name] ??= words;
  }
  return { fields, rest };
}
