import assert from "node:assert/strict";
import { test } from "node:test";
import { chainOf, costWith, nudgedCost } from "../../../static/inside/chain.pure.js";
import { parameterOf, parametersOf } from "../../../static/inside/walk.pure.js";
import { countOf, placeOf } from "../../../static/network/theta.pure.js";
import { NAMES, walkNamed } from "./walks.js";

for (const name of NAMES) {
  test(`the product of each parameter's chain is its element of the gradient: ${name}`, () => {
    const walk = walkNamed(name);
    for (let index = 0; index < countOf(walk.shapes); index += 1) {
      const place = placeOf(walk.shapes, index);
      assert.ok(place);
      const { factors, product, slope } = chainOf(walk, place);
      assert.ok(Math.abs(product - slope) <= 1e-12 * Math.max(1, Math.abs(slope)));
      assert.equal(slope, parameterOf(walk, place).slope);
      for (const { value, terms, rest } of factors) {
        if (terms.length === 0) continue;
        const sum = terms.reduce((total, term) => total + (term.value ?? 0), rest?.value ?? 0);
        assert.ok(Math.abs(sum - value) < 1e-12);
      }
    }
  });

  test(`a small nudge changes the cost as the chain predicts: ${name}`, () => {
    const walk = walkNamed(name);
    const cost = walk.tensors.get("cost")?.values[0] ?? 0;
    assert.ok(Math.abs(costWith(walk, parametersOf(walk)) - cost) < 1e-9);
    for (let index = 0; index < countOf(walk.shapes); index += 1) {
      const place = placeOf(walk.shapes, index);
      assert.ok(place);
      const { predicted, measured } = nudgedCost(walk, place, 1e-5);
      assert.ok(Math.abs(predicted - measured) < 1e-8, `${name} ${index}`);
    }
  });
}

test("a chain that is 0 says why", () => {
  const walk = walkNamed("seed");
  assert.match(chainOf(walk, { layer: 0, neuron: 0, cell: 1 }).why, /pixel is dark/);
  const relu = walkNamed("pretrained");
  const off = [...(relu.tensors.get("z.0")?.values ?? [])].findIndex((z) => z < 0);
  assert.ok(off >= 0);
  assert.match(chainOf(relu, { layer: 0, neuron: off, cell: 0 }).why, /neuron is off/);
});
