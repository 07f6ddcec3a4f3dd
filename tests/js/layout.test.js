// Which arrangement of the boards is taken, and how large their cells are.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { element, setWindow } from "./page.js";

const { arrange, furnish } = await import("../../cnnlab/ui/components/grid_lab/layout.js");

const board = (rows, columns) => ({ extent: [rows, columns], title: "Input", resizable: false });
const ROW = { way: "row", items: ["input", "kernel", "=", "output"] };
const WRAP = { way: "wrap", items: ["input", "kernel", "output"] };

function scene(size, arrangements) {
  return {
    boards: { input: board(size, size), kernel: board(3, 3), output: board(size - 2, size - 2) },
    groups: [],
    arrangements: arrangements.map((each) => ({ enough: 28, tall: 520, narrow: false, largest: 58, ...each })),
  };
}

const BOTH = [{ node: ROW }, { node: WRAP, narrow: true }];

beforeEach(() => setWindow());

test("the first arrangement with cells that are large enough is taken", () => {
  assert.equal(arrange(scene(5, BOTH), 1000).node, ROW);
});

test("where its cells would be too small, the next one is", () => {
  const data = scene(20, BOTH);
  assert.equal(arrange(data, 1000).node, WRAP);
  assert.equal(arrange(data, 2200).node, WRAP, "twenty rows of 28 pixels are higher than 520");
  data.arrangements[0].tall = 1000;
  assert.equal(arrange(data, 2200).node, ROW);
});

test("a taller window gives the boards more room", () => {
  const data = scene(12, BOTH);
  const cell = arrange(data, 2000).cell;
  setWindow({ height: 900 });
  assert.ok(arrange(data, 2000).cell > cell);
});

test("on a phone only what is made for it is taken, and the last arrangement always may be", () => {
  assert.equal(arrange(scene(5, BOTH), 380).node, WRAP);
  assert.equal(arrange(scene(5, [{ node: ROW }, { node: WRAP }]), 380).node, WRAP);
});

test("cells are no larger than asked for, nor than a hand needs", () => {
  const few = (largest) => arrange(scene(3, [{ node: ROW, largest }]), 3000).cell;
  assert.equal(few(30), 30);
  assert.equal(few(58), 48);
  setWindow({ height: 1000 });
  assert.equal(few(58), 58);
});

test("a finger's cells stay large where there is no room: the board scrolls", () => {
  const data = scene(30, [{ node: WRAP }]);
  assert.equal(arrange(data, 600).cell, 20);
  setWindow({ isTouch: true });
  assert.equal(arrange(data, 600).cell, 30);
});

test("larger cells have room for more characters, and smaller type for more than full size", () => {
  const narrow = arrange(scene(5, [{ node: ROW, largest: 24 }]), 1000);
  const wide = arrange(scene(5, [{ node: ROW, largest: 48 }]), 1000);
  assert.ok(narrow.room < wide.room);
  for (const { room, longRoom, weightRoom, digits } of [narrow, wide]) {
    assert.ok(longRoom >= room && weightRoom >= 2 && digits >= 12);
  }
});

test("a table's columns line up: it is as wide as the widest of each", () => {
  const table = { way: "table", columns: 2, items: ["input", "=", "", "output"] };
  const data = scene(9, [{ node: table, enough: 1, tall: 2000 }]);
  // The input's 9 columns and then the output's 7, each with 3 pixels between cells, and 6 pixels between the places.
  const { cell } = arrange(data, 9 * 33 + 7 * 33 + 6);
  assert.equal(cell, 30);
});

test("boards are put where the tree has their names, and signs between them", () => {
  const elements = new Map([
    ["input", element()],
    ["output", element()],
  ]);
  const group = furnish({ way: "row", items: ["input", "=", "", "output"] }, elements);
  assert.equal(group.className, "group row");
  const [input, sign, gap, output] = group.children;
  assert.equal(input, elements.get("input"));
  assert.equal(output, elements.get("output"));
  assert.deepEqual([sign.className, sign.textContent], ["operator", "="]);
  assert.equal(gap.className, "gap");
  const table = furnish({ way: "table", columns: 3, items: [] }, elements);
  assert.equal(table.properties.get("--places"), "3");
});
