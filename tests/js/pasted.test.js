// Blocks of numbers as people have them on their clipboards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { splitBlock } from "../../cnnlab/ui/components/grid_lab/pasted.js";

const SQUARE = [
  ["1", "2"],
  ["3", "4"],
];

const BLOCKS = {
  "a spreadsheet": "1\t2\r\n3\t4\r\n",
  "an old spreadsheet": "1\t2\r3\t4",
  CSV: "1,2\n3,4",
  "CSV with spaces": "1, 2\n3, 4\n",
  "numbers between spaces": " 1 2\n 3   4",
  "a link": "1,2;3,4",
  "a list of Python": "[[1, 2], [3, 4]]",
  "an array of NumPy": "array([[1, 2],\n       [3, 4]], dtype=int8)",
  "a printed array": "[[1 2]\n [3 4]]",
  "a tensor of PyTorch": "tensor([[1, 2],\n        [3, 4]], device='cuda:0', dtype=torch.uint8)",
  "an East Asian keyboard": "１，２；３，４",
};

for (const [name, text] of Object.entries(BLOCKS)) {
  test(`${name} is rows of cells`, () => assert.deepEqual(splitBlock(text), SQUARE));
}

test("where semicolons part the cells, the commas belong to the numbers", () => {
  assert.deepEqual(splitBlock("1,5;2\n3;4,5"), [
    ["1,5", "2"],
    ["3", "4,5"],
  ]);
});

test("likewise where spaces part them", () => {
  assert.deepEqual(splitBlock("1,5 2,5"), [["1,5", "2,5"]]);
});

test("an empty cell of a spreadsheet keeps its place", () => {
  assert.deepEqual(splitBlock("1\t\t3"), [["1", "", "3"]]);
});

test("one value is one cell, and nothing is no row", () => {
  assert.deepEqual(splitBlock(" -7 "), [["-7"]]);
  assert.deepEqual(splitBlock(" \n\t\n"), []);
});
