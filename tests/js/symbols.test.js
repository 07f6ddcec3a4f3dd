// What cells are called, and how much room a sum in letters takes.

import assert from "node:assert/strict";
import { test } from "node:test";

const { longestSymbol, sizeInCell, symbolOf } = await import("../../cnnlab/ui/components/grid_lab/symbols.js");
const { roomOfNumbers, setTerms, widthOfTerms } = await import("../../cnnlab/ui/components/grid_lab/sum_room.js");

const GROUP = {
  first: 0,
  count: 1,
  sections: [{ left: "input", right: "kernel", columns: 3, title: "" }],
  row_sums: true,
  tail: [["text", "b"]],
};

function typed(size) {
  const values = Array.from({ length: size }, () => new Array(size).fill(7));
  const texts = values.map((row) => row.map(String));
  return { kind: "typed", values, texts, padding: 0, mode: "zeros", padded: values, first: null };
}

const scene = (symbols, size = 5) => ({
  boards: {
    input: typed(size),
    kernel: typed(3),
    output: { kind: "computed", frames: null, values: [441], size: [size - 2, size - 2], first: 0 },
  },
  groups: [GROUP],
  products: [new Array(9).fill(49)],
  parts: [],
  row_sums: [[147, 147, 147]],
  tails: [],
  symbols,
});
const letters = { input: "x", kernel: "w", output: "y" };
const named = (numbers, size) => scene({ letters, numbers, right_first: true }, size);

test("a name counts rows and columns from 1, and two names are never the same", () => {
  assert.equal(symbolOf("w", 0, 2), "w13");
  const names = new Set();
  for (let row = 0; row < 16; row += 1)
    for (let column = 0; column < 16; column += 1) names.add(symbolOf("x", row, column));
  assert.equal(names.size, 256);
  assert.ok(names.has("x1,12") && names.has("x11,2"));
});

test("a board's longest name is that of its last cell, and a board without a letter has none", () => {
  assert.equal(longestSymbol(named(false), "input"), 3);
  assert.equal(longestSymbol(named(false, 16), "input"), 6);
  assert.equal(longestSymbol(scene(null), "input"), 0);
  assert.equal(longestSymbol(named(false), null), 0);
});

test("a name that is longer than its cell is written smaller", () => {
  assert.equal(sizeInCell("w11", 3, 40), "");
  assert.equal(sizeInCell("w11", 2, 20), "10px");
  assert.equal(sizeInCell("x12,12", 2, 20), "7px");
});

test("a sum in letters has the room of its names and of what stands before it, and none for products", () => {
  const numbers = roomOfNumbers(scene(null)).characters;
  const inLetters = roomOfNumbers(named(false)).characters;
  assert.deepEqual([inLetters.left, inLetters.right, inLetters.product, inLetters.symbol], [3, 3, 0, 0]);
  assert.equal(inLetters.lead, "y11 =".length);
  assert.ok(numbers.lead === 0 && numbers.product === 2);
});

test("names and numbers take more room side by side than one above the other", () => {
  const { characters } = roomOfNumbers(named(true));
  const [side, above] = [false, true].map((isBeside) => widthOfTerms([GROUP], characters, "bare", isBeside));
  assert.ok(side > above);
  assert.notEqual(setTerms([GROUP], characters, above, true), "stacked");
  assert.equal(setTerms([GROUP], characters, above, false), "stacked");
});
