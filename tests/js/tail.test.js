// The line that a sum ends in: its own for each step, or one for all, with what differs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tailAt } from "../../cnnlab/ui/components/grid_lab/tail.js";

const LINE = [
  ["text", "bias"],
  ["given", 0],
  ["text", "="],
  ["result", 27],
];

test("lines of several kinds are told one by one", () => {
  const tails = [[["text", "nothing"]], LINE];
  assert.equal(tailAt(tails, 1), LINE);
  assert.deepEqual(tailAt({ 3: LINE }, 3), LINE);
});

test("lines of one kind are told once, with what stands at the open places by step", () => {
  const tails = { line: LINE, open: [3], steps: [[27], [36]] };
  assert.deepEqual(tailAt(tails, 0), LINE);
  assert.deepEqual(tailAt(tails, 1), [...LINE.slice(0, 3), ["result", 36]]);
  assert.deepEqual(LINE[3], ["result", 27], "the line itself stays as it came");
});
