// What is said below a board, and what its numbers light.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { Caption } = await import("../../cnnlab/ui/components/grid_lab/caption.js");

const PARTS = [
  { text: "2", about: "the width", cells: { input: [0, 1] } },
  { text: "+", about: null, cells: {} },
];

test("a caption that is told anew lights nothing, and leaves it to the update to draw", () => {
  const lit = [];
  const lab = { lit: null, light: (cells) => lit.push(cells) };
  const caption = new Caption(lab);
  caption.take(PARTS);
  caption.element.children.at(-2).dispatch("pointerenter");
  assert.deepEqual(lit, [PARTS[0].cells]);
  lab.lit = PARTS[0].cells;
  caption.take(PARTS);
  assert.equal(lab.lit, PARTS[0].cells, "nothing was told anew");
  caption.take(PARTS.slice(1));
  assert.equal(lab.lit, null);
  assert.equal(lit.length, 1);
});
