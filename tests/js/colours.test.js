// Colours that several components share.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clearTint, tint } from "../../cnnlab/ui/components/lib/colours.js";
import { element } from "./page.js";

test("a number's colour goes by its sign and by its share of the largest", () => {
  const cell = element();
  for (const [value, scale, sign, share] of [
    [2, 4, "+", "50%"],
    [-4, 4, "-", "100%"],
    [9, 4, "+", "100%"],
    [0, 4, "0", "0%"],
    [3, 0, "+", "0%"],
  ]) {
    tint(cell, value, scale);
    assert.deepEqual([cell.dataset.sign, cell.properties.get("--tint")], [sign, share]);
  }
  clearTint(cell);
  assert.equal(cell.dataset.sign, undefined);
  assert.equal(cell.properties.has("--tint"), false);
});
