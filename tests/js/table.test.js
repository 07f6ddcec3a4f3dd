// What a table of layers holds, and how it changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, Layers, objection, retyped, stateOf, widthFor } from "../../cnnlab/ui/components/table/layers.js";

const named = (...types) => types.map((type) => ({ type, args: {} }));
const types = (layers) => layers.state.layers.map(({ type }) => type);

function layersOf(given = {}) {
  return new Layers(stateOf({ rows: named("conv", "relu", "pool"), selects: true, ...given }));
}

test("a state is a copy, in which what is not said is nothing", () => {
  const data = { rows: [{ type: "conv", args: { kernel: "3" }, results: null }] };
  const state = stateOf(data);
  assert.deepEqual(state, {
    input: "",
    layers: [{ type: "conv", args: { kernel: "3" } }],
    hidden: [],
    selected: null,
    answers: {},
  });
  state.layers[0].args.kernel = "5";
  assert.equal(data.rows[0].args.kernel, "3");
});

test("a row that is only marked is no choice, so that what is added comes at the end", () => {
  const layers = layersOf({ selects: false, selected: 0 });
  assert.equal(layers.state.selected, null);
  layers.add("linear", {});
  assert.deepEqual(types(layers), ["conv", "relu", "pool", "linear"]);
});

test("a new layer comes after the selected one and is selected, and questions move with their rows", () => {
  const layers = layersOf({ selected: 1, hidden: ["s0", "p1", "s2"] });
  const start = { out: "10" };
  layers.add("linear", start);
  assert.deepEqual(types(layers), ["conv", "relu", "linear", "pool"]);
  assert.equal(layers.state.selected, 2);
  assert.deepEqual(layers.state.hidden, ["s0", "p1", "s3"]);
  layers.state.layers[2].args.out = "7";
  assert.equal(start.out, "10");
});

test("with a removed layer go its questions and the choice of it", () => {
  const layers = layersOf({ selected: 1, hidden: ["s0", "p1", "s2", "p12"] });
  layers.remove(1);
  assert.deepEqual(types(layers), ["conv", "pool"]);
  assert.equal(layers.state.selected, null);
  assert.deepEqual(layers.state.hidden, ["s0", "s1", "p11"]);
});

test("the choice of a row below a removed one stays with its layer", () => {
  const layers = layersOf({ selected: 2 });
  layers.remove(0);
  assert.equal(layers.state.selected, 1);
});

for (const [from, by, after] of [
  [1, -1, ["relu", "conv", "pool"]],
  [1, 1, ["conv", "pool", "relu"]],
])
  test(`a layer that moves by ${by} takes along what belongs to it`, () => {
    const layers = layersOf({ selected: from, hidden: [`s${from}`, `p${from + by}`] });
    layers.view(from).isOpen = true;
    layers.view(from).shown.add("padding");
    layers.move(from, by);
    assert.deepEqual(types(layers), after);
    assert.equal(layers.state.selected, from + by);
    assert.deepEqual(layers.state.hidden, [`s${from + by}`, `p${from}`]);
    assert.deepEqual(layers.view(from + by), { shown: new Set(["padding"]), isOpen: true });
    assert.deepEqual(layers.view(from), { shown: new Set(), isOpen: false });
  });

test("what is opened stays with its layer when others come and go", () => {
  const layers = layersOf({ selected: 0 });
  layers.view(2).isOpen = true;
  layers.add("linear", {});
  assert.ok(layers.view(3).isOpen);
  layers.remove(0);
  assert.ok(layers.view(2).isOpen);
  layers.remove(2);
  layers.add("linear", {});
  assert.equal(layers.view(2).isOpen, false);
});

test("new data hide again what typing had shown, and close nothing", () => {
  const layers = layersOf();
  layers.view(2).isOpen = true;
  layers.view(2).shown.add("padding");
  layers.forgetShown();
  assert.deepEqual(layers.view(2), { shown: new Set(), isOpen: true });
});

const CONV = { name: "conv", usual: { stride: "1" } };
const POOL = { name: "pool", usual: { stride: "kernel" } };
const limitsOf = (name) => (name === "stride" ? [1, 6] : undefined);
for (const [before, after, args, stride] of [
  [CONV, POOL, { kernel: "3", stride: "1" }, "3"],
  [CONV, POOL, { kernel: "9", stride: "1" }, "6"], // no more than a stride may be
  [CONV, POOL, { kernel: "3", stride: "2" }, "2"], // said otherwise
  [POOL, CONV, { kernel: "3", stride: "3" }, "1"],
  [POOL, CONV, { kernel: "3", stride: "2" }, "2"],
])
  test(`${before.name} ${JSON.stringify(args)} becomes ${after.name} with a stride of ${stride}`, () => {
    const layer = { type: before.name, args };
    assert.deepEqual(retyped(layer, before, after, limitsOf), { type: after.name, args: { ...args, stride } });
    assert.equal(layer.type, before.name);
  });

test("a type without usual values keeps what was typed", () => {
  const layer = { type: "Conv2d", args: { out_channels: "6" } };
  const made = retyped(layer, { name: "Conv2d" }, { name: "Linear" }, () => undefined);
  assert.deepEqual(made, { type: "Linear", args: { out_channels: "6" } });
});

for (const [text, isUnreadable, told] of [
  ["1", false, null],
  ["11", false, null],
  ["05", false, null],
  ["0", false, "refused"],
  ["12", false, "refused"],
  ["-1", false, "refused"],
  ["2.5", false, "refused"],
  ["1e1", false, "refused"],
  ["", false, "refused_empty"],
  ["", true, "refused_text"],
])
  test(`'${text}'${isUnreadable ? ", which a browser does not tell," : ""} from 1 to 11: ${told ?? "fits"}`, () => {
    assert.equal(objection(text, [1, 11], isUnreadable), told);
  });

for (const [text, key, after] of [
  ["9", "ArrowUp", "10"],
  ["9", "ArrowDown", "8"],
  ["0", "ArrowDown", "0"],
  ["9", "ArrowLeft", null],
  ["same", "ArrowUp", null],
  ["", "ArrowUp", null],
  ["3×5", "ArrowUp", null],
])
  test(`${key} makes ${after ?? "nothing"} of '${text}'`, () => assert.equal(counted(text, key), after));

test("a field is as wide as its text, from two characters to twelve", () => {
  assert.deepEqual(["", "3", "128", "1".repeat(40)].map(widthFor), ["3.9ch", "3.9ch", "4.9ch", "13.9ch"]);
});
