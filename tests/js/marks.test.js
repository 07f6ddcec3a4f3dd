// How a cell of a grid looks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { element } from "./page.js";

const { frameAround, isDrawn, markCell } = await import("../../cnnlab/ui/components/grid_lab/marks.js");

test("what looks as it did is not drawn again", () => {
  const cell = element();
  assert.equal(isDrawn(cell, "7"), false);
  assert.equal(isDrawn(cell, "7"), true);
  cell.drawn = null;
  assert.equal(isDrawn(cell, "7"), false);
});

test("marks come and go with what the step says of a cell", () => {
  const cell = element();
  markCell(cell, { tapped: true, won: true, weight: "×2" });
  assert.deepEqual([...cell.classes], ["tap", "won"]);
  assert.equal(cell.getAttribute("data-weight"), "×2");
  markCell(cell, { tapped: true });
  assert.deepEqual([...cell.classes], ["tap"]);
  assert.equal(cell.getAttribute("data-weight"), null);
  markCell(cell, undefined);
  assert.equal(cell.classes.size, 0);
});

test("the frame lies around the cells that are read, dilated ones included, and hides without any", () => {
  const frame = element();
  const tapped = { tapped: true };
  // Rows 1 and 3, columns 0 and 2 of a grid with 5 columns, of 40 pixels and 3 between them.
  frameAround(
    frame,
    new Map([
      [5, tapped],
      [7, tapped],
      [15, tapped],
      [17, tapped],
      [24, { won: true }],
    ]),
    5,
    [40, 40],
  );
  assert.equal(frame.hidden, false);
  assert.deepEqual(
    [frame.style.transform, frame.style.width, frame.style.height],
    ["translate(0px, 43px)", "126px", "126px"],
  );
  frameAround(frame, new Map([[6, tapped]]), 5, [50, 30]);
  assert.deepEqual(
    [frame.style.transform, frame.style.width, frame.style.height],
    ["translate(53px, 33px)", "50px", "30px"],
  );
  frameAround(frame, new Map([[24, { won: true }]]), 5, [40, 40]);
  assert.equal(frame.hidden, true);
  frameAround(frame, null, 5, [40, 40]);
  assert.equal(frame.hidden, true);
});
